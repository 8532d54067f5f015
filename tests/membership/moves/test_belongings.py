"""What a Delegation has written down when it is merged or split: its canvases, its plans, the distances it knows."""

import pytest
from planned import WISH
from regions import Region
from sqlalchemy import select

from membership.app import service
from membership.communities.model.canvas import FILLED_IN
from membership.planning.model.dispersion import Distance
from shared.domain.actor import Role

THOUGHTS = dict.fromkeys(FILLED_IN, "Accueillir les nouvelles directrices") | {"name_ar": "أرز أزرو"}


@pytest.fixture
def region(drive, attitudes) -> Region:
    return Region(drive(service), attitudes)


def asked(region: Region, code: str) -> str:
    answer = region.ministry.post(f"/v1/{region.path(code)}/plans", WISH | {"least": 1, "most": 9})
    assert answer.status_code == 202, answer.json
    return f"/v1/plans/{answer.json['id']}"


def state(region: Region, path: str) -> str:
    return region.ministry.get(path).json["state"]


def known_distances(region: Region, code: str) -> dict[tuple[str, str], float]:
    with region.driven.sessions.reader() as session:
        mine = select(Distance).where(Distance.delegation_id == region.ids[code])
        return {(way.from_code, way.to_code): way.km for way in session.scalars(mine)}


def done(answer) -> str:
    assert answer.status_code == 201, answer.json
    return answer.json["operation"]["id"]


def test_plans_lapse_with_their_delegation_and_hold_again_when_it_does(region):
    ready = asked(region, "B")
    region.driven.work()
    waiting = asked(region, "B")
    assert (state(region, ready), state(region, waiting)) == ("ready", "asked")
    places = region.ministry.get(f"{ready}/places").json["items"]
    looked_at = region.ministry.post(
        f"/v1/units/{region.ids['A']}/merge?dry_run=true",
        {"merged": [str(region.ids["B"])], "effective_on": "2099-01-01"},
    )
    warnings = {warning["code"]: warning["reason"] for warning in looked_at.json["warnings"]}
    assert warnings["operation.plans_lapse"].endswith("2")
    merged = done(region.do("A", "merge", merged=["B"]))
    assert (state(region, ready), state(region, waiting)) == ("lapsed", "lapsed")
    region.driven.work()  # a computation that was under way comes to nothing
    assert state(region, waiting) == "lapsed"
    for verb in ("adopt", "recompute"):
        wish = {"answer_by": "2099-01-01T00:00:00Z"} if verb == "adopt" else {}
        refused = region.ministry.post(f"{ready}/{verb}", wish, headers={"If-Match": "*"})
        assert (refused.status_code, refused.json["code"]) == (409, "unit.is_closed")
    refused = region.ministry.post(f"/v1/{region.path('B')}/plans", WISH)
    assert (refused.status_code, refused.json["code"]) == (409, "unit.is_closed")
    assert region.undo(merged).status_code == 200
    assert (state(region, ready), state(region, waiting)) == ("ready", "asked")
    assert region.ministry.get(f"{ready}/places").json["items"] == places
    region.driven.work()
    assert state(region, waiting) == "ready"


def test_a_canvas_goes_with_its_author_or_its_community_and_comes_back(region):
    def canvases(code: str) -> set[str]:
        items = region.ministry.get(f"/v1/{region.path(code)}/canvases").json["items"]
        return {item["id"] for item in items}

    author = region.driven.call(Role.PRINCIPAL, id=region.people["a1a"])
    drafted = author.post(f"/v1/{region.path('A')}/canvases", THOUGHTS).json["id"]
    offices, founded = (region.ministry.post(f"/v1/{region.path('A')}/canvases", THOUGHTS).json["id"] for _ in "12")
    community = region.ministry.post(f"/v1/canvases/{founded}/found", {}).json["id"]
    region.homes["new"] = f"/v1/communities/{community}"
    assert region.invite("new", "a1a").status_code == 200
    assert region.accept("new", "a1a").status_code == 200
    moved = done(region.do("A1", "move", parent_id="B"))
    assert (canvases("A"), canvases("B")) == ({offices}, {drafted, founded})
    assert author.get(f"/v1/{region.path('B')}/canvases").json["items"][0]["id"] == drafted
    assert region.undo(moved).status_code == 200
    assert (canvases("A"), canvases("B")) == ({offices, drafted, founded}, set())


def test_known_distances_go_with_the_schools(region):
    ways = [{"from_code": "A1a", "to_code": other, "km": km} for other, km in (("A1b", 7), ("A2a", 31))]
    known = region.ministry.put(f"/v1/{region.path('A')}/distances", {"rows": ways})
    assert known.status_code == 200, known.json
    before = known_distances(region, "A")
    moved = done(region.do("A1", "move", parent_id="B"))
    assert known_distances(region, "B") == {pair: km for pair, km in before.items() if pair[1] != "A2A"}
    assert region.undo(moved).status_code == 200
    assert known_distances(region, "A") == before
