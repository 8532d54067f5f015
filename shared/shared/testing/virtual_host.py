"""A virtual host of its own for one test: an empty broker, and users with as few rights as one likes."""

from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import requests

from .servers import Broker

EVERYTHING, NOTHING = ".*", "^$"
RIGHTS = {"configure": NOTHING, "write": NOTHING, "read": NOTHING}


class VirtualHost:
    """Its addresses are those of the broker's administrator; deleted with all that is in it."""

    def __init__(self, broker: Broker) -> None:
        self.name = f"test_{uuid4().hex[:12]}"
        self.url = urlsplit(broker.url)._replace(path=f"/{self.name}").geturl()
        self.management_url = broker.management_url
        self._users: list[str] = []
        self._put(f"vhosts/{self.name}")

    def user(self, tags: str, **rights: str) -> Broker:
        """Somebody with these tags (`management`, `policymaker`), who may configure, write and read such names."""
        name = f"user_{uuid4().hex[:12]}"
        self._put(f"users/{name}", password="secret", tags=tags)
        self._put(f"permissions/{self.name}/{name}", **RIGHTS | rights)
        self._users.append(name)
        return Broker(_as(name, self.url), _as(name, self.management_url))

    def _put(self, path: str, **what: Any) -> None:
        requests.put(f"{self.management_url}/api/{path}", json=what, timeout=10).raise_for_status()

    def delete(self) -> None:
        for path in (f"vhosts/{self.name}", *(f"users/{name}" for name in self._users)):
            requests.delete(f"{self.management_url}/api/{path}", timeout=10).raise_for_status()


def _as(user: str, url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=f"{user}:secret@{parts.hostname}:{parts.port}").geturl()
