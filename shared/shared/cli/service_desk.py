"""The dead letters of one running service, over HTTP."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import requests

AT_ONCE = 200  # letters of a page
TIMEOUT = (3, 30)  # seconds to connect, seconds to answer

Letter = dict[str, Any]


class Unreachable(Exception):
    """Nobody answers there, or not as one of our services does."""


class Refused(Exception):
    """The service's own words, and its `code` for what is wrong."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class Desk:
    """`service` is its name; all goes to its own `url`."""

    def __init__(self, service: str, url: str, token: str) -> None:
        self.service, self._url = service, f"{url}/v1/dead-letters"
        self._http = requests.Session()
        self._http.headers["Authorization"] = f"Bearer {token}"

    def letters(self, limit: int, **wish: str | None) -> tuple[list[Letter], bool]:
        """The first of them, and whether there are more."""
        found: list[Letter] = []
        after = None
        while True:
            some = min(AT_ONCE, limit - len(found))
            page = self._answer("GET", "", params={**wish, "after": after, "limit": some})
            found += [{"service": self.service, **letter} for letter in page["items"]]
            after = page["next"]
            if after is None or len(found) >= limit:
                return found, after is not None

    def letter(self, id: UUID, where: dict[str, str | None]) -> Letter | None:
        try:
            return self._answer("GET", f"/{id}", params=where)
        except Refused as refusal:
            if refusal.code == "dead_letter.not_found":
                return None
            raise

    def judge(self, verdict: str, id: UUID, reason: str, where: dict[str, str | None]) -> Letter:
        return self._answer("POST", f"/{id}/{verdict}", json={"reason": reason}, params=where)

    def replay_all(self, reason: str, wish: dict[str, str | None]) -> Iterator[Letter]:
        """Some at a time, each answer as it comes."""
        filter = {name: value for name, value in wish.items() if value}
        after = None
        while True:
            answer = self._answer("POST", "/replay", json={"reason": reason, "filter": filter, "after": after})
            yield answer
            after = answer["next"]
            if after is None:
                return

    def _answer(self, method: str, path: str, **more: Any) -> Letter:
        try:
            return self._read(self._http.request(method, self._url + path, timeout=TIMEOUT, **more))
        except requests.RequestException as error:
            raise Unreachable(f"{self.service} does not answer at {self._url}: {type(error).__name__}") from error

    def _read(self, response: requests.Response) -> Letter:
        if "json" not in response.headers.get("Content-Type", ""):
            raise Unreachable(f"{self._url} is no service of ours: it answers {response.status_code} without JSON")
        told = response.json()
        if not response.ok:
            raise Refused(f"{self.service} refused it ({response.status_code}): {_said(told)}", told.get("code", ""))
        return told


def _said(problem: dict[str, Any]) -> str:
    faults = [f"{fault.get('field')}: {fault['reason']}" for fault in problem.get("errors", [])]
    return "; ".join([problem.get("detail", "?"), *faults])
