"""Where communities meet: the host that a plan chose for them, or else the school in their middle."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.domain.database import among

from ..model.plan_parts import PlanGroup
from .ground import Ground


def hosts_of_communities(session: Session, community_ids: Collection[UUID]) -> dict[UUID, str]:
    chosen = select(PlanGroup.community_id, PlanGroup.host_code)
    rows = session.execute(chosen.where(among(session, PlanGroup.community_id, community_ids)))
    return {community_id: code for community_id, code in rows if community_id}


def middle_host(ground: Ground, chosen: str | None) -> int:
    """The column of the host of all these people: the chosen one, else the one of theirs with the shortest ways."""
    return ground.hosts.index(chosen) if chosen in ground.hosts else int(ground.distances.sum(axis=0).argmin())
