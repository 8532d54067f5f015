"""What is asked of a roster: by policies how a caller stands to a community, by use cases who belongs to it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from shared.domain import units
from shared.domain.actor import Actor, Role
from shared.domain.policy import Row, anywhere
from shared.messaging.archiving import Holding

from .keepers import Keepers
from .tables import Community, Member

COMMUNITY = ("id", "name_fr", "name_ar")
MEMBERSHIP = ("community_id", "name_fr", "name_ar", "joined_at", "has_left")


@dataclass(frozen=True)
class CommunityCard:
    """A community at a glance."""

    community: Community
    member_count: int


class Roster(Keepers):
    """The relations ask a thing for its `community_id`; `offices` and `sees` are rows of a policy."""

    def in_reach(self, session: Session, actor: Actor, thing: Any) -> bool:
        """The community belongs to the caller's unit or to one below it."""
        community = session.get(self.communities, thing.community_id)
        return community is not None and units.reaches(session, actor, community.delegation_id)

    def member(self, session: Session, actor: Actor, thing: Any) -> bool:
        return self.member_of(session, actor, thing.community_id) is not None

    def coordinator(self, session: Session, actor: Actor, thing: Any) -> bool:
        """Elected, and confirmed by the Delegation."""
        community = session.get(self.communities, thing.community_id)
        return community is not None and actor.is_(community.coordinator_id)

    def companion(self, session: Session, actor: Actor, thing: Any) -> bool:
        """The community was given to the caller to accompany."""
        given = session.get(self.accompaniments, (thing.community_id, actor.person_id)) if actor.person_id else None
        return given is not None and not given.has_ended

    @property
    def offices(self) -> Row:
        by_reach = (Role.ACADEMY_OFFICER, Role.DELEGATION_OFFICER, Role.PORTAL)
        return {Role.MINISTRY_ADMINISTRATOR: anywhere, **dict.fromkeys(by_reach, self.in_reach)}

    @property
    def sees(self) -> Row:
        return {**self.offices, Role.COMPANION: self.companion, Role.PRINCIPAL: self.member}

    @property
    def current(self) -> ColumnElement[bool]:
        """Rows of members who have not left."""
        return self.members.has_left.is_(False)

    def member_of(self, session: Session, actor: Actor, community_id: UUID) -> Member | None:
        """The caller as a current member of this community."""
        found = session.get(self.members, (community_id, actor.principal_id)) if actor.principal_id else None
        return found if found and not found.has_left else None

    def member_ids(self, session: Session, community_id: UUID) -> list[UUID]:
        current = select(self.members.principal_id).where(self.members.community_id == community_id, self.current)
        return list(session.scalars(current.order_by(self.members.principal_id)))

    def card(self, session: Session, community: Community) -> CommunityCard:
        of_it = select(func.count()).where(self.members.community_id == community.id, self.current)
        return CommunityCard(community, session.scalar(of_it) or 0)

    def ever_in(self, principal_id: UUID) -> Select[UUID]:
        """The communities that somebody belongs to, or did."""
        return select(self.members.community_id).where(self.members.principal_id == principal_id)

    def holdings(self, principal_id: UUID) -> Iterator[Holding]:
        """For the archive that they are owed."""
        belongs = select(self.members).where(self.members.principal_id == principal_id)
        yield Holding("memberships", belongs, self.members.community_id, MEMBERSHIP)
        theirs = select(self.communities).where(self.communities.id.in_(self.ever_in(principal_id)))
        yield Holding("communities", theirs, self.communities.id, COMMUNITY)
        coordinated = select(self.communities).where(self.communities.coordinator_id == principal_id)
        yield Holding("coordinated_communities", coordinated, self.communities.id, COMMUNITY)

    def names_of(self, session: Session, principal_id: UUID) -> Sequence[Sequence[str]]:
        """Pairs of a French and an Arabic one, as they are called in their communities."""
        named = select(self.members.name_fr, self.members.name_ar).where(self.members.principal_id == principal_id)
        return session.execute(named.distinct()).all()
