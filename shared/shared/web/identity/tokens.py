"""Reads bearer tokens: verifies them once, remembers whose they are, refuses whatever is not as it must be."""

import time
from functools import lru_cache, partial

import jwt
from flask import Request
from jwt.types import Options

from shared.domain.actor import Actor
from shared.domain.refusals import NotIdentified

from ..marks import View, mark
from .claims import Claims
from .keys import Keys, KeySet

LEEWAY = 30  # seconds by which clocks differ
LONGEST = 8 * 1024  # characters; a longer one is not even looked at
MOST_REMEMBERED = 4096  # tokens
REQUIRED: Options = {"require": ["sub", "exp", "iss", "aud"]}
# What may be wrong with what somebody made up; numbers and brackets without end are among it.
WRONG = (jwt.PyJWTError, ValueError, OverflowError, RecursionError)


def public(view: View) -> View:
    """Mark a view that needs no token. Anything not marked is refused without one."""
    return mark(view, is_public=True)


class UnknownKey(Exception):
    """Signed with a key that is not in the set: perhaps the issuer has a new one."""


class Tokens:
    """Reads the tokens that one issuer has made for one audience. Nothing is fetched before the first is read."""

    def __init__(self, issuer: str, audience: str, keys: Keys, claims: Claims) -> None:
        self._decode = partial(jwt.decode, issuer=issuer, audience=audience, leeway=LEEWAY, options=REQUIRED)
        self._keys, self._claims = keys, claims
        self._verified = lru_cache(maxsize=MOST_REMEMBERED)(self._verify)

    def caller(self, request: Request) -> Actor:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotIdentified("token.missing")
        return self.read(token)

    def read(self, token: str) -> Actor:
        """Raises `NotIdentified` or `Away`. A signature is verified once; whether its time is over, at each request."""
        if len(token) > LONGEST:
            raise NotIdentified("token.invalid")
        actor, expires_at = self._look_up(token)
        if time.time() >= expires_at + LEEWAY:
            raise NotIdentified("token.invalid")
        return actor

    def _look_up(self, token: str) -> tuple[Actor, int]:
        known = self._keys.current()
        try:
            try:
                return self._verified(token, known)
            except UnknownKey:
                return self._verified(token, self._keys.after(known))
        except (UnknownKey, *WRONG) as error:
            # One answer to all of it: what exactly is wrong helps only whoever tries.
            raise NotIdentified("token.invalid") from error

    def _verify(self, token: str, known: KeySet) -> tuple[Actor, int]:
        """Remembered by token and set of keys: with another set, each token is verified anew."""
        kid = jwt.get_unverified_header(token).get("kid")
        if kid is None:
            raise jwt.InvalidTokenError("it does not say which key has signed it")
        key = known.by_id.get(kid)
        if key is None:
            raise UnknownKey
        claims = self._decode(token, key.public, list(key.algorithms))
        return self._claims.actor(claims), int(claims["exp"])
