"""What workers of a run share is made once, and unmade when the last of them has left."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from shared.testing.once import Once
from shared.testing.servers import NotToBeHad

KILLED = """
import os, signal, sys
from contextlib import nullcontext
from pathlib import Path
from shared.testing.once import Once

once = Once(Path(sys.argv[1]))
once.get("server", nullcontext)
os.kill(os.getpid(), signal.SIGKILL)
"""


class Maker:
    """Counts what it has made, and says what was unmade."""

    def __init__(self) -> None:
        self.made = 0
        self.unmade: list[int] = []

    @contextmanager
    def __call__(self) -> Iterator[int]:
        self.made += 1
        number = self.made
        yield number
        self.unmade.append(number)


@pytest.fixture
def make() -> Maker:
    return Maker()


def test_what_one_has_made_another_finds(tmp_path, make):
    first, second = Once(tmp_path), Once(tmp_path)
    assert [first.get("server", make), second.get("server", make), first.get("server", make)] == [1, 1, 1]
    assert second.get("another", make) == 2
    second._presence.close()  # as if it had died
    first.close()
    assert make.unmade == [1]


def test_many_who_ask_at_once_get_the_same(tmp_path, make):
    def work() -> None:
        once = Once(tmp_path)
        got.append(once.get("server", make))
        all_have_it.wait(timeout=20)
        once.close()

    got, all_have_it = [], threading.Barrier(8)
    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert (got, make.unmade) == ([1] * 8, [1])


def test_it_stands_until_the_last_has_left(tmp_path, make):
    first, second = Once(tmp_path), Once(tmp_path)
    first.get("server", make)
    second.get("server", make)
    leaving = threading.Thread(target=first.close)
    leaving.start()
    leaving.join(timeout=0.2)
    assert leaving.is_alive() and make.unmade == []
    second.close()
    leaving.join(timeout=20)
    assert make.unmade == [1]


def test_who_comes_when_all_have_left_makes_it_anew(tmp_path, make):
    first, second = Once(tmp_path), Once(tmp_path)
    first.get("server", make)
    first.close()
    assert second.get("server", make) == 2
    second.close()
    assert make.unmade == [1, 2]


def test_nobody_waits_for_one_who_was_killed(tmp_path: Path, make):
    first = Once(tmp_path)
    first.get("server", make)
    subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], timeout=60)
    first.close()
    assert make.unmade == [1]


def test_what_cannot_be_made_is_told_to_each_who_asks(tmp_path):
    @contextmanager
    def fail() -> Iterator[None]:
        raise NotToBeHad("start a Docker engine")
        yield

    first, second = Once(tmp_path), Once(tmp_path)
    for once in (first, second, first):
        with pytest.raises(NotToBeHad):
            once.get("server", fail)
    first.close()
    second.close()
