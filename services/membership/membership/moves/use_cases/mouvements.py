"""Mouvements: many principals change posts on one day; looked at first, then decided as one operation."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from membership import organisation, people
from membership import people as persons
from membership.organisation import Operation, OperationKind
from membership.people import Absence, Career, Posting, Principal, post
from shared.domain.actor import Actor
from shared.domain.policy import permit
from shared.domain.refusals import Invalid

from ..model.mouvement import Ground, MouvementPlan, Move, PlannedMove, faults_of
from ..model.transfer import Transfer
from ..queries import mouvements
from .effects import follow_up

MOST_FAULTS = 1000


@dataclass(frozen=True)
class MoveWish:
    """One line as it was asked: who by id or national number, and the new school's code or why there is none."""

    principal_id: UUID | None
    ppr: str | None
    school_code: str | None
    absence: Absence | None
    follows: bool


def plan_mouvement(
    session: Session,
    actor: Actor,
    unit_id: UUID,
    *,
    effective_on: date,
    note: str | None,
    moves: Sequence[MoveWish],
    dry_run: bool,
) -> MouvementPlan:
    """Decided as a whole or not at all. A dry run tells what would come of it and what stands in its way."""
    office = permit(session, actor, "plan_mouvement", people.office(session, unit_id))
    organisation.hold_tree(session)
    plan = _planned(session, _named(session, office, moves), effective_on)
    if dry_run:
        return plan
    if plan.faults:
        raise Invalid("mouvement.conflicts", faults=plan.faults[:MOST_FAULTS], count=len(plan.faults))
    now = datetime.now(UTC)
    operation = Operation.decide(
        OperationKind.MOUVEMENT,
        scope_id=unit_id,
        effective_on=effective_on,
        changes=[],
        by=actor.id,
        now=now,
        note=note,
    )
    _write(session, operation, plan)
    follow_up(session, operation, now.date())
    plan.is_decided(operation)
    return plan


def _named(session: Session, office: people.Office, wishes: Sequence[MoveWish]) -> list[Move]:
    """Locks in the order that holds everywhere: the tree, schools, communities, people; each by their ids."""
    schools = mouvements.schools_named(session, office, {wish.school_code for wish in wishes if wish.school_code})
    ids, pprs = {wish.principal_id for wish in wishes if wish.principal_id}, {wish.ppr for wish in wishes if wish.ppr}
    mover_ids = mouvements.mover_ids(session, office, ids, pprs)
    homes = mouvements.living_homes(session, {school.delegation_id for school in schools.values()})
    mouvements.hold_movers(session, mover_ids, homes | mouvements.homes_at_hand(session, mover_ids))
    people = mouvements.movers_named(session, office, ids, pprs)  # not who was erased or went elsewhere while we waited
    post(session, [people[id] for id in sorted(mover_ids & people.keys())])  # old releases' entries have none yet
    return [
        Move(
            line=line,
            who=wish.ppr or str(wish.principal_id),
            where=wish.school_code,
            principal=people.get(wish.principal_id or wish.ppr or ""),
            school=schools.get(wish.school_code or ""),
            absence=wish.absence,
            follows=wish.follows,
        )
        for line, wish in enumerate(wishes)
    ]


def _planned(session: Session, moves: list[Move], day: date) -> MouvementPlan:
    people, schools = [move.principal.id for move in moves if move.principal], [m.school.id for m in moves if m.school]
    careers = persons.careers(session, people)
    closed_ids = mouvements.closed_then(session, schools, day)
    ground = Ground(careers, mouvements.takers(session, schools, day), closed_ids)
    faults = sorted(faults_of(moves, ground, day), key=lambda fault: fault.line or 0)
    plan = MouvementPlan(day, faults=faults)
    faulty = {fault.line for fault in faults}
    _foresee(session, plan, [move for move in moves if move.line not in faulty], ground)
    return plan


def _foresee(session: Session, plan: MouvementPlan, moves: list[Move], ground: Ground) -> None:
    movers = {move.line: move.principal.id for move in moves if move.principal}
    before = {line: ground.careers[mover].last for line, mover in movers.items()}
    left = mouvements.schools_by_id(session, {span.school_id for span in before.values() if span.school_id})
    homes = mouvements.homes_of(session, list(movers.values()))
    around = mouvements.neighbourhood(session, {move.school.delegation_id for move in moves if move.school})
    for move in moves:
        home, span = homes.get(movers[move.line]), before[move.line]
        home_id = home.community_id if home else None
        fate, fit = around.after(move.school, home_id, follows=move.follows)
        plan.moves.append(
            PlannedMove(move, span, left.get(span.school_id) if span.school_id else None, home_id, fate, fit)
        )
    plan.foresee_vacancies(left.values(), mouvements.takers(session, left, plan.effective_on))


def _write(session: Session, operation: Operation, plan: MouvementPlan) -> None:
    """The history knows of it from now on."""
    session.add(operation)
    session.flush()
    began: list[Posting] = []
    for planned in plan.moves:
        began.append(Career([planned.before]).begin(planned.move.post, plan.effective_on, operation.id))
        ids = (operation.id, planned.principal_id)
        session.add(Transfer.plan(*ids, planned.move.post, follows=planned.move.follows))
    session.flush()  # a span ends before the next begins: of two that are open, the database refuses one
    session.add_all(began)
    session.flush()


def erase_posts(session: Session, principal: Principal) -> None:
    """Which schools they headed leads back to them: one span is left, which says only that they were erased."""
    session.execute(delete(Posting).where(Posting.principal_id == principal.id))
    session.execute(delete(Transfer).where(Transfer.principal_id == principal.id))
    session.add(Posting.of_erased(principal))
