"""The baseline of requests: Flask and SQLAlchemy with nothing between them. The same JSON in and out, the same rows."""

import json
from datetime import UTC, datetime
from secrets import token_hex
from uuid import UUID

import uuid_utils.compat
from flask import Flask, Response, jsonify, request
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, sessionmaker

from shared.messaging.outbox import OutboxRow

from . import bells


class Base(DeclarativeBase):
    metadata = bells.Base.metadata


class Bell(Base):
    """The same table, without what our entities add."""

    __table__ = bells.Bell.__table__


class Told(DeclarativeBase):
    metadata = OutboxRow.metadata


class Row(Told):
    __table__ = OutboxRow.__table__


def create_app(database_url: str) -> Flask:
    app, sessions = Flask("bare"), sessionmaker(create_engine(database_url))

    @app.get("/v1/bells")
    @app.get("/v1/bells/watched")
    def list_bells() -> Response:
        limit = int(request.args["limit"])
        with sessions() as session:
            found = session.scalars(select(Bell).order_by(Bell.id).limit(limit + 1)).all()
            following = found[limit - 1].id if len(found) > limit else None
            return jsonify(items=[as_json(bell) for bell in found[:limit]], next=following)

    @app.post("/v1/bells/<uuid:bell_id>/ring")
    def ring_bell(bell_id: UUID) -> Response:
        times = request.get_json()["times"]
        with sessions() as session, session.begin():
            bell = session.get_one(Bell, bell_id)
            bell.rung += times
            bell.last_sequence += 1
            bell.version += 1
            session.add(as_row(bell))
            return jsonify(as_json(bell))

    return app


def as_json(bell: Bell) -> dict[str, object]:
    return {
        "id": str(bell.id),
        "tower": bell.tower,
        "founder": bell.founder,
        "weight_kg": bell.weight_kg,
        "hung_at": bell.hung_at.isoformat(),
        "rung": bell.rung,
    }


def as_row(bell: Bell) -> Row:
    """What the outbox holds, letter for letter but for its own id and time."""
    id, now, key = uuid_utils.compat.uuid7(), datetime.now(UTC), str(bell.id)
    payload = {
        "specversion": "1.0",
        "id": str(id),
        "type": bells.BellRung.wire_type,
        "source": "/belfry",
        "subject": f"bell/{key}",
        "time": now.isoformat().replace("+00:00", "Z"),
        "partitionkey": key,
        "sequence": f"{bell.last_sequence:012d}",
        "correlationid": str(uuid_utils.compat.uuid7()),
        "traceparent": f"00-{token_hex(16)}-{token_hex(8)}-01",
        "datacontenttype": "application/json",
        "data": {"bell_id": key, "number": bell.rung, "tower": bell.tower},
    }
    return Row(
        id=id,
        aggregatetype="bell",
        aggregateid=key,
        partition_key=key,
        sequence=bell.last_sequence,
        type=bells.BellRung.wire_type,
        payload=json.dumps(payload, separators=(",", ":")),
        occurred_at=now,
        attempts=0,
    )
