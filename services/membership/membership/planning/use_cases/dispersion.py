"""What is known of distances, and what is done for those who are far."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.orm import Session

from membership import organisation, people
from shared.domain.actor import Actor
from shared.domain.database import insert_into, new_id
from shared.domain.policy import permit
from shared.domain.refusals import Fault, Invalid, Refused

from ..model.dispersion import Distance, MeasureKind, Mitigation, kilometres
from ..model.plan_parts import PlanPlace, PlanWish
from ..queries import drafting, far

AT_ONCE = 1000
MOST_DISTANCES = 250_000  # of a Delegation: every pair of five hundred schools; all are read when it is planned


def put_distances(session: Session, actor: Actor, delegation_id: UUID, *, rows: list[dict[str, Any]]) -> int:
    """Adds them, or corrects those that are there. Returns how many are known now."""
    permit(session, actor, "put_distances", organisation.delegation(session, delegation_id))
    codes = list({code for row in rows for code in (row["from_code"], row["to_code"])})
    unknown = set(codes) - drafting.known_schools(session, delegation_id, codes)
    if unknown:
        faults = [Fault("plan.unknown_school", field="rows", value=code) for code in sorted(unknown)]
        raise Invalid("plan.unknown", faults=faults)
    known = {(row["from_code"], row["to_code"]): kilometres(row["km"], row["minutes"]) for row in rows}
    keep_distances(session, delegation_id, known)
    return demand_few_distances(session, delegation_id)


def demand_few_distances(session: Session, delegation_id: UUID) -> int:
    """Returns how many are known now."""
    count = drafting.count_distances(session, delegation_id)
    if count > MOST_DISTANCES:
        raise Refused("plan.too_many_distances", most=MOST_DISTANCES)
    return count


def keep_distances(session: Session, delegation_id: UUID, known: dict[tuple[str, str], float]) -> None:
    rows = [
        {"delegation_id": delegation_id, "from_code": a, "to_code": b, "km": km} for (a, b), km in sorted(known.items())
    ]
    for start in range(0, len(rows), AT_ONCE):
        new = insert_into(session, Distance).values(rows[start : start + AT_ONCE])
        pair = (Distance.delegation_id, Distance.from_code, Distance.to_code)
        session.execute(new.on_conflict_do_update(index_elements=pair, set_={"km": new.excluded.km}))


def delete_distances(session: Session, actor: Actor, delegation_id: UUID) -> None:
    """From now on the way is as the crow flies."""
    permit(session, actor, "delete_distances", organisation.delegation(session, delegation_id))
    session.execute(delete(Distance).where(Distance.delegation_id == delegation_id))


def put_measures(
    session: Session, actor: Actor, delegation_id: UUID, principal_id: UUID, *, measures: list[MeasureKind]
) -> list[MeasureKind]:
    """These and no others; what was recorded before keeps its date. Safe to repeat, also by two at once."""
    permit(session, actor, "put_measures", organisation.delegation(session, delegation_id))
    people.demand_principals(session, [principal_id], delegation_id)
    gone = (Mitigation.principal_id == principal_id) & Mitigation.measure.not_in(measures)
    session.execute(delete(Mitigation).where(gone))
    about = {"principal_id": principal_id, "recorded_by": actor.id, "recorded_at": datetime.now(UTC)}
    rows = [{"id": new_id(), "measure": measure} | about for measure in measures]
    if rows:
        session.execute(insert_into(session, Mitigation).values(rows).on_conflict_do_nothing())
    return far.measures_of(session, [principal_id]).get(principal_id, [])


def forget_in_plans(session: Session, principal_id: UUID) -> None:
    """For whoever erases a person: plans keep their figures, which count many, and lose this place."""
    for table in (PlanPlace, Mitigation):
        session.execute(delete(table).where(table.principal_id == principal_id))
    about = (PlanWish.principal_id == principal_id) | (PlanWish.other_id == principal_id)
    session.execute(delete(PlanWish).where(about))
