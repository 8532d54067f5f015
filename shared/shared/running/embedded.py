"""The whole system on one machine: one process per installed service, watched, started again when it dies."""

import logging
import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

import requests

from .loops import backoff

PORTS = {"membership": 8101, "meetings": 8102, "practices": 8103, "notifications": 8104}
READY_WITHIN = 60  # seconds

log = logging.getLogger(__name__)


def installed() -> list[str]:
    """The services that are installed here, found by what they declare of themselves."""
    return sorted(entry.name for entry in entry_points(group="halqa.services"))


@dataclass(frozen=True)
class Place:
    """Where an embedded system keeps its files and listens; everything of it is below `folder`."""

    folder: Path
    ports: Mapping[str, int]

    def url(self, service: str) -> str:
        return f"http://127.0.0.1:{self.ports[service]}"

    @property
    def secret(self) -> str:
        """Made at the first start and kept: nobody else's system has the same."""
        file = self.folder / "token.secret"
        if not file.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(48))
        return file.read_text()

    def environment(self, service: str) -> dict[str, str]:
        urls = {f"HALQA_{name.upper()}_URL": self.url(name) for name in self.ports}
        return os.environ | urls | {
            "HALQA_DATABASE_URL": f"sqlite:///{self.folder.resolve()}/{service}.db",
            "HALQA_TOKEN_SECRET": self.secret,
            "HALQA_BIND": f"127.0.0.1:{self.ports[service]}",
            "HALQA_BROKER_URL": "",
            "HALQA_MAIL_URL": f"spool://{self.folder.resolve()}/mail",
            "HALQA_MEETING_MAY_BE_HELD_EARLY": "1",
            "HALQA_STOP_WITH_PARENT": "1",
        }  # fmt: skip


class Embedded:
    """Starts, watches and stops the services. When this process dies, they stop by themselves."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.processes: dict[str, subprocess.Popen] = {}
        self._stopping = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="watch", daemon=True)

    def start(self) -> None:
        for service in installed():
            self.processes[service] = self._spawn(service)
        self._watcher.start()

    def _spawn(self, service: str) -> subprocess.Popen:
        command = [sys.executable, "-m", service, "run", "--migrate"]
        self.place.folder.mkdir(parents=True, exist_ok=True)
        with (self.place.folder / f"{service}.log").open("ab") as output:
            return subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=output, stderr=output, env=self.place.environment(service)
            )

    def _watch(self) -> None:
        failures = dict.fromkeys(self.processes, 0)
        while not self._stopping.wait(0.2):
            for service, process in list(self.processes.items()):
                if process.poll() is not None and not self._stopping.wait(backoff(failures[service]) / 2):
                    failures[service] += 1
                    log.warning("%s ended (%s): starting it again", service, process.returncode)
                    self.processes[service] = self._spawn(service)

    def wait_until_ready(self) -> None:
        """Raises `NotReady`, with the last words of the service that is not."""
        deadline = time.monotonic() + READY_WITHIN
        for service in self.processes:
            while not is_ready(self.place.url(service)):
                if time.monotonic() > deadline or self._keeps_failing(service):
                    raise NotReady(f"{service} does not start:\n{self.last_words(service)}")
                time.sleep(0.1)

    def _keeps_failing(self, service: str) -> bool:
        return self.processes[service].poll() == 1 and "cannot start" in self.last_words(service)

    def last_words(self, service: str) -> str:
        lines = (self.place.folder / f"{service}.log").read_text(errors="replace").splitlines()
        return "\n".join(lines[-5:])

    def stop(self) -> None:
        self._stopping.set()
        self._watcher.join(timeout=35)
        for process in self.processes.values():
            process.terminate()
        for process in self.processes.values():
            process.wait(timeout=30)


class NotReady(Exception):
    pass


def is_ready(url: str) -> bool:
    try:
        return requests.get(f"{url}/health/ready", timeout=2).ok
    except requests.RequestException:
        return False


@contextmanager
def running(place: Place) -> Iterator[Embedded]:
    system = Embedded(place)
    system.start()
    try:
        yield system
    finally:
        system.stop()
