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

from shared.running.issuer import SECRET
from shared.running.loops import backoff
from shared.running.server import PortInUse, demand_free_port

PORTS = {"membership": 8101, "meetings": 8102, "practices": 8103, "notifications": 8104}
ISSUER, ISSUER_PORT = "issuer", 8105
UNHURRIED = {"HALQA_RATE_LIMIT": "off", "HALQA_RATE_LIMIT_CHANGES": "off"}  # one machine's system, one client
READY_WITHIN = 60  # seconds
OF_ANOTHER_ISSUER = ("JWKS_URL", "TOKEN_URL", "AUDIENCE", "CLIENT_ID", "ROLE_CLAIM", "UNIT_CLAIM", "PERSON_CLAIM")
LIVED_WELL = 5  # seconds; whoever dies sooner is started again more and more slowly

log = logging.getLogger(__name__)


def installed() -> list[str]:
    """The services that are installed here, found by what they declare of themselves."""
    return sorted(entry.name for entry in entry_points(group="halqa.services"))


@dataclass(frozen=True)
class Place:
    """Where an embedded system keeps its files and listens; everything of it is below `folder`."""

    folder: Path
    ports: Mapping[str, int]
    issuer_port: int = ISSUER_PORT
    mail_url: str = ""  # a spool in the folder, unless said otherwise

    def port(self, name: str) -> int:
        return self.issuer_port if name == ISSUER else self.ports[name]

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self.port(name)}"

    @property
    def token_url(self) -> str:
        return f"{self.url(ISSUER)}/token"

    @property
    def has_own_issuer(self) -> bool:
        """Unless the environment names another one."""
        return os.environ.get("HALQA_ISSUER") in (None, "", self.url(ISSUER))

    @property
    def processes(self) -> list[str]:
        return [ISSUER, *installed()] if self.has_own_issuer else installed()

    def command(self, name: str) -> list[str]:
        module = ["shared.running.issuer"] if name == ISSUER else [name, "run", "--migrate"]
        return [sys.executable, "-m", *module]

    def log(self, service: str) -> Path:
        return self.folder / f"{service}.log"

    @property
    def link_secret(self) -> str:
        """Made at the first start and kept: nobody else's system has the same."""
        file = self.folder / "link.secret"
        if not file.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            file.touch(mode=0o600)
            file.write_text(secrets.token_urlsafe(48))
        return file.read_text()

    def environment(self, service: str) -> dict[str, str]:
        peers = {"HALQA_PEERS": ",".join(f"{name}={self.url(name)}" for name in self.ports)}
        return UNHURRIED | os.environ | peers | self._trust() | {
            "HALQA_DATABASE_URL": f"sqlite:///{self.folder.resolve()}/{service}.db",
            "HALQA_BIND": f"127.0.0.1:{self.port(service)}",
            "HALQA_LINK_SECRET": self.link_secret,
            "HALQA_BROKER_URL": "",
            "HALQA_MAIL_URL": self.mail_url or f"spool://{self.folder.resolve()}/mail",
            "HALQA_MEETING_MAY_BE_HELD_EARLY": "1",
            "HALQA_STOP_WITH_PARENT": "1",
        }  # fmt: skip

    def _trust(self) -> dict[str, str]:
        """Whom all of it believes: its own issuer, whose key is kept, or the one that the environment describes."""
        if not self.has_own_issuer:
            return {}
        return {f"HALQA_{name}": "" for name in OF_ANOTHER_ISSUER} | {
            "HALQA_ISSUER": self.url(ISSUER),
            "HALQA_DEVELOPMENT_ISSUER": self.url(ISSUER),
            "HALQA_ISSUER_KEY": f"{self.folder.resolve()}/issuer.key",
            "HALQA_CLIENT_SECRET": SECRET,
        }


class Child:
    """One service's process; after a death it is started again, the sooner the longer it had lived."""

    def __init__(self, place: Place, service: str) -> None:
        self._place, self._service = place, service
        self._deaths = 0
        self._rests_until = 0.0
        self.start()

    def start(self) -> None:
        self._started_at = time.monotonic()
        command, surroundings = self._place.command(self._service), self._place.environment(self._service)
        # A session of its own, so that Ctrl-C at the terminal reaches it through us, in order.
        with self._place.log(self._service).open("ab") as output:
            self.process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=output, stderr=output, env=surroundings, start_new_session=True
            )

    def look_after(self) -> None:
        """Called often: notices a death, rests, starts again."""
        if self.process.poll() is None:
            return
        if not self._rests_until:
            self._notice_death()
        if time.monotonic() >= self._rests_until:
            self._rests_until = 0.0
            self.start()

    def _notice_death(self) -> None:
        self._let_go()
        self._deaths = 1 if time.monotonic() - self._started_at > LIVED_WELL else self._deaths + 1
        self._rests_until = time.monotonic() + backoff(self._deaths) / 2
        log.warning("%s ended (%s): starting it again", self._service, self.process.returncode)

    def keeps_failing(self) -> bool:
        return self._deaths > 1 and self.process.poll() is not None

    def _let_go(self) -> None:
        if self.process.stdin:
            self.process.stdin.close()

    def stop(self) -> None:
        self.process.terminate()
        self._let_go()


class Embedded:
    """Starts, watches and stops the services. When this process dies, they stop by themselves."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self.children: dict[str, Child] = {}
        self._stopping = threading.Event()
        self._watcher = threading.Thread(target=self._watch, name="watch", daemon=True)

    def start(self) -> None:
        """Raises `NotReady` if somebody else listens where a service would: it might pass for that service."""
        self.place.folder.mkdir(parents=True, exist_ok=True)
        for name in self.place.processes:
            _demand_free_port(name, self.place.port(name))
        self.children = {name: Child(self.place, name) for name in self.place.processes}
        self._watcher.start()

    def _watch(self) -> None:
        while not self._stopping.wait(0.1):
            for child in self.children.values():
                child.look_after()

    def wait_until_ready(self) -> None:
        """Raises `NotReady`, with the last words of the service that is not."""
        deadline = time.monotonic() + READY_WITHIN
        for service, child in self.children.items():
            while not is_ready(self.place.url(service)):
                if time.monotonic() > deadline or child.keeps_failing():
                    raise NotReady(
                        f"{service} does not start; the end of {self.place.log(service)}:\n{self._last_words(service)}"
                    )
                time.sleep(0.05)

    def _last_words(self, service: str) -> str:
        lines = self.place.log(service).read_text(errors="replace").splitlines()
        return "\n".join(lines[-5:])

    def stop(self) -> None:
        self._stopping.set()
        self._watcher.join()
        for child in self.children.values():
            child.stop()
        for child in self.children.values():
            child.process.wait(timeout=30)


class NotReady(Exception):
    pass


def _demand_free_port(service: str, port: int) -> None:
    try:
        demand_free_port(f"127.0.0.1:{port}")
    except PortInUse as error:
        raise NotReady(f"{service} cannot start: {error}. Stop what listens there, or take --first-port.") from error


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
