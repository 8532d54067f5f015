"""Communities and who belongs to them: nobody without their own yes."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Self
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from shared.domain.database import Moment, word_of
from shared.domain.entity import Entity
from shared.domain.lifecycle import HasLifecycle, Lifecycle
from shared.domain.refusals import Invalid, Refused
from shared.events import (
    CommunityPlanned,
    InvitationDeclined,
    InvitationLapsed,
    MemberInvited,
    MemberJoined,
    MemberLeft,
)

from .organisation import Delegation
from .people import Principal
from .tables import Base


class CommunityState(StrEnum):
    PLANNED = "planned"
    FORMING = "forming"
    ACTIVE = "active"
    DORMANT = "dormant"
    DISSOLVED = "dissolved"


C = CommunityState


class Community(HasLifecycle, Entity, Base):
    """A group of peers of one Delegation; it has at most one coordinator, who was elected and confirmed."""

    __tablename__ = "community"
    thing = "community"
    lifecycle: ClassVar[Lifecycle] = {
        C.PLANNED: frozenset({C.FORMING, C.DISSOLVED}),
        C.FORMING: frozenset({C.ACTIVE, C.DISSOLVED}),
        C.ACTIVE: frozenset({C.DORMANT, C.DISSOLVED}),
        C.DORMANT: frozenset({C.ACTIVE, C.DISSOLVED}),
        C.DISSOLVED: frozenset(),
    }

    delegation_id: Mapped[UUID] = mapped_column(ForeignKey(Delegation.id), index=True)
    state: Mapped[CommunityState] = mapped_column(word_of(CommunityState))
    name_fr: Mapped[str]
    name_ar: Mapped[str]
    is_home: Mapped[bool]
    quorum_percent: Mapped[int]
    mandate_months: Mapped[int]
    coordinator_id: Mapped[UUID | None] = mapped_column(ForeignKey(Principal.id), index=True)
    mandate_ends_on: Mapped[date | None]

    @classmethod
    def plan(
        cls, delegation_id: UUID, *, name_fr: str, name_ar: str, is_home: bool, quorum_percent: int, mandate_months: int
    ) -> Self:
        community = cls(
            delegation_id=delegation_id,
            state=C.PLANNED,
            name_fr=name_fr,
            name_ar=name_ar,
            is_home=is_home,
            quorum_percent=quorum_percent,
            mandate_months=mandate_months,
        )
        event = CommunityPlanned(
            community_id=community.id, delegation_id=delegation_id, name_fr=name_fr, name_ar=name_ar
        )
        community.record(event)
        return community

    def form(self) -> None:
        """The first invitations go out."""
        if self.state is C.DISSOLVED:
            raise Refused("community.dissolved")
        if self.state is C.PLANNED:
            self._become(C.FORMING)

    def is_coordinated_by(self, coordinator_id: UUID, mandate_ends_on: date) -> None:
        self.coordinator_id, self.mandate_ends_on = coordinator_id, mandate_ends_on

    def loses(self, principal_id: UUID) -> None:
        """A member has left; a community whose coordinator leaves has none."""
        if self.coordinator_id == principal_id:
            self.coordinator_id = self.mandate_ends_on = None


class MembershipState(StrEnum):
    INVITED = "invited"
    MEMBER = "member"
    DECLINED = "declined"
    LAPSED = "lapsed"
    LEFT = "left"


M = MembershipState
LONGEST_WAIT = timedelta(days=366)
AT_HOME = text("state = 'member' AND is_home")
ENDED = text("state IN ('declined', 'lapsed')")


class Membership(HasLifecycle, Entity, Base):
    """A principal in a community. Only their own yes, with date and channel, makes them a member; one home at most."""

    __tablename__ = "membership"
    thing = "membership"
    lifecycle: ClassVar[Lifecycle] = {
        M.INVITED: frozenset({M.MEMBER, M.DECLINED, M.LAPSED}),
        M.MEMBER: frozenset({M.LEFT}),
        M.DECLINED: frozenset({M.INVITED}),
        M.LAPSED: frozenset({M.INVITED}),
        M.LEFT: frozenset({M.INVITED}),
    }

    community_id: Mapped[UUID] = mapped_column(ForeignKey(Community.id))
    principal_id: Mapped[UUID] = mapped_column(ForeignKey(Principal.id), index=True)
    is_home: Mapped[bool]
    state: Mapped[MembershipState] = mapped_column(word_of(MembershipState))
    answer_by: Mapped[datetime] = mapped_column(Moment)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    channel: Mapped[str | None]
    left_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        UniqueConstraint("community_id", "principal_id"),
        Index("uq_membership_home", "principal_id", unique=True, postgresql_where=AT_HOME, sqlite_where=AT_HOME),
        Index(
            "ix_membership_answer_by",
            "answer_by",
            postgresql_where=text("state = 'invited'"),
            sqlite_where=text("state = 'invited'"),
        ),
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
        )
        membership._tell_invited()
        return membership

    def invite_again(self, *, answer_by: datetime, now: datetime) -> None:
        _demand_in_time(answer_by, now)
        self._become(M.INVITED)
        self.answer_by, self.answered_at, self.channel, self.left_at = answer_by, None, None, None
        self._tell_invited()

    def accept(self, principal: Principal, *, channel: str, now: datetime) -> None:
        """The yes, after the six attitudes were shown."""
        self._demand_open(now)
        self._become(M.MEMBER)
        self.answered_at, self.channel = now, channel
        event = MemberJoined(
            community_id=self.community_id,
            principal_id=principal.id,
            name_fr=principal.name_fr,
            name_ar=principal.name_ar,
            joined_at=now,
        )
        self.record(event)

    def decline(self, *, channel: str, now: datetime) -> None:
        self._demand_open(now)
        self._become(M.DECLINED)
        self.answered_at, self.channel = now, channel
        self.record(InvitationDeclined(community_id=self.community_id, principal_id=self.principal_id))

    def lapse(self) -> None:
        self._become(M.LAPSED)
        self.record(InvitationLapsed(community_id=self.community_id, principal_id=self.principal_id))

    def leave(self, *, now: datetime) -> None:
        self._become(M.LEFT)
        self.left_at = now
        self.record(MemberLeft(community_id=self.community_id, principal_id=self.principal_id, left_at=now))

    def is_open(self, now: datetime) -> bool:
        """Is an answer awaited, and still taken?"""
        return self.state is M.INVITED and now <= self.answer_by

    def _demand_open(self, now: datetime) -> None:
        if self.state is M.INVITED and now > self.answer_by:
            raise Refused("membership.invitation_lapsed")

    def _tell_invited(self) -> None:
        event = MemberInvited(community_id=self.community_id, principal_id=self.principal_id, answer_by=self.answer_by)
        self.record(event)


def _demand_in_time(answer_by: datetime, now: datetime) -> None:
    if answer_by <= now:
        raise Invalid("invitation.answer_by_past")
    if answer_by - now > LONGEST_WAIT:
        raise Invalid("invitation.answer_by_far", days=LONGEST_WAIT.days)
