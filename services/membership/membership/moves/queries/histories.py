"""Questions about single principals: where they have been, and why they have no home community."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from membership.communities import Accompaniment
from membership.joining import Leaving, Membership, MembershipState, Stay, WithoutHome
from membership.organisation import Operation, School, delegation
from membership.people import MOST, Absence, Companion, Officer, Posting, Principal, id_of
from shared.domain.actor import Actor
from shared.domain.database import among
from shared.domain.paging import Page, page
from shared.domain.policy import EVERYTHING, permit

from ..model.transfer import Transfer


@dataclass(frozen=True)
class OwnEntries:
    """What is kept here about somebody who acts for offices, or accompanies communities, since they ask."""

    person_id: UUID | None
    offices: Sequence[Officer]
    companion: Companion | None
    accompaniments: Sequence[Accompaniment]


def my_entries(session: Session, actor: Actor) -> OwnEntries:
    """The offices that they left too: of these no name is left."""
    permit(session, actor, "show_my_entries", EVERYTHING)
    mine = id_of(actor)
    offices = select(Officer).where(Officer.officer_id == mine).order_by(Officer.id).limit(MOST)
    given = select(Accompaniment).where(Accompaniment.companion_id == mine).order_by(Accompaniment.id.desc())
    companion = session.get(Companion, mine) if mine else None
    return OwnEntries(mine, session.scalars(offices).all(), companion, session.scalars(given.limit(MOST)).all())


MOST_SPANS = 200  # spans of one person; nobody has had more


@dataclass(frozen=True)
class HeldOnce:
    """A post that somebody held, or why they held none."""

    school_id: UUID | None
    school_code: str | None
    name_fr: str | None
    name_ar: str | None
    absence: Absence | None
    starts_on: date
    ends_on: date | None
    operation_id: UUID | None


@dataclass(frozen=True)
class History:
    """Everything that a principal held and every community to which they belonged, the latest first."""

    principal_id: UUID
    postings: list[HeldOnce]
    stays: Sequence[Stay]


@dataclass(frozen=True)
class Homeless:
    """Somebody without a home community, and why."""

    principal: Principal
    reason: WithoutHome


def history(session: Session, actor: Actor, principal_id: UUID) -> History:
    person = permit(session, actor, "show_history", session.get(Principal, principal_id))
    names = (School.id, School.code, School.name_fr, School.name_ar)
    span = (Posting.absence, Posting.starts_on, Posting.ends_on, Posting.operation_id)
    held = select(*names, *span).select_from(Posting).outerjoin(School, School.id == Posting.school_id)
    postings = held.where(Posting.principal_id == person.id).order_by(Posting.starts_on.desc()).limit(MOST_SPANS)
    stays = select(Stay).where(Stay.principal_id == person.id).order_by(Stay.joined_at.desc()).limit(MOST_SPANS)
    rows = [HeldOnce(*row) for row in session.execute(postings)]
    return History(person.id, rows, session.scalars(stays).all())


def without_home(session: Session, actor: Actor, delegation_id: UUID, *, after: UUID | None, limit: int) -> Page:
    """Those in post who belong to no home community."""
    permit(session, actor, "list_without_home", delegation(session, delegation_id))
    in_post = (Principal.delegation_id == delegation_id) & Principal.erased_at.is_(None) & (Principal.school_code != "")
    belongs = exists().where(
        Membership.principal_id == Principal.id, Membership.is_home, Membership.state == MembershipState.MEMBER
    )
    found = page(session, select(Principal).where(in_post, ~belongs), Principal.id, after=after, limit=limit)
    reasons = _reasons(session, [principal.id for principal in found.items])
    return Page([Homeless(principal, reasons[principal.id]) for principal in found.items], found.next)


def _reasons(session: Session, principal_ids: Sequence[UUID]) -> dict[UUID, WithoutHome]:
    memberships = defaultdict(list)
    asked = select(Membership).where(among(session, Membership.principal_id, principal_ids), Membership.is_home)
    for membership in session.scalars(asked):
        memberships[membership.principal_id].append(membership)
    last = _last_leavings(session, principal_ids)
    return {id: WithoutHome.of(memberships[id], last.get(id)) for id in principal_ids}


def _last_leavings(session: Session, principal_ids: Sequence[UUID]) -> dict[UUID, Leaving]:
    ended = select(Stay.principal_id, Stay.leaving).where(Stay.is_home, Stay.left_at.is_not(None))
    theirs = ended.where(among(session, Stay.principal_id, principal_ids)).order_by(Stay.left_at)
    return {principal_id: leaving for principal_id, leaving in session.execute(theirs) if leaving}


def visible_transfers(session: Session, actor: Actor, operation_id: UUID, *, after: UUID | None, limit: int) -> Page:
    """Whom a mouvement moves, and what became of their home communities."""
    permit(session, actor, "list_transfers", session.get(Operation, operation_id))
    rows = select(Transfer).where(Transfer.operation_id == operation_id)
    return page(session, rows, Transfer.principal_id, after=after, limit=limit)
