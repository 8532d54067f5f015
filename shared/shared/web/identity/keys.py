"""The issuer's public keys: read when they are needed, read again when they may have changed, never too often."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from shared.domain.refusals import Away

from .issuer import NoAnswer

FRESH = 600  # seconds in which nobody asks again
REST = 30  # seconds between two questions, whoever makes us ask
FIRST_REST = 2  # the same, while there are no keys at all
KEPT = 24 * 3600  # seconds for which the last keys serve while the issuer is away
LEAST_RSA = 2048  # bits

# Asymmetric ones only, each with the kind of key that it needs: neither `none` nor a key taken for a secret fits.
ALGORITHMS = {
    ("RSA", None): ("RS256", "PS256"),
    ("EC", "P-256"): ("ES256",),
    ("OKP", "Ed25519"): ("EdDSA",),
}

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Key:
    """One public key, and the algorithms that it may be used with."""

    public: Any
    algorithms: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class KeySet:
    """What the issuer published once, by `kid`. Compared by identity: another reading that differs is another set."""

    published: Mapping[str, Any]
    by_id: Mapping[str, Key]


class Keys:
    """Shared by all threads. `read` asks the issuer and raises `NoAnswer`; meanwhile the last keys go on, for a day."""

    def __init__(self, read: Callable[[], dict[str, Any]], now: Callable[[], float] = time.monotonic) -> None:
        self._read, self._now = read, now
        self._reading = threading.Lock()
        self._set: KeySet | None = None
        self._read_at = self._asked_at = float("-inf")

    def current(self) -> KeySet:
        """The keys of now. Raises `Away` if there are none to be had."""
        if self._now() - self._read_at >= FRESH:
            self._ask()
        return self._held()

    def after(self, known: KeySet) -> KeySet:
        """The keys after `known` has turned out to lack one; the same ones, if it is too early to ask again."""
        if self._set is known:
            self._ask()
        return self._held()

    def _held(self) -> KeySet:
        if self._set is None or self._now() - self._read_at >= KEPT:
            raise Away("issuer.away")
        return self._set

    def _ask(self) -> None:
        """One thread asks; others go on with what there is, or wait if there is nothing."""
        if self._reading.acquire(blocking=self._set is None):
            try:
                self._ask_unless_just_done()
            finally:
                self._reading.release()

    def _ask_unless_just_done(self) -> None:
        if self._now() - self._asked_at < (REST if self._set else FIRST_REST):
            return
        self._asked_at = self._now()
        try:
            published = self._read()
        except NoAnswer as error:
            log.warning("the issuer's keys cannot be read: %s", error)
        else:
            self._take(published)

    def _take(self, published: dict[str, Any]) -> None:
        if self._set is None or published != self._set.published:
            self._set = KeySet(published, dict(_usable(published)))
            log.info("the issuer has %d keys for us", len(self._set.by_id))
        self._read_at = self._now()


def _usable(published: dict[str, Any]) -> Iterator[tuple[str, Key]]:
    """Keys for signatures, with a `kid`, of a kind we know; others are none of our business."""
    found = published.get("keys")
    for told in found if isinstance(found, list) else []:
        key = _key(told) if isinstance(told, dict) else None
        if key:
            yield told["kid"], key


def _key(told: dict[str, Any]) -> Key | None:
    kind = (told.get("kty"), told.get("crv"))
    fitting = next((names for known, names in ALGORITHMS.items() if known == kind), ())
    algorithms = tuple(name for name in fitting if told.get("alg", name) == name)
    is_ours = isinstance(told.get("kid"), str) and told.get("use", "sig") == "sig" and "d" not in told
    if not (algorithms and is_ours):
        return None
    try:
        public = jwt.PyJWK(told, algorithms[0]).key
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    return None if told["kty"] == "RSA" and public.key_size < LEAST_RSA else Key(public, algorithms)
