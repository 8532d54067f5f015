"""The issuer of the tests: one key for all processes of a run, its public half in a file, tokens for anybody."""

import atexit
import json
import shutil
import tempfile
from datetime import timedelta
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.domain.actor import Actor
from shared.running.issuer import SECRET, SigningKey, create_issuer

from .serving import Served

ISSUER, AUDIENCE = "https://issuer.invalid", "halqa"
AN_HOUR = timedelta(hours=1)
# The same in every process, so that what one has signed another can read; of no worth elsewhere.
KEY = SigningKey(Ed25519PrivateKey.from_private_bytes(b"the key of tests; it is no secret"[:32]))


def token(actor: Actor, lifetime: timedelta = AN_HOUR) -> str:
    return KEY.token(ISSUER, AUDIENCE, actor, lifetime)


@cache
def _jwks_url() -> str:
    folder = Path(tempfile.mkdtemp(prefix="halqa-issuer-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    (folder / "jwks.json").write_text(json.dumps(KEY.published()))
    return (folder / "jwks.json").as_uri()


@cache
def _token_url() -> str:
    """Served until this process ends, for services that ask others."""
    return f"{Served(create_issuer(ISSUER, KEY)).url}/token"


def settings() -> dict[str, str]:
    """Whom a service under test believes; it needs no server for that."""
    return {"issuer": ISSUER, "jwks_url": _jwks_url()}


def settings_to_ask_others() -> dict[str, str]:
    return {**settings(), "token_url": _token_url(), "client_id": "membership", "client_secret": SECRET}


def environment() -> dict[str, str]:
    """The same, for a process."""
    return {f"HALQA_{name.upper()}": value for name, value in settings_to_ask_others().items()}
