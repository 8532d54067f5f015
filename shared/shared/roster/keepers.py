"""What is written down when membership tells of a community; played again from the past, it gives the same rows."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from shared import events
from shared.domain import units
from shared.messaging.subscriptions import Table

from .tables import Accompaniment, Community, Member, State


class UnknownCommunity(LookupError):
    """Something was told of a community before the community itself: try again later."""


class UnknownMember(LookupError):
    """Somebody left before they were known to have joined: try again later."""


STATES = {
    events.CommunityActivated: State.ACTIVE,
    events.CommunityWentDormant: State.DORMANT,
    events.CommunityDissolved: State.DISSOLVED,
}


@dataclass(frozen=True)
class Keepers:
    """The three tables as one service has them, and what writes in them."""

    communities: type[Community]
    members: type[Member]
    accompaniments: type[Accompaniment]

    @property
    def keepers(self) -> Table:
        return {
            events.DelegationRegistered: know_unit,
            events.CommunityPlanned: self.know_community,
            events.CommunityMoved: self.know_place,
            events.CommunityActivated: self.know_state,
            events.CommunityWentDormant: self.know_state,
            events.CommunityDissolved: self.know_state,
            events.CoordinatorConfirmed: self.know_coordinator,
            events.CompanionGiven: self.know_companion,
            events.CompanionWithdrawn: self.let_companion_go,
            events.MemberJoined: self.know_member,
            events.MemberLeft: self.let_member_go,
            events.PrincipalErased: self.forget_names,
        }

    def know_community(self, session: Session, event: events.CommunityPlanned) -> None:
        """Told again, it corrects the names and leaves the rest."""
        found = session.get(self.communities, event.community_id) or self.communities()
        found.id, found.state = event.community_id, found.state or State.PLANNED
        found.delegation_id, found.name_fr, found.name_ar = event.delegation_id, event.name_fr, event.name_ar
        session.add(found)

    def know_place(self, session: Session, event: events.CommunityMoved) -> None:
        self._known(session, event).delegation_id = event.delegation_id

    def know_state(self, session: Session, event: Any) -> None:
        self._known(session, event).become(STATES[type(event)])

    def know_coordinator(self, session: Session, event: events.CoordinatorConfirmed) -> None:
        self._known(session, event).coordinator_id = event.principal_id

    def _known(self, session: Session, event: Any) -> Community:
        """Locked, so that nobody counts its members meanwhile."""
        found = session.get(self.communities, event.community_id, with_for_update=True)
        if found is None:
            raise UnknownCommunity(event.community_id)
        return found

    def know_companion(self, session: Session, event: events.CompanionGiven) -> None:
        self._accompaniment(session, event).become(event.given_at, has_ended=False)

    def let_companion_go(self, session: Session, event: events.CompanionWithdrawn) -> None:
        self._accompaniment(session, event).become(event.withdrawn_at, has_ended=True)

    def _accompaniment(self, session: Session, event: Any) -> Accompaniment:
        key = {"community_id": event.community_id, "companion_id": event.companion_id}
        found = session.get(self.accompaniments, key) or self.accompaniments(**key)
        session.add(found)
        return found

    def know_member(self, session: Session, event: events.MemberJoined) -> None:
        key = {"community_id": event.community_id, "principal_id": event.principal_id}
        member = session.get(self.members, key) or self.members(**key)
        member.join(event.name_fr, event.name_ar, event.joined_at)
        session.add(member)

    def let_member_go(self, session: Session, event: events.MemberLeft) -> None:
        """No longer a member, no longer coordinator; what they said and wrote stays theirs."""
        community = session.get(self.communities, event.community_id, with_for_update=True)
        member = session.get(self.members, (event.community_id, event.principal_id))
        if member is None:
            raise UnknownMember(event.principal_id)
        member.leave(event.left_at)
        if community and community.coordinator_id == event.principal_id:
            community.coordinator_id = None

    def forget_names(self, session: Session, event: events.PrincipalErased) -> None:
        """Who was erased is a former member to everybody."""
        names = {"name_fr": events.FORMER_MEMBER.name_fr, "name_ar": events.FORMER_MEMBER.name_ar}
        session.execute(update(self.members).where(self.members.principal_id == event.principal_id).values(names))


def know_unit(session: Session, event: events.DelegationRegistered) -> None:
    units.place(session, event.delegation_id, event.academy_id)
