"""Rules: written down as the members have adopted them at a meeting."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from membership import queries
from membership.model import Rules
from shared.domain.actor import Actor
from shared.domain.policy import permit
from shared.domain.seen import demand_seen

from .life import take_note


def adopt_rules(session: Session, actor: Actor, community_id: UUID, **agreed: Any) -> Rules:
    community = permit(session, actor, "adopt_rules", queries.community(session, community_id, lock=True))
    previous, now = queries.current_rules(session, community_id), datetime.now(UTC)
    demand_seen(session, previous)
    rules = Rules.adopt(community, previous, today=now.date(), **agreed)
    session.add(rules)
    session.flush()
    take_note(session, community, now)
    return rules
