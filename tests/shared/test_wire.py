"""The wire that tests cut: what is unplugged is away, and what comes back is there."""

import socket
from collections.abc import Iterator

import pytest

from shared.testing import wire as module
from shared.testing.servers import free_port
from shared.testing.wire import Wire


@pytest.fixture
def wire(echo) -> Iterator[Wire]:
    wire = Wire(echo.getsockname())
    yield wire
    wire.close()


@pytest.fixture
def echo() -> Iterator[socket.socket]:
    """A server that takes calls and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_a_connection_that_was_on_its_way_when_it_was_unplugged_is_ended_too(wire, monkeypatch):
    connect = socket.create_connection

    def unplugged_meanwhile(address):
        wire.unplug()
        return connect(address)

    monkeypatch.setattr(module.socket, "create_connection", unplugged_meanwhile)
    with connect(("127.0.0.1", wire.port), timeout=5) as caller:
        assert caller.recv(1) == b""


def test_it_goes_on_after_its_target_was_away():
    port = free_port()
    wire = Wire(("127.0.0.1", port))
    with socket.create_connection(("127.0.0.1", wire.port), timeout=5) as caller:
        assert caller.recv(1) == b""
    with socket.create_server(("127.0.0.1", port)) as server:
        server.settimeout(5)
        with socket.create_connection(("127.0.0.1", wire.port), timeout=5):
            server.accept()[0].close()
    wire.close()
