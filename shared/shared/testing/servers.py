"""Finds a real PostgreSQL and a real RabbitMQ, in this order: an address given, a container, an installed program."""

import os
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from socket import socket
from typing import Any

import kombu
import psycopg
import requests

from shared.messaging.push.topology import dial

from . import run_folder

POSTGRES_IMAGE = "postgres:17"
RABBITMQ_IMAGE = "rabbitmq:4-management"
RABBITMQ_NEXT_IMAGE = "rabbitmq:4.3-management"  # nacks and delayed retries differ
IN_A_HURRY = ("-c", "fsync=off", "-c", "max_connections=300")  # what is lost with the machine is no loss here
UNTIDY = ("-c", "full_page_writes=off", "-c", "autovacuum=off")  # hundreds of databases, of which each is used once
# One core, given back while there is nothing to do; what is counted for management is known within a second.
MODEST = {
    "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1 +sbwt none +sbwtdcpu none +sbwtdio none"
    " -rabbit collect_statistics_interval 1000 quorum_tick_interval 1000"
}
STARTS_WITHIN = 90  # seconds


class NotToBeHad(Exception):
    """Says how to get the server that the tests need."""


class NotAtHand(Exception):
    """Names an image that may be absent: tests go on without, and say so."""


@dataclass(frozen=True)
class Broker:
    """Two addresses of one RabbitMQ: amqp://user:password@host:port// and http://user:password@host:port."""

    url: str
    management_url: str


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of a server where databases may be created: postgresql+psycopg://user:password@host:port."""
    with ExitStack() as stack:
        yield _first_of(
            stack, "PostgreSQL", "HALQA_TEST_POSTGRES_URL", _postgres_container, _postgres_program, "postgresql"
        )


@contextmanager
def rabbitmq() -> Iterator[str]:
    """The URL of a broker: amqp://user:password@host:port//."""
    with ExitStack() as stack:
        yield _first_of(
            stack, "RabbitMQ", "HALQA_TEST_RABBITMQ_URL", _rabbitmq_container, _rabbitmq_program, "rabbitmq-server"
        )


@contextmanager
def rabbitmq_of(image: str) -> Iterator[Broker]:
    """A broker of that very version, in a container. Raises `NotAtHand`, or `NotToBeHad` without an engine."""
    if not engine_answers():
        raise NotToBeHad(f"{image}: start a Docker engine")
    if image == RABBITMQ_NEXT_IMAGE and not _is_at_hand(image):
        raise NotAtHand(f"{image}: its image is not on this machine (docker pull {image})")
    with _rabbitmq_in_container(image) as broker:
        yield broker


def _is_at_hand(image: str) -> bool:
    return subprocess.run(["docker", "image", "inspect", image], capture_output=True).returncode == 0


def _first_of(stack: ExitStack, name: str, variable: str, container: Callable, program: Callable, package: str) -> str:
    if given := os.environ.get(variable):
        return given
    for start in (container, program):
        if server := start():
            return stack.enter_context(server)
    raise NotToBeHad(f"{name}: set {variable}, start a Docker engine, or install the package {package}")


@cache
def engine_answers() -> bool:
    """Is there a Docker engine?"""
    found = shutil.which("docker")
    return bool(found) and subprocess.run(["docker", "info"], capture_output=True).returncode == 0


def _postgres_container():
    return _postgres_in_container() if engine_answers() else None


@contextmanager
def _postgres_in_container() -> Iterator[str]:
    # Whoever reaches it may come in: to prove a password costs more than all else in connecting.
    settings, command = {"POSTGRES_HOST_AUTH_METHOD": "trust"}, f"postgres {' '.join((*IN_A_HURRY, *UNTIDY))}"
    with _container(POSTGRES_IMAGE, [5432], "/var/lib/postgresql/data", settings, command) as [port]:
        url = _postgres_url("127.0.0.1", port)
        _wait_for(url)
        yield url


def _rabbitmq_container():
    return _rabbitmq_url_in_container() if engine_answers() else None


@contextmanager
def _rabbitmq_url_in_container() -> Iterator[str]:
    with _rabbitmq_in_container(RABBITMQ_IMAGE) as broker:
        yield broker.url


@contextmanager
def _rabbitmq_in_container(image: str) -> Iterator[Broker]:
    settings = {"RABBITMQ_DEFAULT_USER": "halqa", "RABBITMQ_DEFAULT_PASS": "halqa", **MODEST}
    with _container(image, [5672, 15672], "/var/lib/rabbitmq", settings) as [port, management_port]:
        broker = Broker(_rabbitmq_url("127.0.0.1", port), f"http://halqa:halqa@127.0.0.1:{management_port}")
        _wait_for(broker.url)
        _wait_for(broker.management_url)
        yield broker


def _postgres_url(host: str, port: int, password: str = "halqa") -> str:
    return f"postgresql+psycopg://postgres:{password}@{host}:{port}"


def _rabbitmq_url(host: str, port: int, login: str = "halqa:halqa") -> str:
    return f"amqp://{login}@{host}:{port}//"


@contextmanager
def _container(
    image: str, ports: list[int], folder: str, settings: dict[str, str], command: str | None = None
) -> Iterator[list[int]]:
    """Yields where its ports are on this machine. What it keeps in `folder` stays in memory, and goes with it."""
    os.environ.setdefault("TESTCONTAINERS_RYUK_DISABLED", "true")
    from testcontainers.core.container import DockerContainer

    container = DockerContainer(image, command=command, labels=run_folder.label())
    free: dict[str, Any] = {f"{port}/tcp": ("127.0.0.1", None) for port in ports}
    container.ports |= free  # any that is free, this machine only
    for name, value in settings.items():
        container = container.with_env(name, value)
    with container.with_tmpfs_mount(folder):
        yield [int(container.get_exposed_port(port)) for port in ports]


def _postgres_program():
    found = shutil.which("postgres") or next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))), None)
    return _postgres_in_folder(Path(found).parent) if found else None


@contextmanager
def _postgres_in_folder(programs: Path) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="halqa-postgres-") as folder:
        os.chmod(folder, 0o777)
        as_user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        made = [str(programs / "initdb"), "-D", f"{folder}/db", "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        subprocess.run([*as_user, *made], check=True, capture_output=True, cwd=folder)
        port = free_port()
        options = ["-c", "listen_addresses=127.0.0.1", "-p", str(port), "-k", folder, *IN_A_HURRY, *UNTIDY]
        with _program([*as_user, programs / "postgres", "-D", f"{folder}/db", *options], {}, folder):
            url = _postgres_url("127.0.0.1", port)
            _wait_for(url)
            yield url


def _rabbitmq_program():
    # Debian's command in the path changes the user and forgets the settings; the program itself does neither.
    own = next(iter(sorted(Path("/usr/lib/rabbitmq/lib").glob("*/sbin/rabbitmq-server"))), None)
    found = own or shutil.which("rabbitmq-server")
    return _rabbitmq_in_folder(str(found)) if found else None


@contextmanager
def _rabbitmq_in_folder(program: str) -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="halqa-rabbitmq-") as folder:
        port = free_port()
        settings = {
            "HOME": folder,
            "RABBITMQ_NODENAME": f"halqa{port}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(port),
            "RABBITMQ_DIST_PORT": str(free_port()),
            "RABBITMQ_MNESIA_BASE": folder,
            "RABBITMQ_LOG_BASE": folder,
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{folder}/enabled_plugins",
            "ERL_EPMD_ADDRESS": "127.0.0.1",
        }
        with _program([program], settings, folder):
            url = _rabbitmq_url("127.0.0.1", port, login="guest:guest")
            _wait_for(url)
            yield url


@contextmanager
def _program(command: list[object], settings: dict[str, str], folder: str) -> Iterator[None]:
    with open(f"{folder}/output.log", "wb") as output:
        process = subprocess.Popen(
            [str(word) for word in command], env=os.environ | settings, stdout=output, stderr=output, cwd=folder
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=30)


def free_port(in_a_row: int = 1) -> int:
    """The first of so many free ports in a row, below those that the kernel lends to outgoing connections:
    a server that is killed finds its port free again when it comes back."""
    while True:
        first = random.randrange(20_000, 32_000)
        if all(_is_free(first + place) for place in range(in_a_row)):
            return first


def _is_free(port: int) -> bool:
    with socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _wait_for(url: str) -> None:
    """Until the server answers a real question, twice in a row: images restart their server after setting it up."""
    deadline, answers = time.monotonic() + STARTS_WITHIN, 0
    while answers < 2:
        answers = answers + 1 if _answers(url) else 0
        if time.monotonic() > deadline:
            raise TimeoutError(f"nothing answers at {url} after {STARTS_WITHIN} s")
        time.sleep(0.3)


def _answers(url: str) -> bool:
    ask = {"amqp": _broker_answers, "http": _management_answers}
    return ask.get(url.partition(":")[0], _database_answers)(url)


def _management_answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/api/overview", timeout=2).ok
    except requests.RequestException:
        return False


def _broker_answers(url: str) -> bool:
    connection = kombu.Connection(url, connect_timeout=2)
    try:
        dial(connection)
    except (OSError, *connection.connection_errors):
        return False
    finally:
        connection.release()
    return True


def _database_answers(url: str) -> bool:
    try:
        psycopg.connect(f"{url.replace('+psycopg', '')}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
