"""A client that holds every answer to the description of the API: what is not described there fails the test."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.test import TestResponse

from shared.web.description import Answers


class HeldToItsWord(FlaskClient):
    """Asks as any client of Flask does; routes that are not described (pages, health) are not looked at."""

    def open(self, *given: Any, **named: Any) -> TestResponse:
        response = super().open(*given, **named)
        self._compare(response)
        return response

    def _compare(self, response: TestResponse) -> None:
        request = response.request
        promised = self._promised(request.path, request.method)
        if promised is not None:
            asked, code = f"{request.method} {request.path}", (response.get_json(silent=True) or {}).get("code")
            told = response.status_code
            assert told in promised, f"{asked} answered {told} ({code}), described are {sorted(promised)}"
            described = told < 400 or code in promised[told]
            assert described, f"{asked} answered {told} {code}; is it missing among @raises, or in the catalogue?"

    def _promised(self, path: str, method: str) -> Mapping[int, Sequence[str]] | None:
        try:
            endpoint, _ = self.application.url_map.bind("").match(path, method)
        except HTTPException:
            return None
        return _promises(self.application).get((endpoint, method.lower()))


_known: dict[object, Answers] = {}


def _promises(app: Flask) -> Answers:
    """To describe an application takes longer than most tests: those with the same routes promise the same."""
    if "promises" not in app.extensions:
        views = ((rule.rule, app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules())
        routes = app.name, frozenset((rule, _name(view)) for rule, view in views)
        if routes not in _known:
            _known[routes] = app.extensions["halqa.description"].answers
        app.extensions["promises"] = _known[routes]
    return app.extensions["promises"]


def _name(view: Any) -> str:
    view = getattr(view, "func", view)  # of a partial
    return f"{view.__module__}.{view.__qualname__}"
