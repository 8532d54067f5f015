"""The event feed: `GET /v1/events?after=&types=&limit=`, the whole log of a service in order, for services only."""

from flask import Blueprint, Response, g, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.domain.actor import Role, permit
from shared.domain.refusals import Invalid
from shared.events import BATCH_CONTENT_TYPE

from .outbox import OutboxRow
from .relay import Log

MOST = 500
LAST = 2**63 - 1  # what the column of positions can hold

feed = Blueprint("feed", __name__)


@feed.get("/v1/events")
def read_events() -> Response:
    """A CloudEvents batch. `Halqa-Feed-Position` is where to go on; it also counts events of types not asked for."""
    permit(g.actor.role is Role.SERVICE, "Only services read the event feed.")
    after = _number("after", otherwise=0, least=0, most=LAST)
    limit = min(_number("limit", otherwise=200, least=1, most=LAST), MOST)
    rows = _rows(g.session, after, limit)
    types = set(filter(None, request.args.get("types", "").split(",")))
    wanted = [_with_position(row) for row in rows if not types or row.type in types]
    return _batch(wanted, position=rows[-1].position if rows else after, epoch=_epoch(g.session))


def _number(name: str, *, otherwise: int, least: int, most: int) -> int:
    given = request.args.get(name, str(otherwise))
    if not (given.isascii() and given.isdigit() and len(given) < 20 and least <= int(given) <= most):
        raise Invalid("request.invalid", f"`{name}` must be a whole number, {least} or more.")
    return int(given)


def _rows(session: Session, after: int, limit: int) -> list[OutboxRow]:
    later = select(OutboxRow).where(OutboxRow.position > after)
    return list(session.scalars(later.order_by(OutboxRow.position).limit(limit)))


def _with_position(row: OutboxRow) -> str:
    return f'{row.payload[:-1]},"position":{row.position}}}'


def _batch(envelopes: list[str], position: int, epoch: str) -> Response:
    response = Response(f"[{','.join(envelopes)}]", content_type=BATCH_CONTENT_TYPE)
    response.headers["Halqa-Feed-Position"] = str(position)
    response.headers["Halqa-Feed-Epoch"] = epoch
    return response


def _epoch(session: Session) -> str:
    book = session.get(Log, 1)
    return str(book.epoch) if book else ""
