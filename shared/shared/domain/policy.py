"""Who may do what: a table in each capability, verb by role, naming how the caller must stand to the thing.

    kinds = [
        Kind("meeting", {
            "get_meeting":      {Role.DELEGATION_OFFICER: in_reach, Role.PRINCIPAL: member},
            "schedule_meeting": {Role.PRINCIPAL: coordinator},
        }),
    ]

    meeting = permit(session, actor, "schedule_meeting", queries.meeting(session, meeting_id))

What is not in the table is refused. A verb is the name of the route and of the use case. The first verb of a kind shows
the thing: who may not even see it is told that there is none, so that a hidden thing and a missing one look alike.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
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
    shown_to: Row | None = None  # where the verb that shows it stands elsewhere

    @property
    def seen_by(self) -> Row:
        return next(iter(self.verbs.values())) if self.shown_to is None else self.shown_to

    def with_verbs(self, verbs: Mapping[str, Row]) -> "Kind":
        return replace(self, verbs=verbs, shown_to=self.seen_by)


@dataclass(frozen=True)
class More:
    """What a capability above lets people do with a kind of thing of a capability below: further rows of its table."""

    name: str
    verbs: Mapping[str, Row]


class Policy:
    """The rows of all kinds of a service. A verb stands in it once. Sessions of the service carry it."""

    def __init__(self, *parts: Kind | More) -> None:
        named = {part.name: part for part in reversed(parts) if isinstance(part, Kind)}
        kinds = [part if isinstance(part, Kind) else named[part.name].with_verbs(part.verbs) for part in parts]
        self._kinds = {verb: kind for kind in kinds for verb in kind.verbs}
        if len(self._kinds) < sum(len(part.verbs) for part in parts):
            raise ValueError("a verb stands in the table twice")

    @property
    def verbs(self) -> Mapping[str, Kind]:
        return self._kinds

    def permit(self, session: Session, actor: Actor, verb: str, thing: T | None) -> T:
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
        return _stands(self._kinds[verb].verbs[verb], session, actor, thing)


def permit(session: Session, actor: Actor, verb: str, thing: T | None) -> T:
    """The first line of whatever a caller asks for. Raises `NotFound` or `NotAllowed`; returns the thing."""
    policy: Policy = session.info["policy"]
    return policy.permit(session, actor, verb, thing)


def allows(session: Session, actor: Actor, verb: str, thing: Any) -> bool:
    """For what is shown in part: may the caller do this as well?"""
    policy: Policy = session.info["policy"]
    return policy.allows(session, actor, verb, thing)


def _stands(row: Row, session: Session, actor: Actor, thing: Any) -> bool:
    relation = row.get(actor.role)
    return relation is not None and relation(session, actor, thing)


def anywhere(_session: Session, _actor: Actor, _thing: Any) -> bool:
    """Whatever the thing: for the ministry, and for what belongs to everybody."""
    return True


class Everything:
    """What a verb is about that is about no single thing."""


EVERYTHING = Everything()
