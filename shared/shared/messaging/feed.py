"""The event feed: `GET /v1/events?after=&types=&limit=`, the whole log of a service in order, for services only."""

from flask import Blueprint, Response, g, request
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.domain.actor import Role, permit
from shared.events import BATCH_CONTENT_TYPE

from .outbox import OutboxRow
from .relay import Log

MOST = 500

feed = Blueprint("feed", __name__)


@feed.get("/v1/events")
def read_events() -> Response:
    """A CloudEvents batch. `Halqa-Feed-Position` is where to go on; it also counts events of types not asked for."""
    permit(g.actor.role is Role.SERVICE, "Only services read the event feed.")
    after = request.args.get("after", 0, type=int)
    limit = min(request.args.get("limit", 200, type=int), MOST)
    rows = _rows(g.session, after, limit)
    types = set(filter(None, request.args.get("types", "").split(",")))
    wanted = [_with_position(row) for row in rows if not types or row.type in types]
    return _batch(wanted, position=rows[-1].position if rows else after, epoch=_epoch(g.session))


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
