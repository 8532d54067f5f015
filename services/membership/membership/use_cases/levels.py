"""What the levels of the tree are called: the Ministry decides."""

from typing import Any

from sqlalchemy.orm import Session

from membership import queries
from membership.model import Level, LevelName
from shared.domain.actor import Actor
from shared.domain.policy import EVERYTHING, permit
from shared.domain.seen import demand_seen


def put_level(session: Session, actor: Actor, level: Level, **names: Any) -> LevelName:
    permit(session, actor, "put_level", EVERYTHING)
    name = queries.level_name(session, level)
    demand_seen(session, name)
    name.call(**names)
    session.add(name)
    return name
