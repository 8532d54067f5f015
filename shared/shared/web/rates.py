"""How often one client may ask: by who they are, or where nobody knows that, by where they are.

Counted by `limits`, which Flask-Limiter stands on; why without the latter: `docs/adr/0026-http-conventions.md`.
"""

import logging
import math
import time
from collections.abc import Sequence

from flask import Request, Response, after_this_request
from limits import RateLimitItem, parse
from limits.storage import storage_from_string
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import TooManyRequests

from shared.domain.actor import Actor, Role

from .rate_windows import Windows
from .request_log import POLLING, WATCHING

OFF = "off"
MEMORY = "memory://"  # of each process
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
WITHOUT_STORAGE = 30  # seconds for which each process counts alone after the common storage has failed

log = logging.getLogger(__name__)


class Rates:
    """Counts requests per client, and changes once more; whoever exceeds gets 429 and is told when to come back."""

    def __init__(self, requests: str = OFF, changes: str = OFF, storage: str = MEMORY) -> None:
        """Limits are written as `600/minute`."""
        self._reading = _limits(requests=requests)
        self._changing = _limits(requests=requests, changes=changes)
        self._alone = FixedWindowRateLimiter(Windows())
        is_common = storage != MEMORY
        self._common = FixedWindowRateLimiter(storage_from_string(storage)) if is_common else self._alone
        self._alone_until = 0.0

    def count(self, request: Request, actor: Actor | None = None) -> None:
        if not (self._changing and _is_counted(request, actor)):
            return
        client = f"{actor.role}:{actor.id}" if actor else f"address:{request.remote_addr}"
        for name, limit in self._reading if request.method in SAFE_METHODS else self._changing:
            if not self._hit(limit, name, client):
                self._refuse(limit, name, client)

    def _hit(self, limit: RateLimitItem, name: str, client: str) -> bool:
        try:
            return self._counter().hit(limit, name, client)
        except Exception as error:  # whatever its driver raises; a lost count must not cost anybody their answer
            log.warning("the storage of rates does not answer, each process counts alone: %s", type(error).__name__)
            self._alone_until = time.monotonic() + WITHOUT_STORAGE
            return self._alone.hit(limit, name, client)

    def _counter(self) -> FixedWindowRateLimiter:
        return self._alone if time.monotonic() < self._alone_until else self._common

    def _refuse(self, limit: RateLimitItem, name: str, client: str) -> None:
        ends_at, _ = self._counter().get_window_stats(limit, name, client)
        seconds = max(1, math.ceil(ends_at - time.time()))

        @after_this_request
        def tell(response: Response) -> Response:
            response.headers["Retry-After"] = str(seconds)
            response.headers["RateLimit-Policy"] = f'"{name}";q={limit.amount};w={limit.get_expiry()}'
            response.headers["RateLimit"] = f'"{name}";r=0;t={seconds}'
            return response

        raise TooManyRequests


def _limits(**written: str) -> Sequence[tuple[str, RateLimitItem]]:
    return [(name, parse(limit)) for name, limit in written.items() if limit != OFF]


def _is_counted(request: Request, actor: Actor | None) -> bool:
    """Whoever watches asks all the time, and so do subscribers."""
    polls = request.blueprint in POLLING and actor is not None and actor.role is Role.SERVICE
    return not polls and request.blueprint not in WATCHING
