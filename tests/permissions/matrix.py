"""The matrix: routes from the application, callers from a world, the expected answer from the policy table alone."""

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from werkzeug.test import TestResponse

from shared.domain.actor import Role
from shared.domain.policy import Kind, Relation, anywhere
from shared.testing.harness import Driven

PASSED = "passed"


@dataclass(frozen=True)
class Person:
    """A caller. `stands` names the relations in which they stand to the things of this world, as the tables do."""

    name: str
    role: Role
    id: UUID | str = field(default_factory=uuid4)
    unit_id: UUID | None = None
    stands: frozenset[str] = frozenset()

    def is_in(self, relation: Relation | None) -> bool:
        return relation is anywhere or (relation is not None and relation.__name__ in self.stands)


@dataclass(frozen=True)
class Sample:
    """A request that would succeed, or fail for another reason than who asks; `thing` is the hidden id in it."""

    method: str
    path: str
    json: Any = None
    thing: UUID | str | None = None
    file: str | None = None  # sent in a form
    if_match: str | None = "*"
    form: dict[str, str] = field(default_factory=dict)  # what is sent beside the file


@dataclass
class World:
    """One service with things in it, and everybody who could call it."""

    driven: Driven
    people: list[Person]
    samples: dict[str, Sample]

    def verbs(self) -> list[str]:
        """Of every route that asks for a token. A signed link says itself who holds it; its use case asks the table."""
        views = {rule.endpoint: self.driven.app.view_functions[rule.endpoint] for rule in self._rules()}
        asking = (name for name, view in views.items() if not (hasattr(view, "is_public") or hasattr(view, "identify")))
        return sorted({name.rpartition(".")[2] for name in asking})

    def _rules(self) -> Iterator[Any]:
        return self.driven.app.url_map.iter_rules()

    def kind_of(self, verb: str) -> Kind | None:
        return self.driven.service.policy.verbs.get(verb)

    def ask(self, person: Person, verb: str, sample: Sample | None = None) -> TestResponse:
        sample = sample or self.samples[verb]
        caller = self.driven.call(person.role, id=person.id, unit_id=person.unit_id)
        headers = {"Authorization": f"Bearer {caller.token}"} | (
            {"If-Match": sample.if_match} if sample.if_match else {}
        )
        return caller.client.open(sample.path, method=sample.method, headers=headers, **_body(sample))

    def answered(self, person: Person, verb: str) -> int | str:
        status = self.ask(person, verb).status_code
        is_refusal = status in (401, 403) or (status == 404 and not self.kind_of(verb).is_open)
        return status if is_refusal else PASSED

    def expected(self, person: Person, verb: str) -> int | str:
        """What the table says: passed, refused (403), or as if there were nothing (404)."""
        kind = self.kind_of(verb)
        row = kind.verbs[verb]
        if person.is_in(row.get(person.role)) or (kind.is_open and person.role in row):
            return PASSED
        return 403 if kind.is_open or person.is_in(kind.seen_by.get(person.role)) else 404

    def refused(self) -> Iterator[tuple[str, Person]]:
        return (
            (verb, person) for verb in self.samples for person in self.people if self.expected(person, verb) != PASSED
        )

    def passing(self) -> Iterator[tuple[str, Person]]:
        return (
            (verb, person) for verb in self.samples for person in self.people if self.expected(person, verb) == PASSED
        )


def _body(sample: Sample) -> dict[str, Any]:
    if sample.file is not None:
        form = {"file": (io.BytesIO(sample.file.encode()), "file.csv"), **sample.form}
        return {"data": form, "content_type": "multipart/form-data"}
    return {} if sample.json is None else {"json": sample.json}


def officers(academy_id: UUID, delegation_id: UUID, *relations: str) -> list[Person]:
    """Of the units above the things of a world, and of elsewhere. Those above stand in `relations` besides."""
    reach = frozenset({"in_reach", *relations})
    above = reach - {"own_unit", "own_academy"}
    return [
        Person("the ministry", Role.MINISTRY_ADMINISTRATOR, stands=above),
        Person("the academy above", Role.ACADEMY_OFFICER, unit_id=academy_id, stands=reach - {"own_unit"}),
        Person("another academy", Role.ACADEMY_OFFICER, unit_id=uuid4()),
        Person("the Delegation", Role.DELEGATION_OFFICER, unit_id=delegation_id, stands=reach - {"own_academy"}),
        Person("another Delegation", Role.DELEGATION_OFFICER, unit_id=uuid4()),
        Person("an officer of no unit", Role.DELEGATION_OFFICER),
        Person("the Delegation's portal", Role.PORTAL, unit_id=delegation_id, stands=above),
        Person("another portal", Role.PORTAL, unit_id=uuid4()),
        Person("a service", Role.SERVICE, id="meetings"),
        Person("another companion", Role.COMPANION),
        Person("a stranger", Role.PRINCIPAL),
    ]
