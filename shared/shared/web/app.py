"""The Flask application: one transaction per request, identity before anything else, problems for every error."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

import flask_smorest
from apispec import APISpec
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Blueprint, Flask, Response, g, request
from flask.json.provider import DefaultJSONProvider
from marshmallow import Schema

from shared.domain.actor import Actor
from shared.domain.correlation import Correlation, current
from shared.domain.database import Sessions, new_id
from shared.domain.policy import Policy
from shared.domain.preconditions import Seen
from shared.domain.trace import next_hop

from . import conditions, deprecation, idempotency, preferences, problems, request_log
from .bodies import LimitedRequest
from .catalogue import SHARED, Catalogue
from .codes import Code
from .description import INTRODUCTION, Description
from .docs import documentation
from .field_faults import FIELDS
from .identity import Tokens
from .rates import SAFE_METHODS, Rates
from .resources import tag_of
from .shapes import name_words, tell_keys

A_CORRELATION_ID = re.compile(r"^[\w.:-]{1,128}$")


class WideJson(DefaultJSONProvider):
    """Letters of all scripts as they are."""

    ensure_ascii = False


class Application(Flask):
    """Opens the transaction, asks who is calling, runs the view, commits; only then is the answer sent."""

    request_class = LimitedRequest

    def __init__(self, name: str, sessions: Sessions, tokens: Tokens) -> None:
        super().__init__(name, static_folder=None)
        self.json = WideJson(self)
        self.sessions, self.tokens, self.rates = sessions, tokens, Rates()
        self.extensions["halqa.sessions"] = sessions
        self.url_map.converters["code"] = Code
        request_log.observe(self)
        self.before_request(_correlate)
        self.after_request(_tell_correlation)
        self.after_request(deprecation.warn)

    def dispatch_request(self) -> Response:
        view = self.view_functions.get(request.endpoint or "")
        if view is None or getattr(view, "is_public", False) or request.method == "OPTIONS":
            self.rates.count(request)
            return self.make_response(super().dispatch_request())
        g.actor = self._identify(view)
        self.rates.count(request, g.actor)
        received = cast(LimitedRequest, request)
        received.demand_whole()
        received.demand_json()
        answer = self._read if request.method in SAFE_METHODS else self._change
        return answer(view)

    def _identify(self, view: Callable) -> Actor:
        try:
            return getattr(view, "identify", self.tokens.caller)(request)
        except Exception:  # whatever they showed: a token, a link, and whatever is wrong with it
            self.rates.count(request)
            raise

    def _read(self, _view: Callable) -> Response:
        with self.sessions.reader() as g.session:
            return conditions.not_again(self._run_view(), request)

    def _change(self, view: Callable) -> Response:
        seen = conditions.conditions_of(request, view)
        with conditions.overtaken(seen), self.sessions.transaction() as g.session:
            g.session.info["seen"] = seen
            response = self._answer_once(view, seen)
        is_cut = hasattr(view, "shows") and preferences.wants_minimum(request)
        return preferences.minimal(response) if is_cut else response

    def _answer_once(self, view: Callable, seen: Seen) -> Response:
        keeps_answer = not getattr(view, "keeps_no_answer", False)
        kept = idempotency.claim(g.session, g.actor, request) if keeps_answer else None
        if kept and kept.status:
            return idempotency.repeat(kept)
        response = self._run_view()
        conditions.demand_checked(seen)
        if kept:
            idempotency.keep(kept, response)
        return response

    def _run_view(self) -> Response:
        return self.make_response(super().dispatch_request())


def _correlate() -> None:
    given = request.headers.get("Correlation-Id", "")
    id = given if A_CORRELATION_ID.match(given) else str(new_id())
    current.set(Correlation(id, traceparent=next_hop(request.headers.get("traceparent"))))


def _tell_correlation(response: Response) -> Response:
    response.headers["Correlation-Id"] = current.get().id or ""
    return response


def published_name(schema: type[Schema]) -> str:
    """What a shape is called in the description: a request there is a wish, as it was first published."""
    kind = schema if isinstance(schema, type) else type(schema)
    return re.sub("Request$", "Wish", kind.__name__).removesuffix("Schema")


class Api(flask_smorest.Api):
    """Collects the routes into OpenAPI when it is told to, and leaves errors to `problems`."""

    def __init__(self, app: Flask) -> None:
        naming = MarshmallowPlugin(schema_name_resolver=published_name)
        super().__init__(app, spec_kwargs={"marshmallow_plugin": naming})
        self._registered: list[flask_smorest.Blueprint] = []
        for tell in (name_words, tell_keys):
            self.ma_plugin.converter.add_attribute_function(tell)

    def register_blueprint(self, blueprint: flask_smorest.Blueprint) -> None:
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blueprint.name] = self
        self._app.register_blueprint(blueprint)
        self._registered.append(blueprint)

    def collect(self) -> APISpec:
        for blueprint in self._registered:
            blueprint.register_views_in_doc(self, self._app, self.spec, name=blueprint.name, parameters=None)
        headings: dict[str, str] = {}
        for blueprint in self._registered:
            headings.setdefault(tag_of(blueprint), blueprint.description)
        for tag, description in headings.items():
            self.spec.tag({"name": tag, "description": description})
        return self.spec

    def handle_http_exception(self, error):
        return problems.of_http_exception(error)


def create_app(
    name: str,
    title: str,
    blueprints: Sequence[Blueprint],
    sessions: Sessions,
    tokens: Tokens,
    policy: Policy,
    texts: Sequence[Path] = (),
) -> Application:
    """`texts` are the service's own catalogues of what its refusals say; `policy`, of who may do what."""
    app = Application(name, sessions, tokens)
    app.extensions["halqa.catalogue"] = catalogue = Catalogue.of(SHARED, FIELDS, *texts)
    app.config |= {"API_TITLE": title, "API_VERSION": "v1", "OPENAPI_VERSION": "3.1.0"}
    problems.register(app)
    api = Api(app)
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    api.spec.options["info"] = {"description": INTRODUCTION}
    api.spec.options["security"] = [{"bearer": []}]
    api.spec.options["servers"] = [{"url": "."}]  # beside this description, also behind a gateway's prefix
    for blueprint in blueprints:
        documented = isinstance(blueprint, flask_smorest.Blueprint)
        (api if documented else app).register_blueprint(blueprint)
    app.extensions["halqa.description"] = description = Description(app, api.collect, policy, catalogue)
    app.register_blueprint(documentation(description, title, catalogue))
    return app
