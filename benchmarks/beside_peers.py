"""Figures beside Celery and FastStream, which run as they would in production: a worker process, a sending process."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

import kombu

from shared.testing.servers import NotToBeHad

from . import moving
from .arena import Arena, opened
from .events import MANY_KEYS, backlog_of, beside
from .figures import Figure, Goal
from .wish import Wish

ENVIRONMENT = Path(sys.prefix) / "bench" / "bin"
TOP = Path(__file__).parent.parent
GOAL = Goal(least=3)

CELERY = ("python", "-m", "benchmarks.peers.celery_tasks")
CELERY_WORKER = ("celery", "-A", "benchmarks.peers.celery_tasks", "worker", "--loglevel=ERROR")
LEAN = ("--without-gossip", "--without-mingle", "--without-heartbeat")
SOLO = (*CELERY_WORKER, *LEAN, "--pool=solo")
TWO = (*CELERY_WORKER, *LEAN, "--pool=prefork", "--concurrency=2")
FASTSTREAM = ("python", "-m", "benchmarks.peers.faststream_app")


def demand_installed() -> None:
    """Raises `NotToBeHad`, before anything is measured."""
    if not (ENVIRONMENT / "celery").exists():
        raise NotToBeHad(f"Celery and FastStream are not installed in {ENVIRONMENT.parent}: `make bench` does that")


def measure_celery(arena: Arena, wish: Wish) -> list[Figure]:
    """With one process and with two; both are told, and the better one is the harder to beat."""
    ways = {"Celery, solo": SOLO, "Celery, 2 processes": TWO}
    return [_beside(arena, wish, against, CELERY, worker) for against, worker in ways.items()]


def measure_faststream(arena: Arena, wish: Wish) -> list[Figure]:
    return [_beside(arena, wish, "FastStream", FASTSTREAM, FASTSTREAM)]


def _beside(arena: Arena, wish: Wish, against: str, sender: Sequence[str], worker: Sequence[str]) -> Figure:
    backlog = backlog_of(arena, wish, wish.size(full=5_000, small=1_000), MANY_KEYS)
    return beside(wish, backlog, against, partial(_move, arena, backlog.empty, sender, worker), GOAL)


def _move(arena: Arena, empty: str, sender: Sequence[str], worker: Sequence[str], payloads: list[str]) -> float:
    """Seconds from the first message sent until the last row is committed."""
    town, queue = arena.new_database(empty), f"bench.peer_{uuid4().hex[:8]}"
    where = {"BENCH_BROKER_URL": arena.broker_url, "BENCH_DATABASE_URL": town, "BENCH_QUEUE": queue}
    with _running(worker, where, subprocess.DEVNULL), _file_of(payloads) as file, opened(town) as engine:
        moving.wait_for_listener(arena, queue)
        with _running([*sender, file], where, subprocess.PIPE) as sending:
            sending.stdout.readline()
            began = time.time()
            sending.stdin.write(b"\n")
            sending.stdin.flush()
            ended = moving.when_heard(engine, len(payloads))
    _delete(arena, queue)
    arena.drop(town)
    return ended - began


@contextmanager
def _running(command: Sequence[str], where: dict[str, str], output: int) -> Iterator[subprocess.Popen]:
    program = [str(ENVIRONMENT / command[0]), *command[1:]]
    streams = {"stdin": subprocess.PIPE, "stdout": output, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(program, env=os.environ | where, cwd=TOP, **streams) as process:
        try:
            yield process
        finally:
            process.terminate()


@contextmanager
def _file_of(payloads: list[str]) -> Iterator[str]:
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write("\n".join(payloads))
        file.flush()
        yield file.name


def _delete(arena: Arena, queue: str) -> None:
    with kombu.Connection(arena.broker_url) as connection, connection.channel() as channel:
        channel.queue_delete(queue)
