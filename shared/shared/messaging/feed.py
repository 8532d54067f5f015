"""The event feed: `GET /v1/events?after=&event=&epoch=&types=&limit=`, the log of a service in order, for services.

A reader says where it stands: the position it has reached, and which event was there. If that event is no longer at
that place, this log was restored from a backup and goes on otherwise: the reader must read again from 0.
"""

from typing import Any

from flask import Blueprint, Response, current_app, g, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.domain.database import Sessions
from shared.domain.policy import EVERYTHING, permit
from shared.domain.refusals import Fault, Invalid, Refused
from shared.events import BATCH_CONTENT_TYPE

from .log import Log, begin_epoch, open_log
from .outbox import OutboxRow

MOST = 500
LAST = 2**63 - 1  # what the column of positions can hold

feed = Blueprint("feed", __name__)


@feed.get("/v1/events")
def read_events() -> Response:
    """A CloudEvents batch. `Halqa-Feed-Position` is where to go on; it also counts events of types not asked for."""
    permit(g.session, g.actor, "read_events", EVERYTHING)
    after = _number("after", otherwise=0, least=0, most=LAST)
    limit = min(_number("limit", otherwise=200, least=1, most=LAST), MOST)
    _demand_agreement(g.session, after)
    rows = _rows(g.session, after, limit)
    types = set(filter(None, request.args.get("types", "").split(",")))
    wanted = [_with_position(row) for row in rows if not types or row.type in types]
    return _batch(wanted, reached=rows[-1] if rows else None, epoch=_epoch(g.session))


def _number(name: str, *, otherwise: int, least: int, most: int) -> int:
    given = request.args.get(name, str(otherwise))
    if not (given.isascii() and given.isdigit() and len(given) < 20 and least <= int(given) <= most):
        fault = Fault("field.outside", field=name, facts={"min": least, "max": most})
        raise Invalid("request.invalid", faults=[fault])
    return int(given)


def _demand_agreement(session: Session, after: int) -> None:
    known = request.args.get("event")
    if not after or not known or known == _event_at(session, after):
        return
    if request.args.get("epoch") == _epoch(session):
        _notice_restore(after)
    raise Refused("feed.restored", known=known, after=after)


def _event_at(session: Session, position: int) -> str:
    return str(session.scalar(select(OutboxRow.id).where(OutboxRow.position == position)))


def _notice_restore(after: int) -> None:
    """A reader has been told more than is here, in this very epoch: so this is a backup, put back in place."""
    sessions: Sessions = current_app.extensions["halqa.sessions"]
    with sessions.transaction() as session:
        log = open_log(session)
        if str(log.epoch) == request.args["epoch"]:
            begin_epoch(log, f"{g.actor.id} holds another event at position {after} than this log")


def _rows(session: Session, after: int, limit: int) -> list[Any]:
    later = select(OutboxRow.position, OutboxRow.id, OutboxRow.type, OutboxRow.payload)
    return list(session.execute(later.where(OutboxRow.position > after).order_by(OutboxRow.position).limit(limit)))


def _with_position(row: Any) -> str:
    return f'{row.payload[:-1]},"position":{row.position}}}'


def _batch(envelopes: list[str], reached: Any, epoch: str) -> Response:
    response = Response(f"[{','.join(envelopes)}]", content_type=BATCH_CONTENT_TYPE)
    response.headers["Halqa-Feed-Epoch"] = epoch
    if reached:
        response.headers["Halqa-Feed-Position"] = str(reached.position)
        response.headers["Halqa-Feed-Event"] = str(reached.id)
    return response


def _epoch(session: Session) -> str:
    log = session.get(Log, 1)
    return str(log.epoch) if log else ""
