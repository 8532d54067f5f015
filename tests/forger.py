"""Tokens as an attacker makes them, and an issuer with keys of every kind that he may try them on."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from jwt.algorithms import ECAlgorithm, RSAAlgorithm

from shared.testing.issuer import AUDIENCE, ISSUER, KEY

ME = str(uuid4())
RIGHT = {"iss": ISSUER, "aud": AUDIENCE, "sub": ME, "role": "principal"}


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@cache
def ec_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def published() -> dict[str, Any]:
    """Three that can be used, one bound to its algorithm, and four that must not be."""
    plain_rsa = RSAAlgorithm.to_jwk(rsa_key().public_key(), as_dict=True)
    plain_ec = ECAlgorithm.to_jwk(ec_key().public_key(), as_dict=True)
    weak = RSAAlgorithm.to_jwk(rsa.generate_private_key(65537, 1024).public_key(), as_dict=True)
    others = [
        {**plain_rsa, "kid": "rsa"},
        {**plain_ec, "kid": "ec", "use": "sig", "alg": "ES256"},
        {**plain_rsa, "kid": "rsa for PS256", "alg": "PS256"},
        {**plain_rsa, "kid": "rsa for ciphers", "use": "enc"},
        {**weak, "kid": "weak"},
        {"kty": "oct", "k": encoded(b"a secret that was published by mistake"), "kid": "secret", "alg": "HS256"},
        {"kty": "RSA", "n": "rubbish", "kid": "rubbish"},
        "no key",
    ]
    return {"keys": [*KEY.published()["keys"], *others]}


def publish(folder: Path) -> str:
    """Where those keys are."""
    (folder / "keys.json").write_text(json.dumps(published()))
    return (folder / "keys.json").as_uri()


def pem() -> bytes:
    kind, form = serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    return rsa_key().public_key().public_bytes(kind, form)


def claims(**changes: Any) -> dict[str, Any]:
    """Right ones, with these changes; None takes one away."""
    now = datetime.now(UTC)
    told = RIGHT | {"iat": now, "exp": now + timedelta(hours=1)} | changes
    return {name: value for name, value in told.items() if value is not None}


def signed(**changes: Any) -> str:
    """By the issuer itself."""
    return KEY.sign(claims(**changes))


def signed_with(key: Any, algorithm: str, kid: str | None, **headers: Any) -> str:
    return jwt.encode(claims(), key, algorithm, headers={**({"kid": kid} if kid else {}), **headers})


def by_hand(header: dict[str, Any], sign: Callable[[bytes], bytes], told: dict[str, Any] | None = None) -> str:
    """What no library makes."""
    moments = {name: int(moment.timestamp()) for name, moment in claims().items() if name in ("iat", "exp")}
    body = f"{encoded(json.dumps(header).encode())}.{encoded(json.dumps(told or RIGHT | moments).encode())}"
    return f"{body}.{encoded(sign(body.encode()))}"


def hmac_with(secret: bytes) -> Callable[[bytes], bytes]:
    return lambda body: hmac.digest(secret, body, "sha256")


def encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()
