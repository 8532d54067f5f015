"""From a Delegation's files to communities that form: imported, planned, adjusted, adopted, answered by mail."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import requests
from linking import Page

from console.embedded import Place, running
from console.tour import cast, sample
from console.tour.mailbox import Mail, Mailbox
from console.tour.portal import Caller, Portal
from shared.domain.actor import Role
from shared.running.credentials import as_developer
from shared.testing.waiting import eventually

REAL = Path(
    os.environ.get("HALQA_SCHOOLS", Path(__file__).parents[3] / "shared" / "data" / "taounate_etablissements.csv")
)
SILENT = 10  # of so many, one says nothing
MEMBERSHIP = "membership"

pytestmark = pytest.mark.long


@dataclass
class Office:
    """A Delegation's portal at work, and the feed of events as another service reads it."""

    portal: Portal
    delegation: dict[str, Any]
    files: cast.Files

    @property
    def caller(self) -> Caller:
        return self.portal.as_(Role.PORTAL, unit_id=self.delegation["id"])

    def list_all(self, what: str) -> list[dict[str, Any]]:
        return self.caller.all(MEMBERSHIP, f"/v1/delegations/{self.delegation['id']}/{what}")

    def save_mapping(self, name: str, columns: dict[str, str]) -> None:
        where = f"/v1/mappings/{name}"
        wish = {"json": {"kind": "schools", "columns": columns}, "params": {"delegation_id": self.delegation["id"]}}
        answer = self.portal.send("PUT", MEMBERSHIP, where, self.caller.actor, **wish)
        assert answer.status_code == 200, answer.text

    def bring_in(self, kind: str, content: bytes, mapping: str = "{}") -> dict[str, Any]:
        """Handed in, and waited for as a portal does: by looking."""
        form = {"kind": kind, "delegation_id": self.delegation["id"], "mapping": mapping}
        asked = self.caller.post(MEMBERSHIP, "/v1/imports", files={"file": (f"{kind}.csv", content)}, data=form)
        ended = self.until(f"/v1/imports/{asked['id']}", lambda now: now["ended_at"])
        assert (ended["faults"], ended["refused"], ended["refusal"]) == (0, 0, None), ended
        return ended

    def bring_in_both(self) -> list[dict[str, Any]]:
        schools = self.bring_in("schools", self.files.schools, "ministry" if self.files.mapping else "{}")
        return [schools, self.bring_in("principals", sample.to_csv(self.files.principal_rows))]

    def until(self, where: str, is_so) -> dict[str, Any]:
        def look() -> dict[str, Any] | None:
            now = self.caller.get(MEMBERSHIP, where)
            return now if is_so(now) else None

        return eventually(look, within=120, what=where)

    def told(self) -> Counter[str]:
        """How many events of each kind, from the beginning."""
        return Counter(event["type"] for page in self._pages() for event in page)

    def _pages(self) -> Iterator[list[dict[str, Any]]]:
        reader, after = self.portal.as_(Role.SERVICE, "reader").actor, 0
        while page := self._page(reader, after):
            yield page
            after = page[-1]["position"]

    def _page(self, reader, after: int) -> list[dict[str, Any]]:
        return self.portal.send("GET", MEMBERSHIP, "/v1/events", reader, params={"after": after, "limit": 500}).json()


@pytest.fixture
def office(place: Place, smtp_server) -> Iterator[Office]:
    place = replace(place, mail_url=smtp_server.url)
    with running(place) as system, Portal({name: place.url(name) for name in place.ports}, _token(place)) as portal:
        system.wait_until_ready()
        wish = {name: sample.delegation()[name] for name in ("code", "name_fr", "name_ar")}
        ministry = portal.as_(Role.MINISTRY_ADMINISTRATOR)
        yield Office(portal, ministry.post(MEMBERSHIP, "/v1/delegations", wish), _files())


def _token(place: Place):
    return as_developer(place.token_url)


def _files() -> cast.Files:
    return cast.read(REAL) if REAL.exists() else cast.generated()


def test_from_the_files_of_a_delegation_to_communities_that_form(office, smtp_server):
    mailbox = Mailbox(smtp_server)
    imported(office)
    plan = adopted(office, adjusted(office, planned(office)))
    answered(office, mailbox, plan)


def imported(office: Office) -> None:
    files = office.files
    if files.mapping:
        office.save_mapping("ministry", files.mapping)
    expected = [len(files.school_rows), len(files.principal_rows)]
    assert [report["created"] for report in office.bring_in_both()] == expected
    stored = {what: office.list_all(what) for what in ("schools", "principals")}
    assert [len(rows) for rows in stored.values()] == expected
    names = {row["code"]: row["name_ar"].strip() for row in files.school_rows}
    assert all(names[school["code"]] == school["name_ar"] for school in stored["schools"])

    told = eventually(lambda: _settled(office), what="all that was told has its place")
    again = office.bring_in_both()
    assert [(report["created"], report["changed"], report["unchanged"]) for report in again] == [
        (0, 0, count) for count in expected
    ]
    assert {what: office.list_all(what) for what in stored} == stored
    assert _settled(office) == told


def _settled(office: Office) -> Counter[str] | None:
    """What was told, once nothing waits for its place in the log any more."""
    text = requests.get(f"{office.portal.urls[MEMBERSHIP]}/metrics", timeout=20).text
    waits = "halqa_outbox_unstamped 0.0" not in text
    return None if waits else office.told()


def planned(office: Office) -> dict[str, Any]:
    wish = {"least": 16, "wanted": 20, "most": 24, "seconds": 10}
    plan = office.caller.post(MEMBERSHIP, f"/v1/delegations/{office.delegation['id']}/plans", wish)
    ready = office.until(f"/v1/plans/{plan['id']}", lambda now: now["state"] != "asked")
    assert ready["state"] == "ready", ready
    sizes = Counter(place["group"] for place in places(office, ready))
    assert sizes.total() + len(ready["excluded"]) == len(office.files.principal_rows)
    assert all(16 <= size <= 24 for size in sizes.values()) and len(sizes) == len(ready["groups"])
    return ready


def places(office: Office, plan: dict[str, Any]) -> list[dict[str, Any]]:
    return office.caller.all(MEMBERSHIP, f"/v1/plans/{plan['id']}/places")


def adjusted(office: Office, plan: dict[str, Any]) -> dict[str, Any]:
    """Somebody is put from the largest group into the smallest by hand, and is then really there."""
    sizes = Counter(place["group"] for place in places(office, plan)).most_common()
    largest, smallest = sizes[0][0], sizes[-1][0]
    who = next(place["principal_id"] for place in places(office, plan) if place["group"] == largest)
    move = {"moves": [{"principal_id": who, "group": smallest}]}
    moved = office.caller.change(MEMBERSHIP, f"/v1/plans/{plan['id']}/moves", move)
    (place,) = [place for place in places(office, moved) if place["principal_id"] == who]
    assert (place["group"], place["moved_from"], place["is_fixed"]) == (smallest, largest, True)
    return moved


def adopted(office: Office, plan: dict[str, Any]) -> dict[str, Any]:
    until = {"answer_by": (datetime.now(UTC) + timedelta(days=30)).isoformat()}
    done = office.caller.change(MEMBERSHIP, f"/v1/plans/{plan['id']}/adopt", until)
    communities = {community["id"]: community for community in office.list_all("communities")}
    assert done["state"] == "adopted" and {group["community_id"] for group in done["groups"]} == communities.keys()
    invited = sum((states_in(office, id) for id in communities), Counter())
    assert invited == {"invited": len(places(office, plan))}  # nobody is a member without their own yes
    return done


def states_in(office: Office, community_id: str) -> Counter[str]:
    found = office.caller.all(MEMBERSHIP, f"/v1/communities/{community_id}/members")
    return Counter(one["state"] for one in found)


def answered(office: Office, mailbox: Mailbox, plan: dict[str, Any]) -> None:
    """All are invited by mail; all but some say yes by the link in it, and their communities form."""
    emails = {person["id"]: person["email"] for person in office.list_all("principals")}
    home = {emails[place["principal_id"]]: place["group"] for place in places(office, plan)}
    arrived = lambda: mails if len(mails := mailbox.of("member_invited")) >= len(home) else None  # noqa: E731
    invitations = {mail.to: mail for mail in eventually(arrived, within=120, what="the invitations")}
    assert invitations.keys() == home.keys() and mailbox.repeated() == Counter()

    joining = [to for number, to in enumerate(sorted(home)) if number % SILENT]
    for to in joining:
        accept(invitations[to], office.portal.urls[MEMBERSHIP])
    welcomed = lambda: len(mailbox.of("member_joined")) >= len(joining)  # noqa: E731
    eventually(welcomed, within=120, what="the welcomes")
    assert {mail.to for mail in mailbox.of("member_joined")} == set(joining) and mailbox.repeated() == Counter()

    assert {community["state"] for community in office.list_all("communities")} == {"forming"}
    members = Counter(home[to] for to in joining)
    found = {group["group"]: states_in(office, group["community_id"])["member"] for group in plan["groups"]}
    assert found == members


def accept(invitation: Mail, base: str) -> None:
    """As a browser does: the page, its one button, pressed."""
    link = next(line for line in invitation.text.splitlines() if line.startswith(f"{base}/v1/links/"))
    shown = requests.get(link, timeout=20)
    (choice,) = Page(shown).choices
    pressed = requests.post(link, data={"choice": choice}, timeout=20)
    assert (shown.status_code, pressed.status_code) == (200, 200), pressed.text
