"""A running service, asked over HTTP by an operator's command."""

from typing import Any

import requests

TIMEOUT = (3, 30)  # seconds to connect, seconds to answer

Answer = dict[str, Any]


class Unreachable(Exception):
    """Nobody answers there, or not as one of our services does."""


class Refused(Exception):
    """The service's own words, and its `code` for what is wrong."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code


class Remote:
    """`service` is its name; all goes to its own `url`."""

    def __init__(self, service: str, url: str, token: str) -> None:
        self.service, self._url = service, f"{url}/v1"
        self._http = requests.Session()
        self._http.headers["Authorization"] = f"Bearer {token}"
        self._http.headers["Accept-Language"] = "en"  # as the command's own words

    def ask(self, method: str, path: str, **more: Any) -> Answer:
        try:
            return self._read(self._http.request(method, self._url + path, timeout=TIMEOUT, **more))
        except requests.RequestException as error:
            raise Unreachable(f"{self.service} does not answer at {self._url}: {type(error).__name__}") from error

    def _read(self, response: requests.Response) -> Answer:
        if "json" not in response.headers.get("Content-Type", ""):
            raise Unreachable(f"{self._url} is no service of ours: it answers {response.status_code} without JSON")
        told = response.json()
        if not response.ok:
            raise Refused(f"{self.service} refused it ({response.status_code}): {_said(told)}", told.get("code", ""))
        return told


def _said(problem: Answer) -> str:
    faults = [f"{fault.get('field')}: {fault['reason']}" for fault in problem.get("errors", [])]
    return "; ".join([problem.get("detail", "?"), *faults])
