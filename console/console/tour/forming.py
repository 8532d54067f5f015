"""The tour, first part: the organisation comes in, a community forms and chooses its coordinator."""

import json
import secrets
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from . import sample
from .cast import DECLINING, MEMBERS
from .guide import Guide
from .narrator import NotSeen

ATTITUDES = [
    "volunteering",
    "openness_to_change",
    "motivation",
    "curiosity",
    "initiative_and_self_discipline",
    "ethical_conduct",
]


def enter_delegation(guide: Guide) -> None:
    place = sample.delegation()
    guide.narrator.step(f"The Ministry enters a Delegation: {place['name_fr']} / {place['name_ar']}.")
    wish = {name: place[name] for name in ("code", "name_fr", "name_ar")}
    guide.cast.delegation = guide.ministry.post("membership", "/v1/delegations", wish)


def import_schools(guide: Guide) -> None:
    files, address = guide.cast.files, f"/v1/delegations/{guide.cast.delegation['id']}/schools"
    guide.narrator.step(f"The Delegation sends its file of schools: {len(files.school_rows)} rows.")
    report = _send_file(guide, address, files.schools, files.mapping)
    guide.narrator.did(f"{report['created']} created, {report['changed']} changed, {report['unchanged']} as before")
    for remark in report["remarks"]:
        guide.narrator.did(f"remark on line {remark['line']}: {remark['value']} {remark['reason']}")
    stored = guide.office.all("membership", address)
    main = [school for school in stored if school["code"] == school["main_code"]]
    guide.narrator.demand(
        len(stored) == len(files.school_rows) and len(main) == len(files.main_schools),
        f"{len(stored)} schools: {len(main)} main schools, {len(stored) - len(main)} satellites attached to them",
    )
    names = {row["code"]: row["name_ar"].strip() for row in files.school_rows}
    intact = all(names[school["code"]] == school["name_ar"] for school in stored)
    guide.narrator.demand(intact, f"Arabic names intact, for instance {stored[0]['name_ar']}")


def import_principals(guide: Guide) -> None:
    rows, address = guide.cast.files.principal_rows, f"/v1/delegations/{guide.cast.delegation['id']}/principals"
    guide.narrator.step(f"It sends its file of principals, one per main school: {len(rows)} rows.")
    report = _send_file(guide, address, sample.to_csv(rows), {})
    guide.narrator.did(f"{report['created']} created, {report['changed']} changed, {report['unchanged']} as before")
    stored = guide.office.all("membership", address)
    guide.narrator.demand(len(stored) == len(rows), f"{len(stored)} principals")
    guide.cast.invited = stored[: MEMBERS + DECLINING]
    last = f"/v1/recipients/{stored[-1]['id']}"
    guide.knows("notifications", "where to write to all of them", lambda: guide.delegue.find("notifications", last))


def _send_file(guide: Guide, address: str, content: bytes, mapping: dict[str, str]) -> dict[str, Any]:
    files = {"file": ("file.csv", content, "text/csv")}
    return guide.office.post("membership", f"{address}/import", files=files, data={"mapping": json.dumps(mapping)})


def plan_community(guide: Guide) -> None:
    guide.narrator.step("The Delegation plans a community.")
    address = f"/v1/delegations/{guide.cast.delegation['id']}/communities"
    earlier = len(guide.office.all("membership", address))
    wish = {"name_fr": f"CPP {guide.cast.delegation['name_fr']} {earlier + 1}"}
    wish["name_ar"] = f"جماعة {guide.cast.delegation['name_ar']} {earlier + 1}"
    # One home at most: after an earlier tour the same people meet in a thematic community.
    guide.cast.community = guide.office.post("membership", address, wish | {"is_home": earlier == 0})
    here = f"/v1/communities/{guide.cast.community['id']}"
    for service in ("meetings", "practices", "notifications"):
        guide.knows(service, wish["name_fr"], partial(guide.delegue.find, service, here))


def invite_principals(guide: Guide) -> None:
    invited = guide.cast.invited
    guide.narrator.step(f"It invites {len(invited)} principals. Nobody is a member without their own yes.")
    wish = {"principal_ids": [person["id"] for person in invited], "answer_by": _in(days=30)}
    guide.office.post("membership", f"/v1/communities/{guide.cast.community['id']}/invitations", wish)
    guide.receives("member_invited", invited, "an invitation")


def answer_invitations(guide: Guide) -> None:
    community, *everybody = guide.cast.community["id"], *guide.cast.invited
    joining, declining = everybody[:MEMBERS], everybody[MEMBERS:]
    guide.narrator.step(f"{len(joining)} accept, {len(declining)} declines.")
    here = f"/v1/communities/{community}"
    for person in joining:
        guide.principal(person).post("membership", f"{here}/invitations/accept", {"attitudes": ATTITUDES})
    for person in declining:
        guide.principal(person).post("membership", f"{here}/invitations/decline")
    guide.cast.members = joining
    for service in ("meetings", "practices"):
        ask = lambda service=service: guide.delegue.find(service, here)  # noqa: E731
        guide.knows(service, f"{len(joining)} members", ask, lambda found: found["member_count"] == len(joining))
    guide.receives("member_joined", joining, "a welcome")


def elect_coordinator(guide: Guide) -> None:
    members = guide.cast.members
    guide.narrator.step("They elect a coordinator by secret vote: three stand, all vote.")
    election = guide.office.post("membership", f"/v1/communities/{guide.cast.community['id']}/elections")
    guide.cast.election = election
    here = f"/v1/elections/{election['id']}"
    for person in members[:3]:
        guide.principal(person).post("membership", f"{here}/stand", {"statement": "À votre service. في خدمتكم."})
    guide.office.post("membership", f"{here}/open", {"closes_at": _in(days=7)})
    guide.receives("election_opened", members, "the call to vote")
    _vote(guide, here)
    guide.cast.election = guide.knows(
        "membership",
        "the vote is counted",
        lambda: guide.office.find("membership", here),
        lambda found: found["state"] == "elected",
    )
    _find_receipts(guide)
    guide.receives("coordinator_elected", members, "the result")


def _vote(guide: Guide, here: str) -> None:
    for number, person in enumerate(guide.cast.members):
        receipt = secrets.token_urlsafe(24)
        guide.cast.receipts.add(receipt)
        choice = guide.cast.members[min(number % 4, 2)]["id"]
        guide.principal(person).post("membership", f"{here}/vote", {"choice": choice, "receipt": receipt})


def _find_receipts(guide: Guide) -> None:
    counted = {ballot["receipt"] for ballot in guide.cast.election["ballots"]}
    guide.narrator.demand(counted == guide.cast.receipts, "each voter finds their ballot in the published count")


def confirm_coordinator(guide: Guide) -> None:
    chosen = {person["id"]: person for person in guide.cast.members}.get(guide.cast.election["elected_id"])
    if chosen is None:
        raise NotSeen("somebody was elected who is no member")
    guide.cast.coordinator = chosen
    guide.narrator.step(f"The Delegue confirms {chosen['name_fr']} / {chosen['name_ar']}.")
    guide.delegue.post("membership", f"/v1/elections/{guide.cast.election['id']}/confirm")
    here = f"/v1/communities/{guide.cast.community['id']}"
    guide.knows(
        "meetings",
        "who may convene",
        lambda: guide.delegue.find("meetings", here),
        lambda found: found["coordinator_id"] == chosen["id"],
    )
    guide.receives("coordinator_confirmed", guide.cast.members, "the confirmation")


def _in(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()
