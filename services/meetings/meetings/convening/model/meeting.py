"""Meetings: from a plan to a date, to what became of it."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import JSON, Index, Text
from sqlalchemy.orm import Mapped, attribute_keyed_dict, mapped_column, relationship

from meetings.tables import Base
from shared.domain.database import Moment, word_of
from shared.domain.entity import Entity
from shared.domain.erasure import Traces
from shared.domain.lifecycle import HasLifecycle, Lifecycle
from shared.domain.refusals import Fault, Invalid, Refused
from shared.events import MeetingCancelled, MeetingHeld, MeetingRescheduled, MeetingScheduled

from . import agenda as agendas
from .invitation import Answer, Attendance, Invitation
from .people import must_be_known

NOTICE = timedelta(days=7)
HORIZON = timedelta(days=731)


class State(StrEnum):
    PLANNED = "planned"
    SCHEDULED = "scheduled"
    HELD = "held"
    CANCELLED = "cancelled"


LIFECYCLE: Lifecycle = {
    State.PLANNED: frozenset({State.SCHEDULED, State.CANCELLED}),
    State.SCHEDULED: frozenset({State.SCHEDULED, State.HELD, State.CANCELLED}),
    State.HELD: frozenset(),
    State.CANCELLED: frozenset(),
}


class Activity(StrEnum):
    WORKSHOP = "workshop"
    COLLECTIVE_WORK = "collective_work"
    TOOLKIT = "toolkit"
    READING_CLUB = "reading_club"
    CASE_DISCUSSION = "case_discussion"
    WEBINAR = "webinar"
    EXPERT_TALK = "expert_talk"
    NETWORKING = "networking"
    FORMAL_MEETING = "formal_meeting"


class Modality(StrEnum):
    IN_PERSON = "in_person"
    REMOTE = "remote"
    HYBRID = "hybrid"


ATTENDANCES = {
    Modality.IN_PERSON: {None, Attendance.IN_PERSON},
    Modality.REMOTE: {None, Attendance.REMOTE},
    Modality.HYBRID: {None, Attendance.IN_PERSON, Attendance.REMOTE},
}


class Meeting(HasLifecycle, Entity, Base):
    """Members of a community come together. Once held or cancelled, it never changes again.

    `calendar_sequence` is the SEQUENCE of RFC 5545: it rises with all that a calendar must be told.
    """

    __tablename__ = "meeting"
    thing, lifecycle = "meeting", LIFECYCLE

    community_id: Mapped[UUID]
    convener_id: Mapped[UUID] = mapped_column(index=True)
    state: Mapped[State] = mapped_column(word_of(State))
    subject: Mapped[str]
    activity: Mapped[Activity] = mapped_column(word_of(Activity))
    modality: Mapped[Modality] = mapped_column(word_of(Modality))
    agenda: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    duration_minutes: Mapped[int]
    zone: Mapped[str]
    starts_at: Mapped[datetime | None] = mapped_column(Moment)
    place: Mapped[str | None]
    calendar_sequence: Mapped[int] = mapped_column(default=0)
    held_at: Mapped[datetime | None] = mapped_column(Moment)
    cancellation_reason: Mapped[str | None] = mapped_column(Text)

    invitations: Mapped[dict[UUID, Invitation]] = relationship(
        lazy="raise", cascade="all, delete-orphan", collection_class=attribute_keyed_dict("principal_id")
    )

    __table_args__ = (Index(None, "community_id", "id"),)

    @property
    def ends_at(self) -> datetime | None:
        return self.starts_at and self.starts_at + timedelta(minutes=self.duration_minutes)

    def takes_answers(self, now: datetime) -> bool:
        return self.state is State.SCHEDULED and self.ends_at is not None and now < self.ends_at

    @classmethod
    def plan(
        cls, *, agenda: Sequence[dict[str, Any]], zone: str, member_ids: Collection[UUID], **wish: Any
    ) -> "Meeting":
        """A meeting without a date, of which nobody is told yet. `wish` holds the other fields."""
        if zone not in _zones():
            raise Invalid("meeting.unknown_zone", faults=[Fault("meeting.no_such_zone", field="zone", value=zone)])
        items = agendas.complete(agenda, member_ids)
        return cls(state=State.PLANNED, calendar_sequence=0, invitations={}, agenda=items, zone=zone, **wish)

    def schedule(self, starts_at: datetime, place: str, *, invitee_ids: Collection[UUID], now: datetime) -> None:
        """Fix the date and invite the members, who are owed a week's notice."""
        self._must_be(State.PLANNED)
        _must_leave_notice(starts_at, now)
        if not invitee_ids:
            raise Refused("meeting.nobody_to_invite")
        self._become(State.SCHEDULED)
        self.starts_at, self.place = starts_at.astimezone(UTC), place
        self._invite(invitee_ids)
        self.record(MeetingScheduled(**self._convocation()))

    def reschedule(
        self,
        *,
        invitee_ids: Collection[UUID],
        now: datetime,
        starts_at: datetime | None = None,
        duration_minutes: int | None = None,
        place: str | None = None,
    ) -> None:
        """Move it, or name another place. A new time owes a week's notice again and asks everybody anew."""
        self._must_be(State.SCHEDULED)
        previous = (self.date(), self.duration_minutes, self.place)
        wish = (starts_at or previous[0], duration_minutes or self.duration_minutes, place or self.place)
        is_moved = wish[:2] != previous[:2]
        self._must_be_movable(wish != previous, is_moved, wish[0], now)
        self._become(State.SCHEDULED)
        self.starts_at, self.duration_minutes, self.place = wish[0].astimezone(UTC), *wish[1:]
        self.calendar_sequence += 1
        self._invite(invitee_ids)
        self._ask_again(is_moved)
        self.record(MeetingRescheduled(**self._convocation(), previous_starts_at=previous[0]))

    def cancel(self, reason: str) -> None:
        """Call it off. Who was invited is told; of a mere plan nobody had heard."""
        self._must_be_able_to_become(State.CANCELLED)
        was_scheduled = self.state is State.SCHEDULED
        self._become(State.CANCELLED)
        self.cancellation_reason = reason
        self.calendar_sequence += was_scheduled
        if was_scheduled:
            self.record(MeetingCancelled(**self._convocation(), reason=reason))

    def answer(self, principal_id: UUID, answer: Answer, attendance: Attendance | None, *, now: datetime) -> None:
        """One member says whether they will come: while it is ahead, and for themselves alone."""
        self._must_be(State.SCHEDULED)
        if not self.takes_answers(now):
            raise Refused("meeting.over")
        if principal_id not in self.invitations:
            raise Refused("meeting.not_invited")
        self._must_offer(attendance)
        self.invitations[principal_id].say(answer, attendance, community_id=self.community_id, now=now)

    def hold(
        self, present_ids: Sequence[UUID], *, member_ids: Collection[UUID], now: datetime, may_be_early: bool
    ) -> None:
        """Write down who came. Presence is personal: nobody is present for somebody else."""
        self._must_be_able_to_become(State.HELD)
        if now < self.date() and not may_be_early:
            raise Refused("meeting.not_begun")
        named = [(f"present_ids.{place}", somebody) for place, somebody in enumerate(present_ids)]
        must_be_known(named, {*self.invitations, *member_ids}, "meeting.unknown_attendee")
        self._become(State.HELD)
        self.held_at = now
        self._invite({*self.invitations, *present_ids})
        self._note_presence(set(present_ids))
        present = list(dict.fromkeys(present_ids))
        about = {"meeting_id": self.id, "community_id": self.community_id}
        self.record(MeetingHeld(**about, present_ids=present, held_at=now, activity=self.activity))

    def leave_out(self, traces: Traces) -> None:
        """Somebody is erased: the one change that what was held or cancelled still undergoes."""
        self.subject, self.agenda = traces.gone_from(self.subject), traces.gone_from_all(self.agenda)
        self.place = self.place and traces.gone_from(self.place)
        self.cancellation_reason = self.cancellation_reason and traces.gone_from(self.cancellation_reason)

    def _must_be(self, state: State) -> None:
        if self.state is not state:
            raise Refused("meeting.wrong_state", state=self.state)

    def _must_be_movable(self, is_changed: bool, is_moved: bool, starts_at: datetime, now: datetime) -> None:
        if not is_changed:
            raise Refused("meeting.unchanged")
        if is_moved:
            _must_leave_notice(starts_at, now)
        _must_be_ahead(starts_at, now)

    def _must_offer(self, attendance: Attendance | None) -> None:
        if attendance not in ATTENDANCES[self.modality]:
            fault = Fault("meeting.held_otherwise", field="attendance", facts={"modality": self.modality})
            raise Invalid("meeting.no_such_attendance", faults=[fault])

    def date(self) -> datetime:
        """Of a meeting that has one; refuses a mere plan."""
        if self.starts_at is None:
            raise Refused("meeting.wrong_state", state=self.state)
        return self.starts_at

    def _invite(self, principal_ids: Collection[UUID]) -> None:
        """Exactly these: who is already invited stays so, answer and all; who is not named no longer is."""
        for gone in [already for already in self.invitations if already not in principal_ids]:
            del self.invitations[gone]
        for new in [somebody for somebody in principal_ids if somebody not in self.invitations]:
            self.invitations[new] = Invitation(meeting_id=self.id, principal_id=new)

    def _ask_again(self, is_moved: bool) -> None:
        for invitation in self.invitations.values() if is_moved else ():
            invitation.ask_again()

    def _note_presence(self, present_ids: set[UUID]) -> None:
        for principal_id, invitation in self.invitations.items():
            invitation.note_presence(principal_id in present_ids)

    def _convocation(self) -> dict[str, Any]:
        """What every event about its time and place says."""
        return {
            "meeting_id": self.id,
            "community_id": self.community_id,
            "convener_id": self.convener_id,
            "invitee_ids": sorted(self.invitations),
            "subject": self.subject,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "zone": self.zone,
            "place": self.place,
            "calendar_sequence": self.calendar_sequence,
        }


def _must_leave_notice(starts_at: datetime, now: datetime) -> None:
    _must_be_ahead(starts_at, now)
    if starts_at - now < NOTICE:
        raise Refused("meeting.too_soon", days=NOTICE.days)
    if starts_at - now > HORIZON:
        raise Refused("meeting.too_far", days=HORIZON.days)


def _must_be_ahead(starts_at: datetime, now: datetime) -> None:
    if starts_at <= now:
        raise Refused("meeting.in_the_past")


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
