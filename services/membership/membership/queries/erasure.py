"""Questions about somebody who is to be erased: where they belong, and what may stand of them in texts."""

from collections.abc import Collection, Iterator, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from membership.model import (
    ArchivePart,
    Candidate,
    Canvas,
    Community,
    Consent,
    ConsentState,
    Election,
    Membership,
    Principal,
    Rules,
)
from shared.domain.erasure import Traces
from shared.domain.paging import every
from shared.events import PrincipalRegistered
from shared.messaging.erasure import told_of

from .communities import KEEPS_ITS_KEY
from .following import hold_elections_of


def traces_of(session: Session, principal: Principal) -> Traces:
    """As they are called now, and as they were called whenever that was told."""
    told = told_of(session, PrincipalRegistered, principal.id)
    return Traces(
        [principal.name_fr, *(entry["name_fr"] for entry in told)],
        [principal.name_ar, *(entry["name_ar"] for entry in told)],
        [principal.email, principal.phone, principal.ppr, *(entry["email"] for entry in told)],
    )


def memberships_of(session: Session, principal_id: UUID) -> Sequence[Membership]:
    return session.scalars(select(Membership).where(Membership.principal_id == principal_id)).all()


def person_to_erase(session: Session, principal_id: UUID) -> Principal | None:
    """Locked after their communities and the elections there: the order of locks is the same everywhere."""
    community_ids = [membership.community_id for membership in memberships_of(session, principal_id)]
    communities_held(session, community_ids)
    hold_elections_of(session, community_ids)
    return session.get(Principal, principal_id, with_for_update=KEEPS_ITS_KEY)


def communities_held(session: Session, community_ids: Collection[UUID]) -> dict[UUID, Community]:
    """Locked, always in the same order: communities by their ids, then people by theirs."""
    wanted = select(Community).where(Community.id.in_(community_ids)).order_by(Community.id)
    held = session.scalars(wanted.with_for_update(**KEEPS_ITS_KEY).execution_options(populate_existing=True))
    return {community.id: community for community in held}


def given_consents(session: Session, principal_id: UUID) -> Sequence[Consent]:
    mine = (Consent.principal_id == principal_id) & (Consent.state == ConsentState.GIVEN)
    return session.scalars(select(Consent).where(mine)).all()


def candidacies(session: Session, principal_id: UUID) -> Sequence[Candidate]:
    return session.scalars(select(Candidate).where(Candidate.principal_id == principal_id)).all()


def candidates_in(session: Session, community_ids: Sequence[UUID]) -> Iterator[Candidate]:
    elections = select(Election.id).where(Election.community_id.in_(community_ids))
    return session.scalars(select(Candidate).where(Candidate.election_id.in_(elections))).yield_per(200)


def elections_in(session: Session, community_ids: Sequence[UUID]) -> Iterator[Election]:
    return every(session, select(Election).where(Election.community_id.in_(community_ids)), Election.id)


def written_about_communities(
    session: Session, principal: Principal, community_ids: Collection[UUID]
) -> Iterator[Canvas | Community | Rules]:
    """Where they were ever invited; and whatever else their Delegation has thought of, since it may name key people."""
    theirs = (Canvas.delegation_id == principal.delegation_id) | (Canvas.principal_id == principal.id)
    yield from every(session, select(Canvas).where(theirs | Canvas.community_id.in_(community_ids)), Canvas.id)
    yield from every(session, select(Rules).where(Rules.community_id.in_(community_ids)), Rules.id)
    yield from session.scalars(select(Community).where(Community.id.in_(community_ids)))


def every_archive_part(session: Session) -> Iterator[ArchivePart]:
    """Of everybody: what is kept for a week may quote whoever is erased today."""
    return session.scalars(select(ArchivePart).order_by(ArchivePart.archive_id)).yield_per(10)
