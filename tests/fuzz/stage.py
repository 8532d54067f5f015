"""One service with a world in it, as a WSGI application that is put back as it was every few changes."""

from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any, Protocol

from permissions.matrix import Person, World
from permissions.test_matrix import new_world

from shared.domain.actor import Actor
from shared.running.service import Service
from shared.testing import issuer
from shared.testing.harness import Driven
from shared.web.rates import SAFE_METHODS

from . import scenery


class Databases(Protocol):
    def new(self, service: str) -> str: ...

    def copy(self, url: str) -> str: ...

    def put_back(self, url: str, backup: str) -> None: ...


class Stage:
    """Ids stay the same from world to world, and so do tokens."""

    def __init__(self, module: ModuleType, databases: Databases) -> None:
        self._databases, self._changes, self.lasts = databases, 0, 1.0  # changes, until the world is put back
        self.world: World = new_world(module, self._drive)
        self.samples = [*self.world.samples.values(), *scenery.prepare(self.world)]
        self.app = self.world.driven.app
        self.description: dict[str, Any] = self.app.test_client().get("/openapi.json").json
        self.world.driven.close()
        self._url = self.world.driven.settings.database_url
        self._backup = databases.copy(self._url)

    def _drive(self, service: Service, **settings: Any) -> Driven:
        return Driven(service, self._databases.new(service.name), **settings)

    @property
    def service(self) -> str:
        return self.world.driven.service.name

    def __call__(self, environ: dict[str, Any], start_response: Callable) -> Iterable[bytes]:
        if self._changes >= self.lasts:
            self.put_back()

        def begin(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
            self._changes += environ["REQUEST_METHOD"] not in SAFE_METHODS and status.startswith("2")
            return start_response(status, headers, *more)

        return self.app(environ, begin)

    def put_back(self) -> None:
        self.world.driven.close()
        self._databases.put_back(self._url, self._backup)
        self._changes = 0

    def cast(self) -> list[Person]:
        """Of each role those who stand somewhere in this world, or the first if nobody does."""
        found: list[Person] = []
        for person in self.world.people:
            if person.stands or person.role not in {known.role for known in found}:
                found.append(person)
        standing = {person.role for person in found if person.stands}
        return [person for person in found if person.stands or person.role not in standing]

    @staticmethod
    def token(person: Person) -> str:
        return issuer.token(Actor(str(person.id), person.role, person.unit_id))
