"""Which routes are about personal data, and whose: each that is writes an entry of the audit trail.

    @communities.response(200, paged(schemas.MembershipSchema))
    @audited(persons="items.principal_id")
    def list_members(wish, community_id): ...

A change and its entry are one transaction. A read is answered only once its entry is written: else 503. Who reads
nothing but their own data leaves no entry; who changes it does.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import Any, cast
from uuid import UUID

from flask import abort, current_app, g, request
from sqlalchemy.exc import SQLAlchemyError

from shared.domain import audit
from shared.domain.audit import Deed
from shared.domain.database import Sessions, is_postgresql

from .marks import View, mark
from .problems import problem

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
LONGEST_REASON = 2000  # characters
CALLER = "the caller"  # who acts for themself, whatever the answer shows

log = logging.getLogger(__name__)


def audited(*, persons: str | tuple[str, ...] = ()) -> Callable[[View], View]:
    """Stands next to the view. `persons`: where their ids stand in what the view returns, as `items.principal_id`.

    Without it, nobody knows whom the answer names (a dead letter, say): then every reading of it is an entry.
    """
    paths = (persons,) if isinstance(persons, str) else persons

    def declare(view: View) -> View:
        @wraps(view)
        def watched(*given: Any, **named: Any) -> Any:
            answer = view(*given, **named)
            shown = answer[0] if type(answer) is tuple else answer  # what was entered stands before its status
            note(view.__name__, sorted({id for path in paths for id in found(shown, path)}), is_known=bool(paths))
            return answer

        return mark(cast(View, watched), audited_persons=paths)

    return declare


def found(answer: Any, path: str) -> Iterator[UUID]:
    """The ids at the end of a path of attributes and keys, through every list on the way."""
    if path == CALLER:
        yield from filter(None, [g.actor.principal_id])
    elif isinstance(answer, list | tuple | set):
        yield from (id for each in answer for id in found(each, path))
    elif answer is not None and path:
        name, _, further = path.partition(".")
        yield from found(answer.get(name) if isinstance(answer, Mapping) else getattr(answer, name), further)
    elif answer is not None:
        yield answer if isinstance(answer, UUID) else UUID(str(answer))


def note(verb: str, person_ids: list[UUID], *, is_known: bool = True) -> None:
    deed = Deed(g.actor, verb, *_thing(), person_ids, reason=_reason())
    if request.method not in SAFE_METHODS:
        audit.write(g.session, deed)
    elif not (is_known and _is_theirs_alone(person_ids)):
        _write_or_refuse(deed)


def _is_theirs_alone(person_ids: list[UUID]) -> bool:
    return all(g.actor.is_(person_id) for person_id in person_ids)


def _write_or_refuse(deed: Deed) -> None:
    try:
        _write_read(deed)
    except SQLAlchemyError as error:
        log.error("a read was refused, since it cannot be audited: %s", type(error).__name__)
        response = problem(503, "server.audit_away")
        response.headers["Retry-After"] = "5"
        abort(response)


def _write_read(deed: Deed) -> None:
    """A session that reads commits each statement on PostgreSQL, and cannot write on SQLite."""
    if is_postgresql(g.session):
        return audit.write_at_once(g.session, deed)
    sessions: Sessions = current_app.extensions["halqa.sessions"]
    with sessions.transaction() as session:
        return audit.write(session, deed)


def _thing() -> tuple[str | None, str | None]:
    """What the route's address names: `<uuid:meeting_id>` is a meeting."""
    name, value = next(iter((request.view_args or {}).items()), (None, None))
    return (name and name.removesuffix("_id")), (None if value is None else str(value))


def _reason() -> str | None:
    body = request.get_json(silent=True) if request.is_json and request.method not in SAFE_METHODS else None
    reason = body.get("reason") if isinstance(body, dict) else None
    return reason[:LONGEST_REASON] if isinstance(reason, str) and reason.strip() else None
