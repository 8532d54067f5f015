"""Where the broker is not as the subscriptions declare it: what is missing, different, superfluous, and the remedy.

Nothing here deletes a queue or a message: whether one may go is for a person to say.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from itertools import chain
from typing import Any

from .management import Binding, Management, StandingQueue
from .topology import EVENTS, EXCHANGES, DeclaredQueue

PRIORITY = 10  # of our policies: one policy alone applies to a queue, that of the highest priority

# An event that finds no queue counts as published, so nobody may publish while one is made anew.
AT_REST = "stop the `work` of every service (events wait in the outboxes)"
ANEW = "`topology apply`, start `work` again"


class Kind(StrEnum):
    MISSING = "missing"
    DIFFERENT = "different"
    SUPERFLUOUS = "superfluous"


@dataclass(frozen=True)
class Deviation:
    """`mend` puts it right; where it is None a person must, and `remedy` says how."""

    kind: Kind
    what: str
    mend: Callable[[], None] | None = None
    remedy: str = "`topology apply` puts it right"


class Comparison:
    """A virtual host, asked once, beside all that the services at hand declare."""

    def __init__(self, management: Management, declared: Iterable[DeclaredQueue]) -> None:
        self._management = management
        self._declared = {queue.name: queue for queue in declared}
        self._services = {name.partition(".")[0] for name in self._declared}
        self._exchanges = management.exchanges()
        self._policies = management.policies()
        self._queues = management.queues()
        self._bindings = management.bindings()

    def deviations(self) -> list[Deviation]:
        """In an order in which they can be mended: a queue comes after its policy, and is never without."""
        parts = (self._of_policy, self._of_queue, self._of_bindings)
        found = chain.from_iterable(part(queue) for part in parts for queue in self._declared.values())
        return [*self._of_exchanges(), *found, *self._retired_queues(), *self._retired_policies()]

    def _of_exchanges(self) -> Iterator[Deviation]:
        for exchange in EXCHANGES:
            what, stands = f"exchange {exchange.name}", self._exchanges.get(exchange.name)
            if stands is None:
                yield Deviation(
                    Kind.MISSING, what, partial(self._management.put_exchange, exchange.name, exchange.type)
                )
            elif stands != exchange.type:
                remedy = f"an exchange's type never changes: {AT_REST}, delete it, {ANEW}"
                yield Deviation(Kind.DIFFERENT, f"{what}: is {stands}, should be {exchange.type}", remedy=remedy)

    def _of_policy(self, queue: DeclaredQueue) -> Iterator[Deviation]:
        what, put = f"policy {queue.name}", partial(self._management.put_policy, queue.name, policy_of(queue))
        if queue.name not in self._policies:
            yield Deviation(Kind.MISSING, what, put)
        elif differences := _differences(self._policies[queue.name], policy_of(queue)):
            yield Deviation(Kind.DIFFERENT, f"{what}: {differences}", put)

    def _of_queue(self, queue: DeclaredQueue) -> Iterator[Deviation]:
        what, stands = f"queue {queue.name}", self._queues.get(queue.name)
        if stands is None:
            make = partial(self._management.put_queue, queue.name, dict(queue.arguments))
            yield Deviation(Kind.MISSING, what, make)
        elif differences := _differences(stands.arguments, queue.arguments):
            yield Deviation(Kind.DIFFERENT, f"{what}: {differences}", remedy=_to_make_anew(queue.name, stands))
        elif stands.policy not in (queue.name, None):  # none yet: the policy is missing, and that is told above
            remedy = f"give the policy {stands.policy} a priority below {PRIORITY}, or a pattern that spares this queue"
            yield Deviation(
                Kind.DIFFERENT, f"{what}: obeys the policy {stands.policy} instead of its own", None, remedy
            )

    def _of_bindings(self, queue: DeclaredQueue) -> Iterator[Deviation]:
        wanted = {Binding(queue.exchange.name, key, queue.name) for key in queue.keys}
        stand = set(self._bindings_of(queue.name, queue.exchange.name))
        for binding in sorted(wanted - stand):
            yield Deviation(Kind.MISSING, _named(binding), partial(self._management.bind, binding))
        for binding in sorted(stand - wanted):
            yield self._superfluous(binding)

    def _retired_queues(self) -> Iterator[Deviation]:
        """Of subscriptions that these services once had. Nothing new comes in; what is in there waits for a person."""
        for name in self._undeclared(self._queues):
            yield from map(self._superfluous, self._bindings_of(name, EVENTS.name))
            yield Deviation(Kind.SUPERFLUOUS, f"queue {name}", remedy=_to_retire(name, self._queues[name]))

    def _retired_policies(self) -> Iterator[Deviation]:
        for name in self._undeclared(self._policies):
            if name not in self._queues:
                delete = partial(self._management.delete_policy, name)
                yield Deviation(Kind.SUPERFLUOUS, f"policy {name}", delete)

    def _undeclared(self, names: Iterable[str]) -> list[str]:
        ours = {name for name in names if "." in name and name.partition(".")[0] in self._services}
        return sorted(ours - set(self._declared))

    def _bindings_of(self, queue: str, exchange: str) -> list[Binding]:
        return [one for one in self._bindings if (one.queue, one.exchange) == (queue, exchange)]

    def _superfluous(self, binding: Binding) -> Deviation:
        return Deviation(Kind.SUPERFLUOUS, _named(binding), partial(self._management.unbind, binding))


def policy_of(queue: DeclaredQueue) -> dict[str, Any]:
    return {
        "pattern": f"^{re.escape(queue.name)}$",
        "apply-to": "queues",
        "priority": PRIORITY,
        "definition": dict(queue.rules),
    }


def _named(binding: Binding) -> str:
    return f"binding {binding.exchange} -- {binding.key} -> {binding.queue}"


def _differences(stands: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    """`a is 1, should be 2; b is absent, should be 3`, of the words and of those in their definition."""
    stands, wanted = _flat(stands), _flat(wanted)
    return "; ".join(
        f"{key} is {stands.get(key, 'absent')}, should be {wanted.get(key, 'absent')}"
        for key in sorted({*stands, *wanted})
        if stands.get(key) != wanted.get(key)
    )


def _flat(words: Mapping[str, Any]) -> dict[str, Any]:
    return {**words, **words.get("definition", {}), "definition": None}


def _to_make_anew(name: str, queue: StandingQueue) -> str:
    removal = f"let its consumer empty it ({_held(queue)}), {AT_REST}, delete it (`rabbitmqctl delete_queue {name}`)"
    return f"a queue's arguments never change: {removal}, {ANEW}"


def _to_retire(name: str, queue: StandingQueue) -> str:
    return f"{_held(queue)}; when nothing of it is needed, delete it (`rabbitmqctl delete_queue {name}`)"


def _held(queue: StandingQueue) -> str:
    return f"it holds {queue.messages} messages" if queue.messages else "it is empty"
