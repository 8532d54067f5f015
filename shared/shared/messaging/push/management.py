"""RabbitMQ's management API: what stands in one virtual host, and how it is changed."""

from dataclasses import dataclass
from typing import Any, NamedTuple, Self
from urllib.parse import quote, unquote, urlsplit

import requests

ANSWERS_WITHIN = 10  # seconds


class Unreachable(Exception):
    """Nobody answers there: nothing is known."""


class Rejected(Exception):
    """It answers, and refuses: a wrong password, too few rights, no such virtual host."""


class Binding(NamedTuple):
    exchange: str
    key: str
    queue: str


@dataclass(frozen=True)
class StandingQueue:
    """A queue as it is. `messages` is up to five seconds old: good for telling, too old for deciding."""

    arguments: dict[str, Any]
    policy: str | None
    messages: int


class Management:
    """Asks and changes one virtual host. The password in `url` appears in no message."""

    def __init__(self, url: str, virtual_host: str) -> None:
        parts = urlsplit(url)
        self.address = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl().rstrip("/")
        self.virtual_host = virtual_host
        self._session = requests.Session()
        self._session.auth = (unquote(parts.username or ""), unquote(parts.password or ""))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def exchanges(self) -> dict[str, str]:
        """Name and type of each."""
        return {one["name"]: one["type"] for one in self._ask("GET", "exchanges")}

    def queues(self) -> dict[str, StandingQueue]:
        # Without statistics, which tell the policy of some seconds ago.
        found = self._ask("GET", "queues", params={"disable_stats": "true", "enable_queue_totals": "true"})
        return {
            one["name"]: StandingQueue(one["arguments"], one.get("policy") or None, one.get("messages", 0))
            for one in found
        }

    def bindings(self) -> list[Binding]:
        """Those of queues to exchanges with a name; every queue has one to the exchange without."""
        found = [one for one in self._ask("GET", "bindings") if one["destination_type"] == "queue" and one["source"]]
        return sorted(Binding(one["source"], one["routing_key"], one["destination"]) for one in found)

    def policies(self) -> dict[str, dict[str, Any]]:
        return {one.pop("name"): _without_place(one) for one in self._ask("GET", "policies")}

    def put_exchange(self, name: str, type: str) -> None:
        self._ask("PUT", "exchanges", name, json={"type": type, "durable": True})

    def put_queue(self, name: str, arguments: dict[str, Any]) -> None:
        self._ask("PUT", "queues", name, json={"durable": True, "arguments": arguments})

    def put_policy(self, name: str, policy: dict[str, Any]) -> None:
        self._ask("PUT", "policies", name, json=policy)

    def delete_policy(self, name: str) -> None:
        self._ask("DELETE", "policies", name)

    def bind(self, binding: Binding) -> None:
        self._ask("POST", "bindings", "e", binding.exchange, "q", binding.queue, json={"routing_key": binding.key})

    def unbind(self, binding: Binding) -> None:
        # The last word names a binding among those of the same two; without arguments it is the key.
        self._ask("DELETE", "bindings", "e", binding.exchange, "q", binding.queue, binding.key)

    def _ask(self, method: str, kind: str, *place: str, **request: Any) -> Any:
        path = "/".join(quote(part, safe="") for part in ("api", kind, self.virtual_host, *place))
        try:
            answer = self._session.request(method, f"{self.address}/{path}", timeout=ANSWERS_WITHIN, **request)
        except requests.RequestException as error:
            raise Unreachable(f"{self.address} does not answer ({type(error).__name__})") from error
        if not answer.ok:
            raise Rejected(f"{self.address} refuses {method} {path}: {answer.status_code} {_reason(answer)}")
        return answer.json() if answer.content else None


def _without_place(policy: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in policy.items() if key != "vhost"}


def _reason(answer: requests.Response) -> str:
    try:
        return str(answer.json()["reason"])
    except (requests.JSONDecodeError, KeyError, TypeError):
        return answer.reason
