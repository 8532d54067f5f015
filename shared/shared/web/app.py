"""The Flask application: one transaction per request, identity before anything else, problems for every error."""

import re
from collections.abc import Sequence
from contextlib import ExitStack

import flask_smorest
from flask import Blueprint, Flask, Response, g, request

from shared.domain.correlation import Correlation, current
from shared.domain.database import Sessions, new_id
from shared.domain.trace import next_hop

from . import access, idempotency, problems
from .docs import documentation
from .identity import Tokens

LARGEST_BODY = 32 * 1024 * 1024
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
A_CORRELATION_ID = re.compile(r"^[\w.:-]{1,128}$")


class Application(Flask):
    """Opens the transaction, asks who is calling, runs the view, commits; only then is the answer sent."""

    def __init__(self, name: str, sessions: Sessions, tokens: Tokens) -> None:
        super().__init__(name, static_folder=None)
        self.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
        self.json.ensure_ascii = False
        self.sessions, self.tokens = sessions, tokens
        access.observe(self)
        self.before_request(_correlate)
        self.after_request(_tell_correlation)

    def dispatch_request(self) -> Response:
        view = self.view_functions.get(request.endpoint)
        if view is None or getattr(view, "is_public", False):
            return super().dispatch_request()
        g.actor = self.tokens.caller(request)
        if request.is_json and request.content_length:
            request.get_json()  # Flask refuses all that is no JSON, also where the schemas' parser stumbles
        with ExitStack() as stack:
            safe = request.method in SAFE_METHODS
            g.session = stack.enter_context(self.sessions.reader() if safe else self.sessions.transaction())
            return self._answer(keeps_answer=not getattr(view, "keeps_no_answer", False))

    def _answer(self, keeps_answer: bool) -> Response:
        kept = idempotency.claim(g.session, g.actor, request) if keeps_answer else None
        if kept is None:
            return self.make_response(super().dispatch_request())
        if kept.status:
            return idempotency.repeat(kept)
        response = self.make_response(super().dispatch_request())
        idempotency.keep(kept, response)
        return response


def _correlate() -> None:
    given = request.headers.get("Correlation-Id", "")
    id = given if A_CORRELATION_ID.match(given) else str(new_id())
    current.set(Correlation(id, traceparent=next_hop(request.headers.get("traceparent"))))


def _tell_correlation(response: Response) -> Response:
    response.headers["Correlation-Id"] = current.get().id or ""
    return response


class Api(flask_smorest.Api):
    """Collects the routes into OpenAPI, and leaves errors to `problems`."""

    def handle_http_exception(self, error):
        return problems.of_http_exception(error)


def create_app(name: str, title: str, blueprints: Sequence[Blueprint], sessions: Sessions, tokens: Tokens) -> Flask:
    app = Application(name, sessions, tokens)
    app.config |= {"API_TITLE": title, "API_VERSION": "v1", "OPENAPI_VERSION": "3.1.0"}
    problems.register(app)
    api = Api(app)
    api.spec.components.security_scheme("bearer", {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    api.spec.options["security"] = [{"bearer": []}]
    api.spec.options["servers"] = [{"url": "."}]  # beside this description, also behind a gateway's prefix
    for blueprint in blueprints:
        documented = isinstance(blueprint, flask_smorest.Blueprint)
        (api if documented else app).register_blueprint(blueprint)
    app.register_blueprint(documentation(api.spec, title))
    return app
