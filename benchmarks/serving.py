"""Both sides of the requests: each app behind the same gunicorn as in production, and a client that stays connected."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from io import BytesIO
from typing import Any
from uuid import uuid4

import requests
from flask import Flask

import membership.app
from membership.settings import MembershipSettings
from shared.domain.actor import Actor, Role
from shared.running.server import ForkingServer
from shared.testing import issuer
from shared.testing.issuer import token as token_of
from shared.testing.servers import free_port
from shared.testing.waiting import eventually
from shared.web import audit

from . import bare_flask, bare_list, bells, bells_api
from .players import Cue, Player


def make_app(side: str, database_url: str) -> Flask:
    return SIDES[side](database_url)


def _ringing(database_url: str) -> Flask:
    return bells_api.service.create_app(bells.settings(database_url))


def _listing(database_url: str) -> Flask:
    told = {"link_secret": "signs the links of measurements", **issuer.settings_to_ask_others()}
    counted = {"rate_limit": "1000000/second", "rate_limit_changes": "1000000/second"}
    return membership.app.service.create_app(MembershipSettings(database_url=database_url, **told, **counted))


def _listing_unwatched(database_url: str) -> Flask:
    """In a process of its own, where nothing else is audited either."""
    audit.note = lambda *_, **__: None
    return _listing(database_url)


SIDES = {
    "ours": _ringing,
    "bare": bare_flask.create_app,
    "list": _listing,
    "unwatched list": _listing_unwatched,
    "bare list": bare_list.create_app,
}


def serve(cue: Cue, side: str, database_url: str, bind: str) -> None:
    cue.ready()
    settings = bells.settings(database_url, bind=bind)
    ForkingServer(lambda: make_app(side, database_url), settings).run()


@contextmanager
def served(side: str, database_url: str) -> Iterator["Caller"]:
    bind = f"127.0.0.1:{free_port()}"
    server = Player(serve, side, database_url, bind)
    try:
        server.is_ready()
        server.go()
        caller = Caller(bind, token_for(side))
        eventually(caller.is_answered, what=f"{side} answers")
        yield caller
    finally:
        server.end()


class Caller:
    """One connection, kept; one request after the other. Thin, so that it does not hide the difference."""

    def __init__(self, bind: str, token: str) -> None:
        self._bind, self._connection = bind, HTTPConnection(bind, timeout=10)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def is_answered(self) -> bool:
        try:
            requests.get(f"http://{self._bind}/", timeout=5)
        except requests.ConnectionError:
            return False
        return True

    def call(self, method: str, path: str, body: bytes = b"") -> bytes:
        self._connection.request(method, path, body or None, self._headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{method} {path} was answered {answer.status}: {content[:500]!r}")
        return content


class InProcess:
    """Calls the app as a WSGI server would, with no server and no network around it."""

    def __init__(self, app: Flask, token: str = "") -> None:
        self._app, self._authorization = app, f"Bearer {token or a_token()}"

    def call(self, method: str, path: str, body: bytes = b"") -> bytes:
        statuses: list[str] = []
        answer = self._app(self._environ(method, path, body), lambda status, _headers: statuses.append(status))
        try:
            content = b"".join(answer)
        finally:
            answer.close()
        if statuses != ["200 OK"]:
            raise RuntimeError(f"{method} {path} was answered {statuses}: {content[:500]!r}")
        return content

    def _environ(self, method: str, path: str, body: bytes) -> dict[str, Any]:
        path, _, query = path.partition("?")
        return {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SERVER_NAME": "127.0.0.1",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "HTTP_AUTHORIZATION": self._authorization,
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            "wsgi.errors": sys.stderr,
        }


def token_for(side: str) -> str:
    """Of whoever may ask: principals ring bells, the Ministry reads lists."""
    return a_token(Role.MINISTRY_ADMINISTRATOR if side.endswith("list") else Role.PRINCIPAL)


def a_token(role: Role = Role.PRINCIPAL) -> str:
    return token_of(Actor(id=str(uuid4()), role=role))
