"""Two Delegations, three communities, and people to call the service as."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from practices.app import service
from shared.domain.actor import Role
from shared.events import CommunityPlanned, DelegationRegistered, MemberJoined
from shared.testing.harness import Caller, Driven

TEXT = {
    "title": "Un parrain pour chaque nouveau",
    "language": "fr",
    "problem": "Les nouveaux directeurs restent seuls.",
    "what_was_done": "Un collègue les appelle chaque semaine.",
    "result": "Aucun abandon cette année.",
}


@dataclass
class Circle:
    """A community whose first member writes."""

    driven: Driven
    delegation_id: UUID
    community_id: UUID = field(default_factory=uuid4)
    member_ids: list[UUID] = field(default_factory=lambda: sorted(uuid4() for _ in range(3)))

    def planned(self) -> CommunityPlanned:
        return CommunityPlanned(
            community_id=self.community_id, delegation_id=self.delegation_id, name_fr="Atlas", name_ar="أطلس"
        )

    def placed_under(self, academy_id: UUID) -> DelegationRegistered:
        return DelegationRegistered(
            delegation_id=self.delegation_id, code="T", name_fr="Taza", name_ar="تازة", academy_id=academy_id
        )

    def joined(self, principal_id: UUID, joined_at: datetime = datetime(2026, 1, 5, tzinfo=UTC)) -> MemberJoined:
        return MemberJoined(
            community_id=self.community_id,
            principal_id=principal_id,
            name_fr="Rachida Meknassi",
            name_ar="رشيدة المكناسي",
            joined_at=joined_at,
        )

    def found(self) -> "Circle":
        self.driven.hear(self.planned(), *[self.joined(member_id) for member_id in self.member_ids])
        return self

    @property
    def author(self) -> Caller:
        return self.member(0)

    def member(self, place: int) -> Caller:
        return self.driven.call(Role.PRINCIPAL, id=self.member_ids[place])

    @property
    def officer(self) -> Caller:
        return self.driven.call(Role.DELEGATION_OFFICER, unit_id=self.delegation_id)

    def draft(self, **changes: Any) -> str:
        answer = self.author.post(f"/v1/communities/{self.community_id}/practices", TEXT | changes)
        assert answer.status_code == 201, answer.json
        return f"/v1/practices/{answer.json['id']}"

    def publish(self, **changes: Any) -> str:
        practice = self.draft(**changes)
        answer = self.author.change(f"{practice}/publish")
        assert answer.status_code == 200, answer.json
        return practice


@dataclass
class Country:
    """`home` and `neighbour` share a Delegation; `far` is in another."""

    home: Circle
    neighbour: Circle
    far: Circle

    @property
    def readers(self) -> dict[str, Caller]:
        call = self.home.driven.call
        return {
            "author": self.home.author,
            "member": self.home.member(1),
            "neighbour": self.neighbour.member(0),
            "officer": self.home.officer,
            "portal": call(Role.PORTAL, unit_id=self.home.delegation_id),
            "ministry": call(Role.MINISTRY_ADMINISTRATOR),
            "far member": self.far.member(0),
            "far officer": self.far.officer,
            "far portal": call(Role.PORTAL, unit_id=self.far.delegation_id),
            "unitless officer": call(Role.DELEGATION_OFFICER),
            "stranger": call(Role.PRINCIPAL),
        }


@pytest.fixture
def country(drive) -> Country:
    driven, here, there = drive(service), uuid4(), uuid4()
    return Country(*[Circle(driven, delegation_id).found() for delegation_id in (here, here, there)])


@pytest.fixture
def circle(country) -> Circle:
    return country.home


@pytest.fixture
def stranger_circle(drive) -> Circle:
    """A community of which nothing has been told yet."""
    return Circle(drive(service), uuid4())


@pytest.fixture
def postgres_circle(postgres_databases):
    """For what only real concurrency shows."""
    driven = Driven(service, postgres_databases.new("practices"))
    yield Circle(driven, uuid4()).found()
    driven.close()
