"""`/health/live`: the process runs. `/health/ready`: it can do its work now; else 503 and what is missing."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, jsonify

from .identity import public

Check = Callable[[], str | None]  # returns what is wrong, or None


def health(checks: Mapping[str, Check]) -> Blueprint:
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/health/live")
    @public
    def live() -> Response:
        return jsonify(status="ok")

    @blueprint.get("/health/ready")
    @public
    def ready() -> tuple[Response, int]:
        found = {name: check() or "ok" for name, check in checks.items()}
        is_ready = all(answer == "ok" for answer in found.values())
        return jsonify(status="ok" if is_ready else "not ready", checks=found), 200 if is_ready else 503

    return blueprint
