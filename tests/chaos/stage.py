"""Where a run takes place: the databases, addresses and files that its processes share."""

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from uuid import UUID


class Way(StrEnum):
    """How events reach the subscriber."""

    PUSH = "push"  # PostgreSQL and RabbitMQ; the feed fills what a queue may have missed
    QUEUE = "queue"  # the same without the feed, so that it heals nothing: the queue alone must lose nothing
    PULL = "pull"  # SQLite and the feed; no broker


@dataclass(frozen=True)
class Stage:
    """Everything that a process must know; each kind reaches its servers through lines of its own."""

    way: Way
    folder: Path
    subscription: str
    bells: tuple[UUID, ...]
    writer_database: str
    publisher_database: str
    publisher_broker: str
    subscriber_database: str
    subscriber_broker: str
    feed_bind: str
    feed_url: str
    sabotage: str = ""
    told_again: float = 0.0  # how often events are told twice on purpose, of all times


class Notes:
    """A file to which many processes write lines; what is written survives the death of its writer."""

    def __init__(self, folder: Path, name: str) -> None:
        self._path = folder / name

    def write(self, *words: object) -> None:
        # One write with O_APPEND: lines of several processes never mix.
        file = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(file, f"{' '.join(map(str, words))}\n".encode())
        os.close(file)

    def read(self) -> list[list[str]]:
        return [line.split() for line in self._path.read_text().splitlines()] if self._path.exists() else []


def tally(stage: Stage) -> Notes:
    """What happened, a name and a number each."""
    return Notes(stage.folder, "tally")


def promises(stage: Stage) -> Notes:
    """What the database told writers to be committed: the bell, and how often it was rung by then."""
    return Notes(stage.folder, "promises")
