"""Two Delegations of an academy with zones, schools, people and communities; everything in it asked by the Ministry."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from movers import Movers, in_days
from presents import demand_communities_in_place, demand_present, holding, spans_of_people, spans_of_units
from werkzeug.test import TestResponse

from shared.domain.actor import Role
from shared.testing.harness import Caller, Driven

NAMES = {"name_fr": "Atlas", "name_ar": "أطلس"}
ZONES = {"A": ("A1", "A2"), "B": ("B1",)}
TODAY = datetime.now(UTC).date()


@dataclass
class Region:
    """Of each zone two schools, named after it; whoever heads A1a is a1a."""

    driven: Driven
    attitudes: Collection[str]
    ids: dict[str, UUID] = field(default_factory=dict)
    people: dict[str, UUID] = field(default_factory=dict)

    def __post_init__(self) -> None:
        academy = self._put("academies/by-code/FM", NAMES)
        for code, zones in ZONES.items():
            self.ids[code] = self._put(f"delegations/by-code/{code}", {**NAMES, "academy_id": str(academy)})
            for zone in zones:
                self.ids[zone] = self._put(f"{self.path(code)}/zones/by-code/{zone}", {"kind": "school_basin", **NAMES})
                for place in "ab":
                    self.ids[zone + place] = self._put_school(code, zone + place, zone_code=zone)
            movers = self.movers(code)
            movers.enter({(zone + place).lower(): zone + place for zone in zones for place in "ab"})
            self.people |= movers.ids
        self.homes = {code: self.plan(code) for code in ZONES}

    @property
    def ministry(self) -> Caller:
        return self.driven.call(Role.MINISTRY_ADMINISTRATOR)

    def movers(self, code: str) -> Movers:
        return Movers(self.driven, self.ministry, self.ids[code])

    def path(self, code: str) -> str:
        return f"delegations/{self.ids[code]}"

    def _put(self, path: str, entry: dict[str, Any]) -> UUID:
        answer = self.ministry.put(f"/v1/{path}", entry)
        assert answer.status_code == 201, answer.json
        return UUID(answer.json["id"])

    def _put_school(self, delegation: str, code: str, **more: Any) -> UUID:
        entry = {"cycle": "primary", **NAMES, **more}
        return self._put(f"{self.path(delegation)}/schools/by-code/{code}", entry)

    def plan(self, delegation: str) -> str:
        return f"/v1/communities/{self.ministry.post(f'/v1/{self.path(delegation)}/communities', NAMES).json['id']}"

    def plan_more(self, delegation: str) -> TestResponse:
        return self.ministry.post(f"/v1/{self.path(delegation)}/communities", NAMES)

    def ask_plan(self, delegation: str) -> TestResponse:
        wish = {"least": 1, "most": 9, "wanted": 2, "seconds": 1}
        return self.ministry.post(f"/v1/{self.path(delegation)}/plans", wish)

    def draft(self, delegation: str) -> TestResponse:
        return self.ministry.post(f"/v1/{self.path(delegation)}/canvases", {})

    def do(self, unit: str, verb: str, **wish: Any) -> TestResponse:
        named = {name: _named(self.ids, value) for name, value in wish.items()}
        return self.ministry.post(f"/v1/units/{self.ids[unit]}/{verb}", {"effective_on": in_days(0), **named})

    def split(self, unit: str, code: str, *taken: str) -> TestResponse:
        part = {"code": code, **NAMES, "takes": [str(self.ids[each]) for each in taken]}
        return self.ministry.post(f"/v1/units/{self.ids[unit]}/split", {"effective_on": in_days(0), "parts": [part]})

    def undo(self, operation: str) -> TestResponse:
        return self.ministry.post(f"/v1/operations/{operation}/undo", headers={"If-Match": "*"})

    def undo_everything(self) -> None:
        """What was decided last first; as often as something rests on something else."""
        for _ in range(3):
            items = self.ministry.get("/v1/operations?limit=200").json["items"]
            for operation in reversed([item["id"] for item in items if item["state"] != "undone"]):
                self.undo(operation)
            if all(item["state"] == "undone" for item in items):
                return

    def move(self, moves: dict[str, str]) -> TestResponse:
        """A mouvement of today, decided by the Ministry; everybody's community follows."""
        rows = [{"ppr": ppr, "school_code": code, "community": "follow"} for ppr, code in moves.items()]
        unit = "00000000-0000-7000-8000-000000000001"
        return self.ministry.post(f"/v1/units/{unit}/mouvements", {"effective_on": in_days(0), "moves": rows})

    def invite(self, home: str, *pprs: str) -> TestResponse:
        answer_by = (datetime.now(UTC) + timedelta(days=30)).isoformat()
        wish = {"principal_ids": [str(self.people[ppr]) for ppr in pprs], "answer_by": answer_by}
        return self.ministry.post(f"{self.homes[home]}/invitations", wish)

    def accept(self, home: str, ppr: str) -> TestResponse:
        yes = {"attitudes": self.attitudes}
        return self.driven.call(Role.PRINCIPAL, id=self.people[ppr]).post(f"{self.homes[home]}/invitations/accept", yes)

    def enter_schools(self, delegation: str, *codes: str) -> TestResponse:
        rows = [{"code": code, "cycle": "primary", **NAMES} for code in codes]
        return self.ministry.post(f"/v1/{self.path(delegation)}/schools/bulk", {"rows": rows})

    def enter_people(self, delegation: str, posts: dict[str, str]) -> TestResponse:
        entry = {"name_fr": "Rachida", "name_ar": "رشيدة", "gender": "female", "language": "ar"}
        told = {**entry, "email": "r@example.org", "appointed_on": "2010-09-01"}
        rows = [{"ppr": ppr, "school_code": code, **told} for ppr, code in posts.items()]
        return self.ministry.post(f"/v1/{self.path(delegation)}/principals/bulk", {"rows": rows})

    def demand_sound(self) -> None:
        """The present is how the history says that all stands today, and nothing is in what is no more."""
        with self.driven.sessions.reader() as session:
            units = holding(TODAY, spans_of_units(session))
            people = holding(TODAY, spans_of_people(session))
            stands, posts = dict(units), dict(people)
            assert (len(units), len(people)) == (len(stands), len(posts))  # one span of each
            assert all(above is None or above in stands for above, _ in stands.values())
            demand_present(session, {**stands, **posts})
            demand_communities_in_place(session)


def _named(ids: dict[str, UUID], value: Any) -> Any:
    if isinstance(value, list):
        return [_named(ids, each) for each in value]
    return str(ids[value]) if value in ids else value
