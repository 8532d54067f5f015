"""What is made once in a run and serves all its workers: whoever asks first makes it, the last to leave unmakes it."""

import fcntl
import pickle
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import IO, TypeVar

T = TypeVar("T")


class Once:
    """`get(name, make)` enters what `make` returns, or finds what a worker has entered already.

    Each worker that has got anything shares a lock until it closes, however it ends. Who made something unmakes it
    once that lock can be had alone: when all the others are done.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made, self._stack = list[Path](), ExitStack()
        self._presence: IO | None = None

    def get(self, name: str, make: Callable[[], AbstractContextManager[T]]) -> T:
        self._be_present()
        note = self._folder / f"{name}.made"
        with _locked(self._folder / f"{name}.lock"):
            if not note.exists():
                note.write_bytes(pickle.dumps(self._stack.enter_context(make())))
                self._made.append(note)
        return pickle.loads(note.read_bytes())

    def _be_present(self) -> None:
        if self._presence is None:
            self._presence = (self._folder / "present.lock").open("w")
            fcntl.flock(self._presence, fcntl.LOCK_SH)

    def close(self) -> None:
        """Waits until nobody else is present, if there is anything to unmake."""
        if self._presence is None:
            return
        self._presence.close()
        if self._made:
            with _locked(self._folder / "present.lock"):
                self._unmake()

    def _unmake(self) -> None:
        for note in self._made:
            note.unlink()
        self._stack.close()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
