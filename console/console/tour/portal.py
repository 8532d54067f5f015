"""Calls the services over HTTP as a portal would: as somebody, patiently, and so that a repeat changes nothing."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID, uuid4

import requests

from shared.domain.actor import Actor, Role
from shared.web.identity import NoAnswer

PASSING = (502, 503, 504)
PATIENCE = 120  # seconds
TIMEOUT = 20  # seconds


class Unwelcome(Exception):
    """A service refused what the tour expected to be allowed; its problem is in the message."""


@dataclass
class Portal:
    """`urls` maps a service's name to its address; `token_of` gets a token that lets us be somebody."""

    urls: dict[str, str]
    token_of: Callable[[Actor], str]
    patience: float = PATIENCE

    def __post_init__(self) -> None:
        self._http = requests.Session()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def as_(self, role: Role, id: UUID | str = "tour", unit_id: UUID | str | None = None) -> "Caller":
        unit = UUID(str(unit_id)) if unit_id else None
        return Caller(self, Actor(id=str(id), role=role, unit_id=unit))

    def send(self, method: str, service: str, path: str, actor: Actor, **more: Any) -> requests.Response:
        """Repeats while nobody answers: a service may be starting again. Safe, thanks to the Idempotency-Key."""
        headers = {"Authorization": f"Bearer {self._token(actor)}", "Idempotency-Key": str(uuid4())}
        headers |= more.pop("headers", {})
        deadline = time.monotonic() + self.patience
        while True:
            answer = self._attempt(method, self.urls[service] + path, headers, more)
            if answer is not None and answer.status_code not in PASSING:
                return answer
            if time.monotonic() > deadline:
                raise Unwelcome(f"{service} does not answer: {method} {path} ({answer})")
            time.sleep(0.3)

    def _token(self, actor: Actor) -> str:
        """As patient as with the services: the issuer may be starting again too."""
        deadline = time.monotonic() + self.patience
        while True:
            try:
                return self.token_of(actor)
            except NoAnswer:
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.3)

    def _attempt(self, method: str, url: str, headers: dict, more: dict) -> requests.Response | None:
        try:
            return self._http.request(method, url, headers=headers, timeout=TIMEOUT, **more)
        except requests.ConnectionError:
            return None


@dataclass(frozen=True)
class Caller:
    """One actor at the portal."""

    portal: Portal
    actor: Actor

    def post(self, service: str, path: str, json: Any = None, **more: Any) -> Any:
        """The answer's JSON. Raises `Unwelcome` on any refusal."""
        body = {} if "files" in more else {"json": {} if json is None else json}
        return self._read(self.portal.send("POST", service, path, self.actor, **body, **more))

    def change(self, service: str, path: str, json: Any = None) -> Any:
        """`post` to what others may be changing too: having read it, and saying which edition that was."""
        seen = self._read_thing(service, path).headers.get("ETag")
        return self.post(service, path, json, headers={"If-Match": seen} if seen else {})

    def _read_thing(self, service: str, path: str) -> requests.Response:
        """What a change of this path changes: itself where it can be read, else the thing above it."""
        answer = self.portal.send("GET", service, path, self.actor)
        return self._read_thing(service, path.rpartition("/")[0]) if answer.status_code == 405 else answer

    def get(self, service: str, path: str, **query: Any) -> Any:
        return self._read(self.portal.send("GET", service, path, self.actor, params=query))

    def find(self, service: str, path: str, **query: Any) -> Any | None:
        """As `get`, and None where the service does not know it (yet), or not for this caller (yet)."""
        answer = self.portal.send("GET", service, path, self.actor, params=query)
        return None if answer.status_code in (403, 404) else self._read(answer)

    def all(self, service: str, path: str, **query: Any) -> list[Any]:
        """Every item of a list, page by page."""
        page = self.get(service, path, limit=200, **query)
        items = page["items"]
        while page["next"]:
            page = self.get(service, path, limit=200, after=page["next"], **query)
            items += page["items"]
        return items

    def _read(self, answer: requests.Response) -> Any:
        if not answer.ok:
            raise Unwelcome(f"{answer.request.method} {answer.url}: {answer.status_code} {answer.text}")
        return answer.json() if answer.content else None
