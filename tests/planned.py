"""A Delegation that can be planned for: schools in two valleys, one principal at each, three cycles, both genders."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from peers import new_principal

from membership.organisation.model.organisation import Cycle, School
from membership.people.model.people import Gender, Principal
from shared.testing.harness import Driven

CYCLES = (Cycle.PRIMARY, Cycle.PRIMARY, Cycle.LOWER_SECONDARY, Cycle.PRIMARY, Cycle.UPPER_SECONDARY, Cycle.PRIMARY)
VALLEYS = ((-4.60, 34.50), (-4.20, 34.60))  # some 38 km from each other
WISH = {"least": 5, "most": 7, "wanted": 6, "seconds": 1}


@dataclass(frozen=True)
class Valley:
    """Six schools side by side, about a kilometre apart, and who heads them."""

    principal_ids: list[UUID]
    codes: list[str]


def settle(driven: Driven, delegation_id: UUID, *, mark: str = "") -> list[Valley]:
    valleys: list[Valley] = []
    with driven.sessions.transaction() as session:
        for number, (longitude, latitude) in enumerate(VALLEYS, 1):
            entries = list(_entries(delegation_id, f"{mark}V{number}", longitude, latitude))
            session.add_all(school for school, _ in entries)
            session.flush()
            session.add_all(principal for _, principal in entries)
            valleys.append(Valley([person.id for _, person in entries], [school.code for school, _ in entries]))
    return valleys


def _entries(delegation_id: UUID, mark: str, longitude: float, latitude: float) -> Iterator[tuple[School, Principal]]:
    for place, cycle in enumerate(CYCLES):
        code = f"{mark}S{place}"
        at = {"longitude": longitude + place * 0.01, "latitude": latitude}
        names = {"name_fr": f"École {code}", "name_ar": f"مدرسة {code}"}
        gender = Gender.FEMALE if place % 2 else Gender.MALE
        school = School.register(delegation_id, code=code, cycle=cycle, **names, **at)
        yield school, new_principal(delegation_id, school_code=code, cycle=cycle, gender=gender)


def planned(province: Any, **wish: Any) -> dict[str, Any]:
    """A plan that was asked for and computed, as the officer reads it."""
    asked = province.officer.post(f"/v1/delegations/{province.delegation_id}/plans", WISH | wish)
    assert asked.status_code == 202, asked.json
    province.driven.work()
    return read(province, asked.json["id"]).json


def read(province: Any, plan_id: str) -> Any:
    return province.officer.get(f"/v1/plans/{plan_id}")


def groups_of(province: Any, plan_id: str, query: str = "") -> dict[UUID, int]:
    page = province.officer.get(f"/v1/plans/{plan_id}/places?limit=200{query}").json
    assert page["next"] is None
    return {UUID(place["principal_id"]): place["group"] for place in page["items"]}


def in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()
