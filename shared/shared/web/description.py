"""OpenAPI told to the end: to what the blueprints collect come the problems and the headers of every route."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from http import HTTPStatus
from threading import Lock
from typing import Any

from apispec import APISpec
from flask import Flask

from shared.domain.policy import Policy

from .catalogue import Catalogue
from .declared_refusals import Route, by_status, routes
from .described_headers import tell_headers
from .shapes import drop_unused, tell_whole

PROBLEM = "application/problem+json"
INTRODUCTION = (
    "Every operation asks for a bearer token and is named by its verb. It refuses with a problem (RFC 9457) in French, "
    "Arabic or English, as `Accept-Language` says; [one page](docs/problems) lists all. What shows one thing tells "
    "its edition as `ETag`; lists come in pages; moments are in UTC. The page for portals, `docs/api/README.md`, "
    "tells the rest."
)
TEXT = {"type": "string"}
WRONG = {
    "type": "object",
    "description": "One thing wrong with what was sent: where, what, and why.",
    "properties": {"field": TEXT, "line": {"type": "integer"}, "value": TEXT, "code": TEXT, "reason": TEXT},
    "required": ["code", "reason"],
}
SCHEMA = {
    "type": "object",
    "description": "RFC 9457. `code` is stable, for programs; `title` and `detail` follow `Accept-Language`.",
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": TEXT,
        "status": {"type": "integer"},
        "code": TEXT,
        "detail": TEXT,
        "errors": {"type": "array", "items": {"$ref": "#/components/schemas/Fault"}},
    },
    "required": ["type", "title", "status", "code", "detail"],
}


class Description:
    """Of one application. Made when it is first asked for: that takes longer than all else when a process starts."""

    def __init__(self, app: Flask, collect: Callable[[], APISpec], policy: Policy, texts: Catalogue) -> None:
        self._app, self._collect, self._policy, self._texts = app, collect, policy, texts
        self._making = Lock()  # requests come in several threads

    @property
    def spec(self) -> APISpec:
        return self._made[0]

    @property
    def answers(self) -> "Answers":
        """What each endpoint may answer, for tests to hold it to that."""
        return self._made[1]

    @property
    def _made(self) -> tuple[APISpec, "Answers"]:
        with self._making:
            return self._once

    @cached_property
    def _once(self) -> tuple[APISpec, "Answers"]:
        spec = self._collect()
        return spec, describe(self._app, spec, self._policy, self._texts)


Answers = Mapping[tuple[str, str], Mapping[int, Sequence[str]]]  # endpoint, method -> status -> codes


def describe(app: Flask, spec: APISpec, policy: Policy, texts: Catalogue) -> Answers:
    spec.components.schema("Fault", WRONG)
    spec.components.schema("Problem", SCHEMA)
    found = list(routes(app, spec._paths, policy))
    answers = {(endpoint, route.method): _complete(route, texts) for endpoint, route in found}
    drop_unused(spec)
    tell_whole(spec)
    for code in sorted({code for told in answers.values() for codes in told.values() for code in codes}):
        spec.components.example(code, {"summary": texts.title(code, "en"), "value": example(code, texts)})
    return answers


def _complete(route: Route, texts: Catalogue) -> dict[int, list[str]]:
    """What blueprints say by default of errors is dropped: it is less than the truth."""
    successes, problems = route.successes(), by_status(route.codes(), texts)
    kept = {status: told for status, told in route.operation["responses"].items() if status in map(str, successes)}
    spared = {str(status): {"description": HTTPStatus(status).phrase} for status in successes}
    answers = {str(status): _answer(status, codes) for status, codes in problems.items()}
    route.operation["responses"] = spared | kept | answers
    route.operation["operationId"] = route.view.__name__  # the verb, as in the policy: stable, and once in a service
    tell_headers(route)
    return {status: [] for status in successes} | problems


def _answer(status: int, codes: Sequence[str]) -> dict[str, Any]:
    examples = {code: {"$ref": f"#/components/examples/{code}"} for code in codes}
    content = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}, "examples": examples}}
    return {"description": HTTPStatus(status).phrase, "content": content}


def example(code: str, texts: Catalogue) -> Mapping[str, Any]:
    told = {"type": f"urn:halqa:problem:{code}", "title": texts.title(code, "en"), "status": texts.status(code)}
    return told | {"code": code, "detail": texts.problems[code]["en"]["detail"]}
