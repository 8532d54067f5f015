"""Who belongs to a community: whoever said yes to an invitation, or asked and was taken in. Nobody else."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Self
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from membership.communities import Community
from membership.ground import Base
from membership.people import Principal
from shared.domain.database import Moment, word_of
from shared.domain.entity import Entity
from shared.domain.erasure import Traces
from shared.domain.lifecycle import HasLifecycle, Lifecycle
from shared.domain.refusals import Invalid, Refused
from shared.events import (
    CircleChanged,
    InvitationDeclined,
    InvitationLapsed,
    JoinLapsed,
    JoinRefused,
    JoinRequested,
    JoinWithdrawn,
    MemberInvited,
    MemberJoined,
    MemberLeft,
)

from .circle import Circle
from .leaving import Leaving


class MembershipState(StrEnum):
    INVITED = "invited"
    REQUESTED = "requested"
    MEMBER = "member"
    DECLINED = "declined"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    LEFT = "left"


class Unanswered(StrEnum):
    """Why nobody answers a request any more."""

    IN_TIME = "unanswered"
    DISSOLVED = "dissolved"


M = MembershipState
LONGEST_WAIT = timedelta(days=366)
REQUEST_WAITS = timedelta(days=60)  # for an answer; after that it lapses, and can be made again
AGAIN = frozenset({M.INVITED, M.REQUESTED})
AT_HOME = text("state = 'member' AND is_home")
ENDED = text("state IN ('declined', 'lapsed', 'refused', 'withdrawn')")
WAITING = text("state IN ('invited', 'requested')")


class Membership(HasLifecycle, Entity, Base):
    """A principal in a community. Only their own yes, with date and channel, makes them a member; one home at most.

    The yes comes after an invitation, or before they are taken in, with their request. `circle` says how close to the
    core a member is; `circle_choice` is their own word on it, which counts first.
    """

    __tablename__ = "membership"
    thing = "membership"
    lifecycle: ClassVar[Lifecycle] = {
        M.INVITED: frozenset({M.MEMBER, M.DECLINED, M.LAPSED}),
        M.REQUESTED: frozenset({M.MEMBER, M.REFUSED, M.WITHDRAWN, M.LAPSED}),
        M.MEMBER: frozenset({M.LEFT}),
        M.DECLINED: AGAIN,
        M.REFUSED: AGAIN,
        M.WITHDRAWN: AGAIN,
        M.LAPSED: AGAIN,
        M.LEFT: AGAIN | {M.MEMBER},
    }

    community_id: Mapped[UUID] = mapped_column(ForeignKey(Community.id))
    principal_id: Mapped[UUID] = mapped_column(ForeignKey(Principal.id), index=True)
    is_home: Mapped[bool]
    state: Mapped[MembershipState] = mapped_column(word_of(MembershipState))
    answer_by: Mapped[datetime] = mapped_column(Moment)
    requested_at: Mapped[datetime | None] = mapped_column(Moment)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    channel: Mapped[str | None]
    refusal_reason: Mapped[str | None]
    joined_at: Mapped[datetime | None] = mapped_column(Moment)
    left_at: Mapped[datetime | None] = mapped_column(Moment)
    circle: Mapped[Circle] = mapped_column(word_of(Circle), default=Circle.OUTER)
    circle_choice: Mapped[Circle | None] = mapped_column(word_of(Circle))

    __table_args__ = (
        UniqueConstraint("community_id", "principal_id"),
        Index("uq_membership_home", "principal_id", unique=True, postgresql_where=AT_HOME, sqlite_where=AT_HOME),
        Index("ix_membership_answer_by", "answer_by", postgresql_where=WAITING, sqlite_where=WAITING),
        Index("ix_membership_ended", "answer_by", postgresql_where=ENDED, sqlite_where=ENDED),
    )

    @property
    def partition_key(self) -> str:
        # Who joins and leaves is heard in order with who coordinates: a coordinator who has left is none.
        return str(self.community_id)

    @classmethod
    def invite(cls, community: Community, principal_id: UUID, *, answer_by: datetime, now: datetime) -> Self:
        _demand_in_time(answer_by, now)
        membership = cls(
            community_id=community.id,
            principal_id=principal_id,
            is_home=community.is_home,
            state=M.INVITED,
            answer_by=answer_by,
            circle=Circle.OUTER,
        )
        membership._tell_invited()
        return membership

    def invite_again(self, *, answer_by: datetime, now: datetime) -> None:
        _demand_in_time(answer_by, now)
        self._become(M.INVITED)
        self._begin_anew(answer_by)
        self._tell_invited()

    def accept(self, principal: Principal, *, channel: str, now: datetime) -> None:
        """The yes, after the six attitudes were shown."""
        self._demand_open(now)
        self._join(principal, now)
        self.answered_at, self.channel = now, channel

    def decline(self, *, channel: str, now: datetime) -> None:
        self._demand_open(now)
        self._become(M.DECLINED)
        self.answered_at, self.channel = now, channel
        self.record(InvitationDeclined(community_id=self.community_id, principal_id=self.principal_id))

    def lapse(self, why: Unanswered = Unanswered.IN_TIME) -> None:
        """Nobody answered: they an invitation, or the community their request."""
        requested_at = self.requested_at if self.state is M.REQUESTED else None
        self._become(M.LAPSED)
        pair = {"community_id": self.community_id, "principal_id": self.principal_id}
        if requested_at:
            self.record(JoinLapsed(**pair, requested_at=requested_at, reason=why.value))
        else:
            self.record(InvitationLapsed(**pair))

    def leave(self, leaving: Leaving = Leaving.LEFT, *, now: datetime) -> None:
        self._become(M.LEFT)
        self.left_at = now
        pair = {"community_id": self.community_id, "principal_id": self.principal_id}
        self.record(MemberLeft(**pair, left_at=now, reason=leaving.value))

    def come_back(self, principal: Principal, *, now: datetime) -> None:
        """What had ended it was not their doing and was taken back: their yes still holds."""
        self._become(M.MEMBER)
        self.left_at = None
        self._tell_joined(principal, now)

    @classmethod
    def request(cls, community: Community, principal_id: UUID, *, channel: str, now: datetime) -> Self:
        """Their yes, said before they are asked."""
        membership = cls(
            community_id=community.id,
            principal_id=principal_id,
            is_home=community.is_home,
            state=M.REQUESTED,
            circle=Circle.OUTER,
        )
        membership._ask(channel, now)
        return membership

    def request_again(self, *, channel: str, now: datetime) -> None:
        self._become(M.REQUESTED)
        self._ask(channel, now)

    def admit(self, principal: Principal, *, now: datetime) -> None:
        """Taken in, on the yes that came with their request."""
        self._must_be(M.REQUESTED)
        if now > self.answer_by:
            raise Refused("membership.request_lapsed")
        self._join(principal, now)

    def refuse(self, reason: str) -> None:
        self._become(M.REFUSED)
        self.refusal_reason = reason
        self.record(JoinRefused(community_id=self.community_id, principal_id=self.principal_id, reason=reason))

    def withdraw(self) -> None:
        """They no longer ask."""
        self._become(M.WITHDRAWN)
        self.record(JoinWithdrawn(community_id=self.community_id, principal_id=self.principal_id))

    def choose_circle(self, choice: Circle | None) -> None:
        """Who lifts their choice goes on from there, by what they take part in."""
        self._must_be(M.MEMBER)
        self.circle_choice = choice
        self._stand_in(choice or self.circle)

    def moves_to(self, circle: Circle) -> None:
        """Where what they take part in has brought them; their own choice counts first."""
        self._must_be(M.MEMBER)
        self._stand_in(self.circle_choice or circle)

    def leave_out(self, traces: Traces) -> None:
        """Somebody is erased; what was written stays, without them."""
        self.refusal_reason = self.refusal_reason and traces.gone_from(self.refusal_reason)

    def forget_refusal(self) -> None:
        """Why they were refused is theirs alone, and goes with them."""
        self.refusal_reason = None

    def is_open(self, now: datetime) -> bool:
        """Is an answer awaited, and still taken?"""
        return self.state is M.INVITED and now <= self.answer_by

    def _ask(self, channel: str, now: datetime) -> None:
        self._begin_anew(now + REQUEST_WAITS)
        self.requested_at = self.answered_at = now
        self.channel = channel
        told = {"community_id": self.community_id, "principal_id": self.principal_id}
        self.record(JoinRequested(**told, requested_at=now))

    def _join(self, principal: Principal, now: datetime) -> None:
        self._become(M.MEMBER)
        self.joined_at = now
        self._tell_joined(principal, now)

    def _begin_anew(self, answer_by: datetime) -> None:
        """Of what came before nothing is left here; that they once belonged is kept elsewhere."""
        self.answer_by = answer_by
        self.requested_at = self.answered_at = self.channel = self.refusal_reason = None
        self.joined_at = self.left_at = self.circle_choice = None
        self.circle = Circle.OUTER

    def _stand_in(self, circle: Circle) -> None:
        if circle is not self.circle:
            self.circle = circle
            told = {"community_id": self.community_id, "principal_id": self.principal_id}
            self.record(CircleChanged(**told, circle=circle.value))

    def _must_be(self, state: MembershipState) -> None:
        if self.state is not state:
            raise Refused("membership.wrong_state", state=self.state)

    def _demand_open(self, now: datetime) -> None:
        self._must_be(M.INVITED)
        if now > self.answer_by:
            raise Refused("membership.invitation_lapsed")

    def _tell_joined(self, principal: Principal, now: datetime) -> None:
        event = MemberJoined(
            community_id=self.community_id,
            principal_id=principal.id,
            name_fr=principal.name_fr,
            name_ar=principal.name_ar,
            joined_at=now,
        )
        self.record(event)

    def _tell_invited(self) -> None:
        event = MemberInvited(community_id=self.community_id, principal_id=self.principal_id, answer_by=self.answer_by)
        self.record(event)


def _demand_in_time(answer_by: datetime, now: datetime) -> None:
    if answer_by <= now:
        raise Invalid("invitation.answer_by_past")
    if answer_by - now > LONGEST_WAIT:
        raise Invalid("invitation.answer_by_far", days=LONGEST_WAIT.days)
