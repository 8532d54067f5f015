"""Which answers each route can give: by rule what follows from its marks, by name what its own rules refuse.

    @meetings.post("/<uuid:meeting_id>/schedule")
    @raises("meeting.too_soon", "meeting.in_the_past")
    @meetings.arguments(schemas.ScheduleSchema)
    @meetings.response(200, schemas.MeetingSchema)
    def schedule_meeting(...): ...

The description of the API is written from this, and tests hold every answer to it.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Flask
from flask_smorest.spec.plugins import FlaskPlugin

from shared.domain.policy import Policy

from .catalogue import Catalogue
from .marks import View, mark

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
ANY = (
    "request.bad_request",
    "request.cut_short",
    "request.too_large",
    "request.too_many",
    "server.error",
    "server.database_away",
)
IDENTIFIED = ("token.missing", "token.invalid", "issuer.away", "caller.unknown_role", "caller.not_allowed")
CHANGING = ("request.conflict", "request.stale", "request.precondition_failed", "request.unsupported_media_type")
REPEATABLE = ("request.bad_idempotency_key", "request.key_reused")


def raises(*codes: str) -> Callable[[View], View]:
    """Mark a view with what its own rules refuse; what every route of its kind refuses is added by rule."""

    def marked(view: View) -> View:
        return mark(view, raises=codes)

    return marked


@dataclass(frozen=True)
class Route:
    """One method of one route: its view with all its marks, and how it is described without its problems."""

    method: str
    view: Callable
    operation: dict[str, Any]
    has_blanks: bool
    kinds: Sequence[str]

    def codes(self) -> set[str]:
        return {*ANY, *self._of_the_caller(), *self._of_what_was_sent(), *getattr(self.view, "raises", ())}

    def successes(self) -> set[int]:
        """A thing that is shown need not be shown again: where the caller has it already, or does not want it."""
        told = {int(status) for status in self.operation["responses"] if status.isdigit() and status < "400"}
        spared = {304} if self.method == "get" else {204} if 200 in told else set()
        return told | (spared if hasattr(self.view, "shows") else set())

    def _of_the_caller(self) -> Iterator[str]:
        if not getattr(self.view, "is_public", False):
            yield from IDENTIFIED
        if hasattr(self.view, "audited_persons"):
            yield "server.audit_away"
        yield from (f"{kind}.not_found" for kind in self.kinds)

    def _of_what_was_sent(self) -> Iterator[str]:
        if self.operation.get("parameters") or "requestBody" in self.operation:
            yield "request.invalid"
        if "requestBody" in self.operation:
            yield "request.nested_too_deeply"
        if self.has_blanks:
            yield "request.not_found"
        if self.method.upper() not in SAFE_METHODS:
            yield from CHANGING
        if self.method == "post" and not getattr(self.view, "keeps_no_answer", False):
            yield from REPEATABLE
        if getattr(self.view, "is_conditional", False):
            yield "request.precondition_required"


def routes(app: Flask, paths: Mapping[str, Any], policy: Policy) -> Iterator[tuple[str, Route]]:
    """Each described route with the endpoint that answers it."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        described = paths.get(FlaskPlugin.flaskpath2openapi(rule.rule), {})
        for method in (method for method in described if method.upper() in (rule.methods or ())):
            kind = policy.verbs.get(view.__name__)
            hidden = [kind.name] if kind is not None and (rule.arguments or not kind.is_open) else []
            yield rule.endpoint, Route(method, view, described[method], bool(rule.arguments), hidden)


def by_status(codes: set[str], texts: Catalogue) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for code in sorted((code for code in codes if code in texts.problems), key=lambda code: (texts.status(code), code)):
        found.setdefault(texts.status(code), []).append(code)
    return found
