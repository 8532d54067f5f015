"""Whole stories, over HTTP, with every process real."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.embedded import PORTS, Place
from journeys.sink import Sink
from shared.testing.servers import free_port


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path / "var", {name: free_port() for name in PORTS}, issuer_port=free_port())


@pytest.fixture
def smtp_server() -> Iterator[Sink]:
    sink = Sink()
    sink.start()
    yield sink
    sink.stop()
