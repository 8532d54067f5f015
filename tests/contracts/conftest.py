"""Bells (tests/bells.py) whose declarations a test may change, as if another copy of them were deployed."""

from collections.abc import Callable, Iterator

import pytest
from bells import BellRung, open_sessions

from contracts.bellfounder import Producer
from shared.domain.database import Sessions
from shared.events import _upcast, declared


@pytest.fixture
def sessions(databases) -> Iterator[Sessions]:
    """A database that holds the bells and all that messaging needs."""
    sessions = open_sessions(databases.new("membership"))
    yield sessions
    sessions.engine.dispose()


@pytest.fixture
def producer(databases) -> Iterator[Producer]:
    producer = Producer(databases.new("membership"))  # whose migrations make the tables of messaging
    yield producer
    producer.driven.close()


@pytest.fixture
def declare(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`declare(BellRung)`: from now on this copy of the declarations has these classes of bells, and no upcaster."""

    def only(*classes: type) -> None:
        for wire_type in [name for name in declared if name.startswith("bells.")]:
            monkeypatch.delitem(declared, wire_type)
        for event_class in classes:
            monkeypatch.setitem(declared, event_class.wire_type, event_class)
        monkeypatch.setattr(_upcast, "upcasters", {})

    only(BellRung)
    return only
