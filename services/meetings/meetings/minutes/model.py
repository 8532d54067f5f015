"""Minutes: the traces of a meeting."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from meetings.convening import Meeting, MeetingState, must_be_known
from meetings.tables import Base
from shared.domain.database import word_of
from shared.domain.entity import Entity
from shared.domain.erasure import Traces
from shared.domain.lifecycle import HasLifecycle, Lifecycle
from shared.domain.refusals import Fault, Invalid, Refused
from shared.events import MinutesPublished


class State(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"


LIFECYCLE: Lifecycle = {
    State.DRAFT: frozenset({State.PUBLISHED}),
    State.PUBLISHED: frozenset(),
}


class Minutes(HasLifecycle, Entity, Base):
    """What came of one meeting. Once published they stand; the discussion never leaves the community."""

    __tablename__ = "minutes"
    thing, lifecycle = "minutes", LIFECYCLE

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), unique=True)
    state: Mapped[State] = mapped_column(word_of(State))
    summary: Mapped[str] = mapped_column(Text)
    discussion: Mapped[str] = mapped_column(Text)
    decisions: Mapped[list[str]] = mapped_column(JSON)
    actions: Mapped[list[dict[str, Any]]] = mapped_column(JSON)

    @property
    def partition_key(self) -> str:
        return str(self.meeting_id)

    @classmethod
    def open(cls, meeting: Meeting) -> "Minutes":
        """Blank minutes. They may be begun at the table, before the meeting is said to have been held."""
        if meeting.state not in (MeetingState.SCHEDULED, MeetingState.HELD):
            raise Refused("minutes.no_meeting", state=meeting.state)
        return cls(meeting_id=meeting.id, state=State.DRAFT, summary="", discussion="", decisions=[], actions=[])

    def write(
        self,
        *,
        summary: str,
        discussion: str,
        decisions: Sequence[str],
        actions: Sequence[dict[str, Any]],
        member_ids: Collection[UUID],
    ) -> None:
        """Replace the whole draft. An action is somebody's: a member's."""
        self._must_be_able_to_become(State.PUBLISHED)
        doers = [(f"actions.{place}.by", action["by"]) for place, action in enumerate(actions)]
        must_be_known(doers, member_ids, "minutes.unknown_doer")
        self.summary, self.discussion, self.decisions = summary, discussion, list(decisions)
        self.actions = [
            {"what": action["what"], "by": str(action["by"]), "due_on": action["due_on"].isoformat()}
            for action in actions
        ]

    def publish(self, *, meeting: Meeting, reader_ids: Collection[UUID]) -> None:
        """Let the members read them. Only of a meeting that took place, and not without a summary."""
        self._must_be_able_to_become(State.PUBLISHED)
        if meeting.state is not MeetingState.HELD:
            raise Refused("minutes.meeting_not_held")
        if not self.summary:
            raise Invalid("minutes.incomplete", faults=[Fault("field.blank", field="summary")])
        self._become(State.PUBLISHED)
        self.record(self._publication(meeting, reader_ids))

    def _publication(self, meeting: Meeting, reader_ids: Collection[UUID]) -> MinutesPublished:
        return MinutesPublished(
            meeting_id=meeting.id,
            community_id=meeting.community_id,
            reader_ids=sorted(reader_ids),
            subject=meeting.subject,
            starts_at=meeting.date(),
            zone=meeting.zone,
            summary=self.summary,
            decisions=list(self.decisions),
        )

    def leave_out(self, traces: Traces) -> None:
        """Somebody is erased: what was decided and done stands, without their name."""
        self.summary, self.discussion = traces.gone_from(self.summary), traces.gone_from(self.discussion)
        self.decisions, self.actions = traces.gone_from_all(self.decisions), traces.gone_from_all(self.actions)

    def read(self, *, as_member: bool) -> "MinutesAsRead":
        """What a reader sees. What was said in a community is not readable above it."""
        return MinutesAsRead(
            edition=self.edition if as_member else f"{self.edition}.outside",
            meeting_id=self.meeting_id,
            state=self.state,
            summary=self.summary,
            discussion=self.discussion if as_member else None,
            decisions=self.decisions,
            actions=self.actions,
        )


@dataclass(frozen=True)
class MinutesAsRead:
    """The minutes as one reader may see them; `edition` tells apart what is shown within and outside."""

    edition: str
    meeting_id: UUID
    state: State
    summary: str
    discussion: str | None
    decisions: list[str]
    actions: list[dict[str, Any]]
