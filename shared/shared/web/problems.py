"""The one place where a refusal becomes problem+json (RFC 9457); every answer that is an error looks alike."""

import logging
from typing import Any

from flask import Flask, Response, json
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from shared.domain.database import is_passing
from shared.domain.refusals import Fault, Invalid, NotAllowed, NotFound, NotIdentified, Refusal, Refused

STATUS = {Invalid: 422, NotIdentified: 401, NotAllowed: 403, NotFound: 404, Refused: 409}

log = logging.getLogger(__name__)


def problem(status: int, code: str, detail: str, faults: list[Fault] | None = None) -> Response:
    """`code` is stable and for programs, `detail` tells people what to do, `errors` names fields, lines, columns."""
    body: dict[str, Any] = {"type": f"urn:halqa:problem:{code}", "title": _title(code), "status": status}
    body |= {"code": code, "detail": detail}
    if faults:
        body["errors"] = [_present(fault) for fault in faults]
    # It repeats what was sent, and JSON can send halves of characters, which no answer can hold.
    wire = json.dumps(body, ensure_ascii=False).encode(errors="replace")
    return Response(wire, status, content_type="application/problem+json")


def _title(code: str) -> str:
    return code.replace(".", ": ").replace("_", " ").capitalize()


def _present(fault: Fault) -> dict[str, Any]:
    return {name: value for name, value in vars(fault).items() if value is not None}


def register(app: Flask) -> None:
    app.register_error_handler(Refusal, of_refusal)
    app.register_error_handler(StaleDataError, of_stale_data)
    app.register_error_handler(SQLAlchemyError, of_database_error)
    app.register_error_handler(HTTPException, of_http_exception)
    app.register_error_handler(RecursionError, of_nesting)
    app.register_error_handler(Exception, of_surprise)


def of_refusal(refusal: Refusal) -> Response:
    status = next(status for kind, status in STATUS.items() if isinstance(refusal, kind))
    response = problem(status, refusal.code, refusal.message, refusal.faults)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="halqa"'
    return response


def of_stale_data(_error: StaleDataError) -> Response:
    return problem(409, "request.stale", "Somebody else changed it meanwhile. Read it again and repeat your change.")


def of_database_error(error: SQLAlchemyError) -> Response:
    if isinstance(error, IntegrityError):
        log.warning("refused by the database: %s", type(error.orig).__name__)
        return problem(409, "request.conflict", "Somebody did the same at the same time. Read it again.")
    if is_passing(error):
        response = problem(503, "server.database_away", "The database does not answer. Try again in a few seconds.")
        response.headers["Retry-After"] = "5"
        return response
    return of_surprise(error)


def of_http_exception(error: HTTPException) -> Response:
    """What Flask and the schemas refuse. `data` is where webargs leaves what is wrong with which field."""
    messages = (getattr(error, "data", None) or {}).get("messages", {})
    faults = [fault for place in messages.values() for fault in _faults(place)]
    code = "request.invalid" if faults else f"request.{error.name.lower().replace(' ', '_')}"
    detail = "Correct the fields named in `errors`." if faults else error.description
    response = problem(error.code, code, detail, faults)
    if error.code == 405:
        response.headers["Allow"] = ", ".join(error.valid_methods or [])
    return response


def _faults(messages: Any, path: str = "") -> list[Fault]:
    """Flatten marshmallow's tree of messages; a field within a field is named `outer.inner`."""
    if not isinstance(messages, dict):
        return [Fault(reason=str(text), field=path.removeprefix(".") or None) for text in messages]
    steps = {name: "" if name == "_schema" else f".{name}" for name in messages}  # `_schema` is the whole
    return [fault for name, inner in messages.items() for fault in _faults(inner, path + steps[name])]


def of_nesting(error: RecursionError) -> Response:
    """JSON of many thousand brackets, which no parser here can follow."""
    log.warning("too deeply nested", exc_info=error)
    return problem(400, "request.nested_too_deeply", "What was sent is nested too deeply to be read.")


def of_surprise(error: Exception) -> Response:
    log.error("unexpected", exc_info=error)
    return problem(500, "server.error", "That is our fault, and it has been noted. Nothing was changed.")
