"""A community as meetings knows it, with people to call the service as."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from meetings.app import service
from shared.domain.actor import Role
from shared.events import CommunityPlanned, CoordinatorConfirmed, MemberJoined
from shared.testing.harness import Caller, Driven

PLAN = {
    "subject": "Evaluer autrement",
    "activity": "case_discussion",
    "modality": "hybrid",
    "agenda": [{"title": "Trois cas", "minutes": 60}],
    "duration_minutes": 90,
    "zone": "Africa/Casablanca",
}


@dataclass
class Circle:
    """A community of `size` members, the first of whom coordinates it."""

    driven: Driven
    community_id: UUID = field(default_factory=uuid4)
    delegation_id: UUID = field(default_factory=uuid4)
    member_ids: list[UUID] = field(default_factory=list)

    def planned(self) -> CommunityPlanned:
        return CommunityPlanned(
            community_id=self.community_id, delegation_id=self.delegation_id, name_fr="Atlas", name_ar="أطلس"
        )

    def joined(self, principal_id: UUID, joined_at: datetime = datetime(2026, 1, 5, tzinfo=UTC)) -> MemberJoined:
        return MemberJoined(
            community_id=self.community_id,
            principal_id=principal_id,
            name_fr="Rachida Meknassi",
            name_ar="رشيدة المكناسي",
            joined_at=joined_at,
        )

    def confirmed(self, principal_id: UUID) -> CoordinatorConfirmed:
        return CoordinatorConfirmed(
            community_id=self.community_id,
            principal_id=principal_id,
            name_fr="Rachida Meknassi",
            name_ar="رشيدة المكناسي",
            mandate_ends_on=date(2028, 1, 1),
        )

    def found(self, size: int = 3) -> "Circle":
        self.member_ids = sorted(uuid4() for _ in range(size))
        joined = [self.joined(member_id) for member_id in self.member_ids]
        self.driven.hear(self.planned(), *joined, self.confirmed(self.member_ids[0]))
        return self

    @property
    def coordinator(self) -> Caller:
        return self.member(0)

    def member(self, place: int) -> Caller:
        return self.driven.call(Role.PRINCIPAL, id=self.member_ids[place])

    @property
    def officer(self) -> Caller:
        return self.driven.call(Role.DELEGATION_OFFICER, unit_id=self.delegation_id)

    @property
    def outsiders(self) -> list[Caller]:
        return [
            self.driven.call(Role.PRINCIPAL),
            self.driven.call(Role.DELEGATION_OFFICER, unit_id=uuid4()),
            self.driven.call(Role.PORTAL, unit_id=uuid4()),
            self.driven.call(Role.SERVICE),
        ]

    def plan(self, **changes: Any) -> str:
        answer = self.coordinator.post(f"/v1/communities/{self.community_id}/meetings", PLAN | changes)
        assert answer.status_code == 201, answer.json
        return f"/v1/meetings/{answer.json['id']}"

    def schedule(self, days: int = 10) -> str:
        meeting = self.plan()
        answer = self.coordinator.change(f"{meeting}/schedule", {"starts_at": in_days(days), "place": "Salle 3"})
        assert answer.status_code == 200, answer.json
        return meeting


def in_days(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


@pytest.fixture
def circle(drive) -> Circle:
    return Circle(drive(service)).found()


@pytest.fixture
def eager_circle(drive) -> Circle:
    """Where a meeting may be held before it begins."""
    return Circle(drive(service, may_be_held_early=1)).found()


@pytest.fixture
def stranger_circle(drive) -> Circle:
    """A community of which nothing has been told yet."""
    return Circle(drive(service))


@pytest.fixture
def postgres_circle(postgres_databases):
    """For what only real concurrency shows."""
    driven = Driven(service, postgres_databases.new("meetings"), may_be_held_early=1)
    yield Circle(driven).found()
    driven.close()
