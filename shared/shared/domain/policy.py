"""Who may do what: a table per service, verb by role, naming the relation in which the caller must stand to the thing.

    POLICY = Policy(
        Kind("meeting", {
            "get_meeting":      {Role.DELEGATION_OFFICER: in_reach, Role.PRINCIPAL: member},
            "schedule_meeting": {Role.PRINCIPAL: coordinator},
        }),
    )

What is not in the table is refused. A verb is the name of the route and of the use case. The first verb of a kind shows
the thing: who may not even see it is told that there is none, so that a hidden thing and a missing one look alike.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from .actor import Actor, Role
from .erasure import is_erased
from .refusals import NotAllowed, NotFound

T = TypeVar("T")

Relation = Callable[[Session, Actor, Any], bool]
Row = Mapping[Role, Relation]


@dataclass(frozen=True)
class Kind:
    """A kind of thing and who may do what with it. `is_open`: that things of this kind exist is no secret."""

    name: str
    verbs: Mapping[str, Row]
    is_open: bool = False

    @property
    def seen_by(self) -> Row:
        return next(iter(self.verbs.values()))


class Policy:
    """The rows of all kinds. A verb stands in it once."""

    def __init__(self, *kinds: Kind) -> None:
        self._kinds = {verb: kind for kind in kinds for verb in kind.verbs}
        if len(self._kinds) < sum(len(kind.verbs) for kind in kinds):
            raise ValueError("a verb stands in the table twice")

    @property
    def verbs(self) -> Mapping[str, Kind]:
        return self._kinds

    def permit(self, session: Session, actor: Actor, verb: str, thing: T | None) -> T:
        """The first line of whatever a caller asks for. Raises `NotFound` or `NotAllowed`; returns the thing."""
        kind = self._kinds[verb]
        row = kind.verbs[verb]
        if thing is not None and _stands(row, session, actor, thing):
            if is_erased(session, actor):
                raise NotAllowed("caller.not_allowed", roles=list(row))
            return thing
        if not self._is_known(kind, row, session, actor, thing) or (thing is None and actor.role in row):
            raise NotFound(f"{kind.name}.not_found")
        raise NotAllowed("caller.not_allowed", roles=list(row))

    def _is_known(self, kind: Kind, row: Row, session: Session, actor: Actor, thing: Any) -> bool:
        """May the caller, who may not do this, know that the thing exists?"""
        is_other_question = thing is not None and kind.seen_by is not row
        return kind.is_open or (is_other_question and _stands(kind.seen_by, session, actor, thing))

    def allows(self, session: Session, actor: Actor, verb: str, thing: Any) -> bool:
        """For what is shown in part: may the caller do this as well?"""
        return _stands(self._kinds[verb].verbs[verb], session, actor, thing)


def _stands(row: Row, session: Session, actor: Actor, thing: Any) -> bool:
    relation = row.get(actor.role)
    return relation is not None and relation(session, actor, thing)


def anywhere(_session: Session, _actor: Actor, _thing: Any) -> bool:
    """Whatever the thing: for the ministry, and for what belongs to everybody."""
    return True


class Everything:
    """What a verb is about that is about no single thing."""


EVERYTHING = Everything()
