"""Callers who come at the same moment."""

from collections.abc import Callable
from contextlib import contextmanager, suppress
from threading import Barrier, BrokenBarrierError, Thread

from sqlalchemy import event


@contextmanager
def loaded_by_all_before_any_goes_on(kind: type, callers: int):
    """Whoever loads one of these waits a moment until all have; where a lock lets in one at a time, they go on."""
    barrier = Barrier(callers)

    def wait(*_) -> None:
        with suppress(BrokenBarrierError):
            barrier.wait(timeout=0.5)

    event.listen(kind, "load", wait)
    yield
    event.remove(kind, "load", wait)


def at_once(*calls: Callable[[], object]) -> list:
    answers: list = []
    start = Barrier(len(calls))

    def run(call: Callable[[], object]) -> None:
        start.wait()
        answers.append(call())

    threads = [Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def statuses(answers: list) -> list[int]:
    return sorted(answer.status_code for answer in answers)
