"""Where communities meet: the host that a plan chose for them, or else the school in their middle."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from membership.model import PlanGroup
from shared.domain.database import among

from .ground import Ground


def hosts_of_communities(session: Session, community_ids: Collection[UUID]) -> dict[UUID, str]:
    chosen = select(PlanGroup.community_id, PlanGroup.host_code)
    return dict(session.execute(chosen.where(among(session, PlanGroup.community_id, community_ids))).all())


def middle_host(ground: Ground, rows: list[int], chosen: str | None) -> int:
    """The column of the host of these people: the chosen one, else the one of theirs with the shortest ways."""
    if chosen in ground.hosts:
        return ground.hosts.index(chosen)
    theirs = sorted({ground.hosts.index(ground.people[row].school_code) for row in rows})
    return min(theirs, key=lambda column: float(ground.distances[rows, column].sum()))
