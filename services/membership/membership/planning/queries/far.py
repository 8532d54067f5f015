"""Who is far from where their community meets, and which measures there are for them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from membership.organisation import delegation
from shared.domain.actor import Actor
from shared.domain.database import among
from shared.domain.paging import MOST, Page
from shared.domain.policy import permit

from ..model.dispersion import MeasureKind, Mitigation
from .comparison import current_division


@dataclass(frozen=True)
class Far:
    """One principal who has far to go, and what mitigates it."""

    principal_id: UUID
    community_id: UUID
    km: float
    measures: list[MeasureKind]


def far(
    session: Session,
    actor: Actor,
    delegation_id: UUID,
    *,
    beyond_km: float,
    without_measure: bool,
    after: UUID | None,
    limit: int,
) -> Page:
    """By principal. The ways are measured anew each time: people move, and so does the middle of a community."""
    permit(session, actor, "list_far", delegation(session, delegation_id))
    homes, ways = current_division(session, delegation_id)
    ids = sorted(id for id, km in ways.items() if km > beyond_km)
    measures = measures_of(session, ids)
    wanted = [id for id in ids if not (without_measure and measures.get(id)) and (after is None or id > after)]
    shown = wanted[: min(limit, MOST)]
    found = [Far(id, homes[id], round(ways[id], 1), measures.get(id, [])) for id in shown]
    return Page(found, next=shown[-1] if len(wanted) > len(shown) else None)


def measures_of(session: Session, principal_ids: Sequence[UUID]) -> dict[UUID, list[MeasureKind]]:
    found: dict[UUID, list[MeasureKind]] = {}
    mine = select(Mitigation).where(among(session, Mitigation.principal_id, principal_ids))
    for row in session.scalars(mine.order_by(Mitigation.principal_id, Mitigation.measure)):
        found.setdefault(row.principal_id, []).append(row.measure)
    return found
