"""Tokens for what this system asks others by itself: client credentials, shown to the issuer, kept while they last."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import requests

from shared.domain.actor import Actor
from shared.web.identity import NoAnswer

from .issuer.clients import DEVELOPER, SECRET

TIMEOUT = (3, 10)  # seconds to connect, seconds to answer
SPARE = 30  # seconds before its end in which a token is no longer used

Wish = tuple[tuple[str, str], ...]


class NoToken(requests.RequestException):
    """The issuer refuses one; the message says why, or what to set."""


@dataclass(frozen=True)
class Client:
    """Who asks for tokens, and the address that gives them, asked for only when it is needed."""

    id: str
    secret: str
    where: Callable[[], str]


class Credentials:
    """Called it gives a token that is still valid for a while. Shared by threads, one of which asks for all."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._asking = threading.Lock()
        self._kept: dict[Wish, tuple[str, float]] = {}

    def __call__(self) -> str:
        return self.token()

    def token(self, **wish: str) -> str:
        """A wish to be somebody else only the development issuer grants. Raises `NoToken`, or `NoAnswer`."""
        key = tuple(sorted(wish.items()))
        with self._asking:
            token, ends_at = self._kept.get(key, ("", 0.0))
            if time.monotonic() >= ends_at - SPARE:
                token, lasts = self._ask(wish)
                self._kept[key] = token, time.monotonic() + lasts
            return token

    def _ask(self, wish: dict[str, str]) -> tuple[str, float]:
        if not self._client.secret:
            raise NoToken(f"HALQA_CLIENT_SECRET is not set: the issuer knows {self._client.id} by it")
        where = self._client.where()
        form = {"grant_type": "client_credentials", **wish}
        login = (self._client.id, self._client.secret)
        try:
            answer = requests.post(where, data=form, auth=login, timeout=TIMEOUT)
        except requests.RequestException as error:
            raise NoAnswer(f"no issuer answers at {where} ({type(error).__name__}): is HALQA_ISSUER right?") from error
        return self._read(answer, where)

    def _read(self, answer: requests.Response, where: str) -> tuple[str, float]:
        if answer.status_code >= 500:
            raise NoAnswer(f"{where} answers {answer.status_code}: the issuer is away")
        try:
            told = answer.json()
            if answer.ok:
                return told["access_token"], float(told.get("expires_in", 0))
            reason = told.get("error_description") or told.get("detail") or told["error"]
        except (ValueError, LookupError, TypeError, AttributeError):
            reason = "it does not answer as an issuer does"
        raise NoToken(f"{where} gives {self._client.id} no token ({answer.status_code}): {reason}")


def as_developer(token_url: str, seconds: int = 3600) -> Callable[[Actor], str]:
    """Tokens of anybody, from the development issuer at that address."""
    credentials = Credentials(Client(DEVELOPER, SECRET, lambda: token_url))
    return lambda actor: credentials.token(**_wish_to_be(actor), lifetime=str(seconds))


def _wish_to_be(actor: Actor) -> dict[str, str]:
    unit = {"unit": str(actor.unit_id)} if actor.unit_id else {}
    return {"role": actor.role.value, "sub": actor.id, **unit}
