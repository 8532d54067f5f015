"""Questions about mouvements: whom and what a list names, what stands in its way, and what hangs on the movers."""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session

from membership.communities import KEEPS_ITS_KEY, Community, CommunityState
from membership.joining import Consent, ConsentState, Membership, MembershipState, communities_held
from membership.organisation import School, Standing
from membership.people import Office, Posting, Principal, within
from shared.domain.database import among

from ..model.transfer import Neighbourhood, Transfer

ASKED = (MembershipState.INVITED, MembershipState.MEMBER)
AT_HAND = (*ASKED, MembershipState.REQUESTED)


def mover_ids(session: Session, office: Office, ids: Collection[UUID], pprs: Collection[str]) -> set[UUID]:
    """Of whoever is to be held."""
    return set(session.scalars(_reached(session, office, ids, pprs).with_only_columns(Principal.id)))


def movers_named(
    session: Session, office: Office, ids: Collection[UUID], pprs: Collection[str]
) -> dict[UUID | str, Principal]:
    """By id and by national number, those of them whom this office reaches; asked once they are held."""
    found = session.scalars(_reached(session, office, ids, pprs)).all()
    return {key: principal for principal in found for key in (principal.id, principal.ppr)}


def _reached(session: Session, office: Office, ids: Collection[UUID], pprs: Collection[str]) -> Select[Principal]:
    named = or_(among(session, Principal.id, ids), among(session, Principal.ppr, pprs))
    return select(Principal).where(named, within(office, Principal.delegation_id), Principal.erased_at.is_(None))


def schools_named(session: Session, office: Office, codes: Collection[str]) -> dict[str, School]:
    """The main schools with these codes that this office reaches; held, so that no post is given twice at once."""
    named = among(session, School.code, codes) & (School.code == School.main_code)
    reached = select(School).where(named, within(office, School.delegation_id)).order_by(School.id)
    return {school.code: school for school in session.scalars(reached.with_for_update(**KEEPS_ITS_KEY))}


def schools_by_id(session: Session, school_ids: Collection[UUID]) -> dict[UUID, School]:
    found = session.scalars(select(School).where(among(session, School.id, school_ids)))
    return {school.id: school for school in found}


def takers(session: Session, school_ids: Collection[UUID], since: date) -> Sequence[Posting]:
    """Whoever holds one of these posts on that day, or will later."""
    lasting = or_(Posting.ends_on.is_(None), Posting.ends_on > since)
    return session.scalars(select(Posting).where(among(session, Posting.school_id, school_ids), lasting)).all()


def closed_then(session: Session, school_ids: Collection[UUID], day: date) -> set[UUID]:
    """Those of which the history says that they are closed on that day or from some later one."""
    lasting = Standing.ends_on.is_(None) & (Standing.starts_on <= day)
    mine = among(session, School.id, school_ids)
    is_open = exists().where(Standing.unit_id == School.id, lasting)
    return set(session.scalars(select(School.id).where(mine, exists().where(Standing.unit_id == School.id), ~is_open)))


def homes_of(session: Session, principal_ids: Collection[UUID]) -> dict[UUID, Membership]:
    """Of each the home community to which they belong now."""
    at_home = Membership.is_home & (Membership.state == MembershipState.MEMBER)
    found = select(Membership).where(among(session, Membership.principal_id, principal_ids), at_home)
    latest = session.scalars(found.execution_options(populate_existing=True))
    return {membership.principal_id: membership for membership in latest}


def homes_at_hand(session: Session, principal_ids: Collection[UUID]) -> set[UUID]:
    """The home communities to which they belong, or may by their next word or somebody else's."""
    theirs = among(session, Membership.principal_id, principal_ids) & Membership.is_home
    at_hand = select(Membership.community_id).where(theirs, Membership.state.in_(AT_HAND))
    return set(session.scalars(at_hand))


def open_home_invitations(session: Session, principal_ids: Collection[UUID]) -> Sequence[Membership]:
    asked = Membership.is_home & (Membership.state == MembershipState.INVITED)
    found = select(Membership).where(among(session, Membership.principal_id, list(principal_ids)), asked)
    return session.scalars(found.execution_options(populate_existing=True)).all()


def living_homes(session: Session, delegation_ids: Collection[UUID]) -> set[UUID]:
    """All home communities of these Delegations to which somebody may be invited."""
    return set(session.scalars(_living_homes(session, delegation_ids)))


def neighbourhood(session: Session, delegation_ids: Collection[UUID]) -> Neighbourhood:
    homes: dict[UUID, set[UUID]] = defaultdict(set)
    neighbours: dict[UUID, Counter[UUID]] = defaultdict(Counter)
    for community_id, delegation_id in session.execute(_living_homes(session, delegation_ids)):
        homes[delegation_id].add(community_id)
    for community_id, zone_id, count in session.execute(_posts_of_members(session, delegation_ids)):
        neighbours[zone_id][community_id] = count
    return Neighbourhood(homes, neighbours)


def _living_homes(session: Session, delegation_ids: Collection[UUID]):
    living = Community.is_home & (Community.state != CommunityState.DISSOLVED)
    rows = select(Community.id, Community.delegation_id).where(living)
    return rows.where(among(session, Community.delegation_id, delegation_ids))


def _posts_of_members(session: Session, delegation_ids: Collection[UUID]):
    living = _living_homes(session, delegation_ids).with_only_columns(Community.id)
    posts = select(Membership.community_id, School.zone_id, func.count())
    posts = posts.join(Principal, Principal.id == Membership.principal_id)
    posts = posts.join(School, School.code == Principal.school_code)
    belonging = Membership.community_id.in_(living) & Membership.state.in_(ASKED) & School.zone_id.is_not(None)
    return posts.where(belonging).group_by(Membership.community_id, School.zone_id)


def hold_movers(
    session: Session, principal_ids: Collection[UUID], community_ids: Collection[UUID]
) -> tuple[dict[UUID, Community], dict[UUID, Principal]]:
    """Locked: communities first, then people, each in the order of their ids, as everywhere."""
    communities = communities_held(session, community_ids)
    held = select(Principal).where(among(session, Principal.id, principal_ids)).order_by(Principal.id)
    principals = session.scalars(held.with_for_update(**KEEPS_ITS_KEY).execution_options(populate_existing=True))
    return communities, {principal.id: principal for principal in principals}


def transfers(session: Session, operation_id: UUID) -> Sequence[Transfer]:
    return session.scalars(
        select(Transfer).where(Transfer.operation_id == operation_id).order_by(Transfer.principal_id)
    ).all()


def memberships_in(session: Session, pairs: Collection[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], Membership]:
    """By community and principal."""
    found = session.scalars(select(Membership).where(_among_pairs(session, Membership, pairs)))
    return {(each.community_id, each.principal_id): each for each in found}


def withdrawn_consents(session: Session, pairs: Collection[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], Consent]:
    """The last of each pair of community and principal."""
    withdrawn = select(Consent).where(_among_pairs(session, Consent, pairs), Consent.state == ConsentState.WITHDRAWN)
    found = session.scalars(withdrawn.order_by(Consent.withdrawn_at))
    return {(each.community_id, each.principal_id): each for each in found if each.community_id}


def _among_pairs(
    session: Session, kind: type[Membership] | type[Consent], pairs: Collection[tuple[UUID, UUID]]
) -> ColumnElement[bool]:
    """Perhaps a few more: whoever asks looks pairs up."""
    communities = among(session, kind.community_id, {community_id for community_id, _ in pairs})
    return communities & among(session, kind.principal_id, {principal_id for _, principal_id in pairs})
