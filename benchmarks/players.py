"""Processes that are measured: each gets ready, waits for its cue so that all begin at once, and answers."""

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any

LONGEST = 120  # seconds that anything here may take

_spawning = multiprocessing.get_context("spawn")  # a fresh interpreter, as in production


class Cue:
    """The process's end: `ready()` returns when the measurement begins."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ready(self) -> None:
        self._connection.send(None)
        self._connection.recv()

    def until_told(self) -> None:
        self._connection.recv()

    def tell(self, answer: Any) -> None:
        self._connection.send(answer)


class Player:
    """Our end of it."""

    def __init__(self, play: Callable[..., None], *arguments: Any) -> None:
        self._connection, theirs = _spawning.Pipe()
        self._process = _spawning.Process(target=_play, args=(play, Cue(theirs), arguments), daemon=True)
        self._process.start()
        theirs.close()

    def is_ready(self) -> None:
        self.answer()

    def go(self) -> None:
        self._connection.send(None)

    stop = go

    def answer(self) -> Any:
        """Raises EOFError if the process has ended instead."""
        if not self._connection.poll(LONGEST):
            raise TimeoutError(f"no answer within {LONGEST} s")
        return self._connection.recv()

    def leave(self) -> None:
        """Wait until it has ended by itself, and no longer than a moment."""
        self._process.join(5)
        self.end()

    def end(self) -> None:
        self._process.terminate()
        self._process.join(10)
        self._process.kill()
        self._process.join()


def _play(play: Callable[..., None], cue: Cue, arguments: tuple[Any, ...]) -> None:
    play(cue, *arguments)


@contextmanager
def on_stage(*players: Player) -> Iterator[None]:
    """All are ready inside, and none is left behind."""
    try:
        for player in players:
            player.is_ready()
        yield
    finally:
        for player in players:
            player.leave()
