"""Who is calling: bearer tokens in, actors out. Every route asks, except those marked `public`."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TypeVar
from uuid import UUID

import jwt
from flask import Request

from shared.domain.actor import Actor, Role
from shared.domain.refusals import NotIdentified

ISSUER = "halqa-development"
AUDIENCE = "halqa"
ALGORITHM = "HS256"
# Known to everybody who reads this. The composed system starts with it unless told otherwise, and says so.
DEVELOPMENT_SECRET = "for-development-only-not-a-secret"
LEEWAY = timedelta(seconds=30)
MOST_REMEMBERED = 4096  # tokens

View = TypeVar("View", bound=Callable)


def public(view: View) -> View:
    """Mark a view that needs no token. Anything not marked is refused without one."""
    view.is_public = True
    return view


class Tokens:
    """Issues and reads development tokens, signed with one secret that all services of a system share."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._verified = lru_cache(maxsize=MOST_REMEMBERED)(self._verify)

    def issue(self, actor: Actor, lifetime: timedelta = timedelta(hours=1)) -> str:
        now = datetime.now(UTC)
        claims = {
            "sub": actor.id,
            "role": actor.role,
            "iss": ISSUER,
            "aud": AUDIENCE,
            "iat": now,
            "exp": now + lifetime,
        }
        if actor.unit_id:
            claims["unit"] = str(actor.unit_id)
        return jwt.encode(claims, self._secret, ALGORITHM)

    def read(self, token: str) -> Actor:
        """Raises `NotIdentified`. A signature is verified once; whether its time is over, at each request."""
        try:
            actor, expires_at = self._verified(token)
        except (jwt.InvalidTokenError, ValueError) as error:
            raise NotIdentified("token.invalid", f"The token is not valid: {error}. Ask for a new one.") from error
        if time.time() >= expires_at + LEEWAY.total_seconds():
            raise NotIdentified("token.invalid", "The token is not valid: it has expired. Ask for a new one.")
        return actor

    def _verify(self, token: str) -> tuple[Actor, int]:
        required = {"require": ["sub", "role", "exp", "iss", "aud"]}
        claims = jwt.decode(
            token, self._secret, [ALGORITHM], issuer=ISSUER, audience=AUDIENCE, leeway=LEEWAY, options=required
        )
        return _actor(claims), int(claims["exp"])

    def caller(self, request: Request) -> Actor:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise NotIdentified("token.missing", "Send an `Authorization: Bearer <token>` header.")
        return self.read(token)


def _actor(claims: dict[str, str]) -> Actor:
    role = Role(claims["role"])
    if role is Role.PRINCIPAL:
        UUID(claims["sub"])
    return Actor(id=claims["sub"], role=role, unit_id=UUID(str(claims["unit"])) if "unit" in claims else None)
