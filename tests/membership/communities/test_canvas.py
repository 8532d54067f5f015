"""A community is thought through before it is founded: half a canvas is saved, a whole one becomes a community."""

from regions import Region

from membership.app import service
from membership.communities.model.canvas import FILLED_IN
from shared.events import CommunityPlanned

THOUGHTS = dict.fromkeys(FILLED_IN, "Accueillir les nouvelles directrices") | {"name_ar": "أرز أزرو"}


def test_a_canvas_is_saved_half_filled_and_founded_whole(province):
    (author,) = province.people(1)
    principal, here = province.principal(author), f"/v1/delegations/{province.delegation_id}/canvases"
    drafted = principal.post(here, {"issue": "Des directrices seules"})
    assert (drafted.status_code, drafted.json["state"]) == (201, "draft")
    path = f"/v1/canvases/{drafted.json['id']}"

    early = province.officer.post(f"{path}/found", {})
    missing = [fault["field"] for fault in early.json["errors"]]
    assert (early.status_code, early.json["code"]) == (409, "canvas.incomplete")
    assert missing == drafted.json["missing"] == [name for name in FILLED_IN if name != "issue"]
    assert province.driven.told(CommunityPlanned) == []

    assert principal.put(path, THOUGHTS).status_code == 428
    whole = principal.put(path, THOUGHTS, seen=drafted)
    assert whole.json["missing"] == []
    assert principal.put(path, THOUGHTS, seen=drafted).status_code == 412
    assert principal.post(f"{path}/found", {}).status_code == 403

    community = province.officer.post(f"{path}/found", {"is_home": False, "quorum_percent": 60}, seen=whole)
    assert (community.status_code, community.json["state"], community.json["is_home"]) == (201, "planned", False)
    kept = province.officer.get(f"/v1/communities/{community.json['id']}/canvas").json
    assert (kept["id"], kept["state"], kept["principal_id"]) == (drafted.json["id"], "founded", str(author))
    for verb in ("found", "discard"):
        assert province.officer.post(f"{path}/{verb}", {}).json["code"] == "canvas.wrong_state"
    assert len(province.driven.told(CommunityPlanned)) == 1


def test_principals_find_their_own_canvases_and_offices_all(province):
    mine, theirs = province.people(2)
    here = f"/v1/delegations/{province.delegation_id}/canvases"
    for caller in (province.principal(mine), province.principal(theirs), province.officer):
        assert caller.post(here, {}).status_code == 201
    own = province.principal(mine).get(here).json["items"]
    assert [canvas["principal_id"] for canvas in own] == [str(mine)]
    everybody = [canvas["principal_id"] for canvas in province.officer.get(here).json["items"]]
    assert everybody == [str(mine), str(theirs), None]
    hidden = f"/v1/canvases/{province.officer.get(here).json['items'][1]['id']}"
    assert province.principal(mine).get(hidden).status_code == 404
    for outsider in province.outsiders:
        assert outsider.post(here, {}).status_code in (403, 404)


def test_a_community_that_was_planned_outright_has_no_canvas(province):
    assert province.officer.get(f"{province.plan()}/canvas").json["code"] == "canvas.not_found"


def test_a_discarded_canvas_takes_no_more_thoughts(province):
    here = f"/v1/delegations/{province.delegation_id}/canvases"
    path = f"/v1/canvases/{province.officer.post(here, {}).json['id']}"
    gone = province.officer.post(f"{path}/discard", {})
    assert gone.json["state"] == "discarded"
    assert province.officer.put(path, THOUGHTS, seen=gone).json["code"] == "canvas.wrong_state"


def test_who_is_erased_is_named_in_no_canvas_any_more(province):
    (author,) = province.people(1, name_fr="Ghita Benjelloun")
    here = f"/v1/delegations/{province.delegation_id}/canvases"
    wish = {"key_people": "Ghita Benjelloun, et le CTAREF", "issue": "Ghita Benjelloun part"}
    drafted = province.principal(author).post(here, wish)
    assert province.principal(author).post(f"/v1/principals/{author}/erase", {"reason": "own_wish"}).status_code == 200
    kept = province.officer.get(f"/v1/canvases/{drafted.json['id']}").json
    assert (kept["key_people"], kept["issue"]) == ("un ancien membre, et le CTAREF", "un ancien membre part")


def test_drafts_go_with_the_heir_of_their_delegation_and_come_back(drive, attitudes):
    region = Region(drive(service), attitudes)
    here, there = (f"/v1/{region.path(code)}/canvases" for code in "BA")
    draft, old = (region.ministry.post(here, THOUGHTS) for _ in range(2))
    region.ministry.post(f"/v1/canvases/{old.json['id']}/discard")
    merged = region.do("A", "merge", merged=["B"]).json["operation"]["id"]
    assert [each["id"] for each in region.ministry.get(there).json["items"]] == [draft.json["id"]]
    assert region.ministry.post(here, {}).json["code"] == "unit.is_closed"
    assert region.undo(merged).status_code == 200
    assert [each["state"] for each in region.ministry.get(here).json["items"]] == ["draft", "discarded"]
    merged = region.do("A", "merge", merged=["B"]).json["operation"]["id"]
    founded = region.ministry.post(f"/v1/canvases/{draft.json['id']}/found", {})
    assert (founded.status_code, founded.json["delegation_id"]) == (201, str(region.ids["A"]))
    assert region.undo(merged).status_code == 200  # what was founded meanwhile stays where it was founded
    assert region.ministry.get(f"/v1/canvases/{draft.json['id']}").json["delegation_id"] == str(region.ids["A"])
