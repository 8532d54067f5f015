"""The baseline of the list of principals: the same question and the same JSON, with nothing between them."""

import base64
import json
from datetime import UTC, date, datetime
from uuid import UUID

from flask import Flask, Response, jsonify, request
from sqlalchemy import create_engine, literal, select, tuple_

from membership.organisation.model.organisation import Cycle
from membership.people.model.people import Principal, newcomers_since

people = Principal.__table__.c
SHOWN = ("id", "ppr", "school_code", "cycle", "name_fr", "name_ar", "gender", "language", "email", "phone",
         "appointed_on")  # fmt: skip


def create_app(database_url: str) -> Flask:
    app, engine = Flask("bare list"), create_engine(database_url)
    app.json.ensure_ascii = False

    @app.get("/v1/delegations/<uuid:delegation_id>/principals")
    def list_principals(delegation_id: UUID) -> Response:
        limit, cycle = int(request.args["limit"]), Cycle(request.args["cycle"])
        columns = (*(people[name] for name in SHOWN), people.folded_fr)
        rows = select(*columns).where(people.delegation_id == delegation_id, people.erased_at.is_(None))
        rows = rows.where(people.cycle == cycle)
        if after := request.args.get("after"):
            _, name, id = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
            rows = rows.where(tuple_(people.folded_fr, people.id) > tuple_(literal(name), literal(UUID(id))))
        with engine.connect() as connection:
            found = connection.execute(rows.order_by(people.folded_fr, people.id).limit(limit + 1)).all()
        following, today = _place(found[limit - 1]) if len(found) > limit else None, datetime.now(UTC).date()
        return jsonify(items=[_as_json(row, today, newcomers_since(today)) for row in found[:limit]], next=following)

    return app


def _place(row) -> str:
    told = json.dumps(["folded_fr", row.folded_fr, str(row.id)], ensure_ascii=False)
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def _as_json(row, today: date, since: date) -> dict[str, object]:
    shown = {name: getattr(row, name) for name in SHOWN}
    is_newcomer = since < row.appointed_on <= today
    return shown | {"id": str(row.id), "appointed_on": row.appointed_on.isoformat(), "is_newcomer": is_newcomer}
