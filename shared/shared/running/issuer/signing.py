"""A key that signs tokens: made at start, or kept in a file so that what it has signed outlives a restart."""

import base64
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.domain.actor import Actor

ALGORITHM = "EdDSA"


class SigningKey:
    """An Ed25519 key; its `kid` follows from it, so that another key never has the same."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key
        raw = key.public_key().public_bytes_raw()
        self.kid = sha256(raw).hexdigest()[:16]
        self._x = base64.urlsafe_b64encode(raw).rstrip(b"=").decode()

    @classmethod
    def new(cls) -> Self:
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def kept_in(cls, file: Path) -> Self:
        """The one that was kept there, or a new one, kept from now on for its owner's eyes only."""
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            draft = file.with_suffix(".new")  # renamed when it is whole: no restart finds half a key
            draft.touch(mode=0o600)
            draft.write_bytes(Ed25519PrivateKey.generate().private_bytes_raw())
            draft.replace(file)
        return cls(Ed25519PrivateKey.from_private_bytes(file.read_bytes()))

    def published(self) -> dict[str, Any]:
        """The JSON Web Key Set of those who verify."""
        key = {"kty": "OKP", "crv": "Ed25519", "x": self._x, "kid": self.kid, "use": "sig", "alg": ALGORITHM}
        return {"keys": [key]}

    def sign(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self._key, ALGORITHM, headers={"kid": self.kid})

    def token(self, issuer: str, audience: str, actor: Actor, lifetime: timedelta) -> str:
        return self.sign(claims_of(issuer, audience, actor, lifetime))


def claims_of(issuer: str, audience: str, actor: Actor, lifetime: timedelta) -> dict[str, Any]:
    """As services read them unless other claims are configured."""
    now = datetime.now(UTC)
    unit = {"unit": str(actor.unit_id)} if actor.unit_id else {}
    told = {"iss": issuer, "aud": audience, "sub": actor.id, "role": actor.role.value, **unit}
    return told | {"iat": now, "exp": now + lifetime}
