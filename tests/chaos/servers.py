"""A PostgreSQL and a RabbitMQ of our own, to be restarted, killed, paused and taken off the network."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import docker
import kombu
import psycopg
from docker.errors import APIError

from shared.messaging.push.topology import dial
from shared.testing.servers import IN_A_HURRY, POSTGRES_IMAGE, RABBITMQ_IMAGE, free_port
from shared.testing.waiting import eventually

STARTS_WITHIN = 90  # seconds
NETWORK = "bridge"
OURS = {"halqa": "chaos"}


@dataclass(frozen=True)
class Server:
    """One container, on a port that stays the same when it is started again."""

    url: str
    container: docker.models.containers.Container
    answers: Callable[[], bool]

    def restart(self) -> None:
        self.container.restart(timeout=10)
        self._wait()

    def kill(self) -> None:
        self.container.kill()
        self.container.start()
        self._wait()

    @contextmanager
    def paused(self) -> Iterator[None]:
        self.container.pause()
        try:
            yield
        finally:
            self.container.unpause()

    @contextmanager
    def disconnected(self) -> Iterator[None]:
        network = self.container.client.networks.get(NETWORK)
        network.disconnect(self.container)
        try:
            yield
        finally:
            network.connect(self.container)
            self._wait()

    def _wait(self) -> None:
        eventually(self.answers, within=STARTS_WITHIN, what=f"{self.url} answers")


@contextmanager
def postgresql() -> Iterator[Server]:
    port = free_port()
    url = f"postgresql://postgres:halqa@127.0.0.1:{port}"
    command = ["postgres", *IN_A_HURRY]
    with _running(POSTGRES_IMAGE, {"5432/tcp": port}, {"POSTGRES_PASSWORD": "halqa"}, command) as container:
        yield _ready(Server(url.replace(":", "+psycopg:", 1), container, lambda: _database_answers(url)))


@contextmanager
def rabbitmq() -> Iterator[Server]:
    port = free_port()
    url = f"amqp://halqa:halqa@127.0.0.1:{port}//"
    settings = {"RABBITMQ_DEFAULT_USER": "halqa", "RABBITMQ_DEFAULT_PASS": "halqa"}
    with _running(RABBITMQ_IMAGE, {"5672/tcp": port}, settings, None) as container:
        yield _ready(Server(url, container, lambda: _broker_answers(url)))


def _ready(server: Server) -> Server:
    server._wait()
    return server


@contextmanager
def _running(image: str, ports: dict[str, int], settings: dict[str, str], command: list[str] | None) -> Iterator:
    here = {inside: ("127.0.0.1", outside) for inside, outside in ports.items()}
    client = docker.from_env(timeout=120)
    container = client.containers.run(image, command, detach=True, ports=here, environment=settings, labels=OURS)
    try:
        yield container
    finally:
        with suppress(APIError):
            container.remove(force=True, v=True)
        client.close()


def _database_answers(url: str) -> bool:
    try:
        psycopg.connect(f"{url}/postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def _broker_answers(url: str) -> bool:
    connection = kombu.Connection(url, connect_timeout=2)
    try:
        dial(connection)
    except (OSError, *connection.connection_errors):
        return False
    finally:
        connection.release()
    return True
