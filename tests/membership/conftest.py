"""A Delegation with its people and communities, and callers of the service; nothing here is what a test is about."""

import io
import json
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from peers import new_community, new_principal
from werkzeug.test import TestResponse

from membership.app import service
from membership.joining.model.membership import Membership
from membership.organisation.model.organisation import Cycle, Delegation, School
from shared.domain.actor import Role
from shared.testing.harness import Caller, Driven

ATTITUDES = [
    "volunteering",
    "openness_to_change",
    "motivation",
    "curiosity",
    "initiative_and_self_discipline",
    "ethical_conduct",
]
MINISTRY_COLUMNS = {
    "code": "cd_etab",
    "main_code": "cd_etab_rattachement",
    "name_fr": "nom_fr",
    "name_ar": "nom_ar",
    "longitude": "lon",
    "latitude": "lat",
}


def in_days(days: float) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


@dataclass
class Province:
    """A Delegation with one main school; its people are entered straight into the database."""

    driven: Driven
    delegation_id: UUID

    @property
    def ministry(self) -> Caller:
        return self.driven.call(Role.MINISTRY_ADMINISTRATOR)

    @property
    def officer(self) -> Caller:
        return self.driven.call(Role.DELEGATION_OFFICER, unit_id=self.delegation_id)

    @property
    def portal(self) -> Caller:
        return self.driven.call(Role.PORTAL, unit_id=self.delegation_id)

    @property
    def outsiders(self) -> list[Caller]:
        """An officer and a portal of elsewhere, a principal of elsewhere, another service."""
        return [
            self.driven.call(Role.DELEGATION_OFFICER, unit_id=uuid4()),
            self.driven.call(Role.PORTAL, unit_id=uuid4()),
            self.driven.call(Role.PRINCIPAL),
            self.driven.call(Role.SERVICE, id="meetings"),
        ]

    def principal(self, principal_id: UUID) -> Caller:
        return self.driven.call(Role.PRINCIPAL, id=principal_id)

    def people(self, count: int, **entry: Any) -> list[UUID]:
        people = [new_principal(self.delegation_id, **entry) for _ in range(count)]
        ids = [person.id for person in people]
        with self.driven.sessions.transaction() as session:
            session.add_all(people)
        return ids

    def send(self, what: str, content: str | bytes, *, mapping: Any = None, **more: Any) -> TestResponse:
        """Import a file of schools or principals, as the officer unless `by` somebody else."""
        by, query = more.pop("by", self.officer), "?dry_run=true" if more.pop("dry_run", False) else ""
        data = content.encode() if isinstance(content, str) else content
        form: dict[str, Any] = {"file": (io.BytesIO(data), "file.csv")}
        form |= {} if mapping is None else {"mapping": mapping if isinstance(mapping, str) else json.dumps(mapping)}
        path = f"/v1/delegations/{self.delegation_id}/{what}/import{query}"
        return by.post(path, data=form, content_type="multipart/form-data", **more)

    def stored(self, what: str) -> dict[str, dict[str, Any]]:
        """All schools or principals of the Delegation by their national code."""
        found: list[dict[str, Any]] = []
        page: dict[str, Any] = {"next": ""}
        while page["next"] is not None:
            after = f"&after={page['next']}" if page["next"] else ""
            page = self.officer.get(f"/v1/delegations/{self.delegation_id}/{what}?limit=200{after}").json
            found += page["items"]
        return {entry.get("code") or entry["ppr"]: entry for entry in found}

    def plan(self, **wish: Any) -> str:
        names = {"name_fr": "CPP Atlas", "name_ar": "جماعة الأطلس"}
        answer = self.officer.post(f"/v1/delegations/{self.delegation_id}/communities", names | wish)
        assert answer.status_code == 201
        return f"/v1/communities/{answer.json['id']}"

    def invite(self, community: str, *principal_ids: UUID) -> TestResponse:
        wish = {"principal_ids": [str(id) for id in principal_ids], "answer_by": in_days(30)}
        return self.officer.post(f"{community}/invitations", wish)

    def circle(self, size: int, **wish: Any) -> "Circle":
        """A community of so many members who have said yes."""
        now, members = datetime.now(UTC), [new_principal(self.delegation_id) for _ in range(size)]
        community = new_community(self.delegation_id, **wish)
        circle = Circle(self, community.id, [member.id for member in members])
        with self.driven.sessions.transaction() as session:
            session.add_all(members)
            community.form()
            session.add(community)
            session.flush()
            for member in members:
                membership = Membership.invite(community, member.id, answer_by=now + timedelta(days=1), now=now)
                membership.accept(member, channel="portal", now=now)
                session.add(membership)
        return circle


@dataclass
class Circle:
    """A community with members."""

    province: Province
    community_id: UUID
    member_ids: list[UUID]

    @property
    def path(self) -> str:
        return f"/v1/communities/{self.community_id}"

    def member(self, place: int) -> Caller:
        return self.province.principal(self.member_ids[place])

    def joins(self, **entry: Any) -> None:
        """One more principal is invited and says yes."""
        (person,) = self.province.people(1, **entry)
        self.province.invite(self.path, person)
        yes = self.province.principal(person).post(f"{self.path}/invitations/accept", {"attitudes": ATTITUDES})
        assert yes.status_code == 200
        self.member_ids.append(person)

    def called(self, *standing: int) -> str:
        """An election for which these members stand."""
        answer = self.province.officer.post(f"{self.path}/elections")
        assert answer.status_code == 201
        election = f"/v1/elections/{answer.json['id']}"
        for place in standing:
            assert self.member(place).post(f"{election}/stand", {"statement": "À votre service"}).status_code == 200
        return election

    def opened(self, *standing: int) -> str:
        election = self.called(*standing)
        assert self.province.officer.post(f"{election}/open", {"closes_at": in_days(7)}).status_code == 200
        return election

    def vote(self, election: str, voter: int, choice: int, receipt: str = "", **more: Any) -> TestResponse:
        wish = {"choice": str(self.member_ids[choice]), "receipt": receipt or secrets.token_urlsafe(24)}
        return self.member(voter).post(f"{election}/vote", wish, **more)

    def elected(self, winner: int = 0) -> str:
        election = self.opened(winner)
        for voter in range(len(self.member_ids)):
            assert self.vote(election, voter, winner).status_code == 204
        return election


def province_in(driven: Driven) -> Province:
    delegation = Delegation.register(code=uuid4().hex[:8], name_fr="Taounate", name_ar="تاونات")
    names = {"name_fr": "Ghosn Ezzaitoune", "name_ar": "غصن الزيتون"}
    school = School.register(delegation.id, code="15395H", cycle=Cycle.PRIMARY, **names)
    province = Province(driven, delegation.id)
    with driven.sessions.transaction() as session:
        session.add(delegation)
        session.flush()
        session.add(school)
    return province


@pytest.fixture
def province(drive: Callable[..., Driven]) -> Province:
    return province_in(drive(service))


@pytest.fixture
def sqlite_province(sqlite_databases) -> Iterator[Province]:
    """For what no database has to do with."""
    driven = Driven(service, sqlite_databases.new(service.name))
    yield province_in(driven)
    driven.close()


@pytest.fixture
def postgres_province(postgres_databases) -> Iterator[Province]:
    """For what two do at the same moment: SQLite lets one in after the other."""
    driven = Driven(service, postgres_databases.new(service.name))
    yield province_in(driven)
    driven.close()


@pytest.fixture
def attitudes() -> list[str]:
    return ATTITUDES


@pytest.fixture
def ministry_columns() -> dict[str, str]:
    return MINISTRY_COLUMNS
