"""Homes that were left by a mouvement, brought back where it is taken back."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from membership import joining
from membership.communities import Community, CommunityState
from membership.joining import Leaving, Membership, MembershipState, Stay
from membership.people import Principal

from ..model.transfer import Home, Transfer
from ..queries import mouvements


def bring_back(
    session: Session,
    transfers: Sequence[Transfer],
    communities: Mapping[UUID, Community],
    principals: Mapping[UUID, Principal],
) -> None:
    """Who left by it belongs there again, unless they have another home since; what they were invited to lapses."""
    _take_back_invitations(session, transfers)
    left = [transfer for transfer in transfers if transfer.home is Home.LEFT]
    pairs = {(each.community_id, each.principal_id) for each in left if each.community_id}
    memberships, stays = mouvements.memberships_in(session, pairs), joining.last_stays(session, pairs)
    settled = mouvements.homes_of(session, [transfer.principal_id for transfer in left])
    back = []
    for community_id, transfer in ((each.community_id, each) for each in left if each.community_id):
        community, pair = communities[community_id], (community_id, transfer.principal_id)
        membership = memberships.get(pair)
        can = _can_come_back(community, membership, stays.get(pair)) and transfer.principal_id not in settled
        transfer.restore_home(is_restored=can)
        if can and membership:
            back.append(membership)
            _return(transfer, community, membership, principals[transfer.principal_id])
    _reopen_stays(session, back, stays)


def _can_come_back(community: Community, membership: Membership | None, stay: Stay | None) -> bool:
    """Who was asked again, came and went of their own will has said what they want."""
    is_left = membership is not None and membership.state is MembershipState.LEFT
    was_moved = stay is not None and stay.leaving is Leaving.TRANSFERRED
    return is_left and was_moved and community.state is not CommunityState.DISSOLVED


def _return(transfer: Transfer, community: Community, membership: Membership, principal: Principal) -> None:
    now = datetime.now(UTC)
    membership.come_back(principal, now=now)
    if community.coordinator_id is None and transfer.mandate_ends_on and transfer.mandate_ends_on > now.date():
        community.gets_back(principal, transfer.mandate_ends_on)


def _take_back_invitations(session: Session, transfers: Sequence[Transfer]) -> None:
    pairs = {(each.invited_to_id, each.principal_id) for each in transfers if each.invited_to_id}
    for membership in mouvements.memberships_in(session, pairs).values():
        if membership.state is MembershipState.INVITED and (membership.community_id, membership.principal_id) in pairs:
            membership.lapse()


def _reopen_stays(
    session: Session, memberships: Collection[Membership], stays: Mapping[tuple[UUID, UUID], Stay]
) -> None:
    """The stay goes on as if it had never ended, on the consent that began it."""
    pairs = {(membership.community_id, membership.principal_id) for membership in memberships}
    consents = mouvements.withdrawn_consents(session, pairs)
    session.add_all(consents[pair].renewed() for pair in pairs & consents.keys())
    for pair in pairs:
        stays[pair].resume()
