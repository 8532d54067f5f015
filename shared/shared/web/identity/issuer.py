"""Whoever issues our tokens, an OpenID Connect provider: what it is called, and what is read from it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import requests

WELL_KNOWN = "/.well-known/openid-configuration"
TIMEOUT = (3, 5)  # seconds to connect, seconds to answer
LONGEST = 1024 * 1024  # bytes of what it says of itself

Told = dict[str, Any]


class NoAnswer(requests.RequestException):
    """The issuer does not answer, or not as an OpenID Connect provider does."""


@dataclass(frozen=True)
class Issuer:
    """`name` is what tokens call it (`iss`). Its addresses are those it tells of, unless others are given.

    They are given where a service reaches it by another road than people do. A `file:` address of keys needs no road.
    """

    name: str
    jwks_url: str = ""
    token_url: str = ""

    def keys(self) -> Told:
        """Its public keys, as a JSON Web Key Set. Raises `NoAnswer`."""
        return read(self.jwks_url or self._tells("jwks_uri"))

    def where_tokens_are(self) -> str:
        """Its token endpoint. Raises `NoAnswer`."""
        return self.token_url or self._tells("token_endpoint")

    def _tells(self, what: str) -> str:
        told = read(self.name.rstrip("/") + WELL_KNOWN)
        # Another name in it would be another issuer's, whose keys must not sign in this one's name.
        if told.get("issuer") != self.name or not isinstance(told.get(what), str):
            raise NoAnswer(f"{self.name}{WELL_KNOWN} is of another issuer, or without {what}")
        return told[what]


def read(url: str) -> Told:
    """The JSON object at an address `http:`, `https:` or `file:`. Raises `NoAnswer`."""
    try:
        told = json.loads(_read_file(url) if url.startswith("file:") else _fetch(url))
    except (OSError, ValueError, RecursionError) as error:  # RequestException is an OSError
        raise NoAnswer(f"{url} cannot be read: {type(error).__name__}") from error
    if not isinstance(told, dict):
        raise NoAnswer(f"{url} holds no JSON object")
    return told


def _read_file(url: str) -> bytes:
    with Path(url2pathname(urlsplit(url).path)).open("rb") as file:
        return file.read(LONGEST)


def _fetch(url: str) -> bytes:
    with requests.get(url, timeout=TIMEOUT, stream=True, headers={"Accept": "application/json"}) as answer:
        answer.raise_for_status()
        return answer.raw.read(LONGEST, decode_content=True)
