"""The one place where a refusal becomes problem+json (RFC 9457); every answer that is an error looks alike."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from flask import Flask, Response, current_app, json, request
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from shared.domain.database import is_passing
from shared.domain.refusals import (
    Away,
    CutShort,
    Fault,
    Invalid,
    NotAllowed,
    NotFound,
    NotIdentified,
    NotSeen,
    Outdated,
    Refusal,
    Refused,
)

from . import field_faults
from .catalogue import FALLBACK, LANGUAGES, Catalogue

STATUS = {
    CutShort: 400,
    Invalid: 422,
    NotIdentified: 401,
    NotAllowed: 403,
    NotFound: 404,
    Outdated: 412,
    NotSeen: 428,
    Away: 503,
    Refused: 409,
}
WHAT_IS_WRONG = {"token.invalid": ', error="invalid_token"'}
# What Flask and Werkzeug refuse by themselves: whatever is not here is told as the first or the last of these.
HTTP_CODES = {
    400: "request.bad_request",
    404: "request.not_found",
    405: "request.method_not_allowed",
    406: "request.not_acceptable",
    412: "request.precondition_failed",
    413: "request.too_large",
    415: "request.unsupported_media_type",
    422: "request.invalid",
    428: "request.precondition_required",
    429: "request.too_many",
    500: "server.error",
}

log = logging.getLogger(__name__)


def problem(status: int, code: str, faults: Sequence[Fault] = (), **facts: Any) -> Response:
    """`code` is stable and for programs, `detail` tells people what to do, `errors` names fields, lines, columns."""
    language, body = language_wanted(), _body(status, code, faults, facts)
    # It repeats what was sent, and JSON can send halves of characters, which no answer can hold.
    wire = json.dumps(body, ensure_ascii=False).encode(errors="replace")
    response = Response(wire, status, content_type="application/problem+json")
    response.headers["Content-Language"] = language
    response.vary.add("Accept-Language")
    return response


def _body(status: int, code: str, faults: Sequence[Fault], facts: Mapping[str, Any]) -> dict[str, Any]:
    texts, language = catalogue(), language_wanted()
    body: dict[str, Any] = {"type": f"urn:halqa:problem:{code}", "title": texts.title(code, language)}
    body |= {"status": status, "code": code, "detail": texts.detail(code, language, facts)}
    return body | ({"errors": [present(fault) for fault in faults]} if faults else {})


def told(refusal: Refusal) -> dict[str, Any]:
    """A refusal within an answer, where only a part of what was asked is refused."""
    return _body(status_of(refusal), refusal.code, refusal.faults, refusal.facts)


def status_of(refusal: Refusal) -> int:
    return next(status for kind, status in STATUS.items() if isinstance(refusal, kind))


def present(fault: Fault) -> dict[str, Any]:
    """As it is told: what is unknown of it is left out, and why it is wrong is said in the caller's language."""
    told = {"field": fault.field, "line": fault.line, "value": fault.value, "code": fault.code}
    told["reason"] = reason_of(fault)
    return {name: value for name, value in told.items() if value is not None}


class Told(Protocol):
    """A fault, or what is kept of one."""

    @property
    def code(self) -> str: ...

    @property
    def facts(self) -> Mapping[str, Any]: ...


def reason_of(fault: Told) -> str:
    return catalogue().reason(fault.code, language_wanted(), fault.facts)


def catalogue() -> Catalogue:
    return current_app.extensions["halqa.catalogue"]


def language_wanted() -> str:
    return request.accept_languages.best_match(LANGUAGES, FALLBACK)


def register(app: Flask) -> None:
    app.register_error_handler(Refusal, of_refusal)
    app.register_error_handler(StaleDataError, of_stale_data)
    app.register_error_handler(SQLAlchemyError, of_database_error)
    app.register_error_handler(HTTPException, of_http_exception)
    app.register_error_handler(RecursionError, of_nesting)
    app.register_error_handler(Exception, of_surprise)


def of_refusal(refusal: Refusal) -> Response:
    status = status_of(refusal)
    response = problem(status, refusal.code, refusal.faults, **refusal.facts)
    if status == 401:
        # As RFC 6750 says it: a token that is wrong is named, one that is missing is not.
        response.headers["WWW-Authenticate"] = f'Bearer realm="halqa"{WHAT_IS_WRONG.get(refusal.code, "")}'
    if status == 503:
        response.headers["Retry-After"] = "5"
    return response


def of_stale_data(_error: StaleDataError) -> Response:
    return problem(409, "request.stale")


def of_database_error(error: SQLAlchemyError) -> Response:
    if isinstance(error, IntegrityError):
        log.warning("refused by the database: %s", type(error.orig).__name__)
        return problem(409, "request.conflict")
    if is_passing(error):
        response = problem(503, "server.database_away")
        response.headers["Retry-After"] = "5"
        return response
    return of_surprise(error)


def of_http_exception(error: HTTPException) -> Response:
    """What Flask and the schemas refuse. `data` is where webargs leaves what is wrong with which field."""
    messages = (getattr(error, "data", None) or {}).get("messages", {})
    faults = [fault for place in messages.values() for fault in field_faults.flattened(place)]
    status = error.code or 500
    code = HTTP_CODES.get(status, "request.bad_request" if status < 500 else "server.error")
    response = problem(status, code, faults)
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(error.valid_methods or [])
    return response


def of_nesting(error: RecursionError) -> Response:
    """JSON of many thousand brackets, which no parser here can follow."""
    log.warning("too deeply nested", exc_info=error)
    return problem(400, "request.nested_too_deeply")


def of_surprise(error: Exception) -> Response:
    log.error("unexpected", exc_info=error)
    return problem(500, "server.error")
