"""`/health/live`: the process runs. `/health/ready`: it can do its work now; else 503 and what is missing."""

from collections.abc import Callable, Mapping

from flask import Blueprint, Response, jsonify

from .identity import public

Check = Callable[[], str | None]  # returns what is wrong, or None
Answer = Callable[[], str]


def health(checks: Mapping[str, Check], information: Mapping[str, Answer] | None = None) -> Blueprint:
    """`information` is told beside the checks, and makes nothing unready."""
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
        told = {name: answer() for name, answer in (information or {}).items()}
        return jsonify(status="ok" if is_ready else "not ready", checks=found, **told), 200 if is_ready else 503

    return blueprint
