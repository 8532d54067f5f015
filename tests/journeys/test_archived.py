"""A person asks for all that is held about them: four services answer, also one that was away; after a week it is gone.

Every service is a process with a database of its own: SQLite, reading each other's feeds; PostgreSQL, with RabbitMQ.
"""

import io
import json
import zipfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import roles
from peers import new_community, new_principal
from sqlalchemy import create_engine, text

from console.tour.portal import Caller, Portal
from membership.app import service as membership
from membership.joining.model.consent_texts import ATTITUDES
from membership.organisation.model.organisation import Delegation
from membership.privacy.use_cases import delete_old_archives
from shared.domain.actor import Role
from shared.testing.harness import Driven
from shared.testing.issuer import token
from shared.testing.servers import RABBITMQ_IMAGE, free_port
from shared.testing.waiting import eventually

NAMES = ("membership", "meetings", "practices", "notifications")
PLAN = {"subject": "Accueillir les nouveaux", "activity": "workshop", "modality": "in_person", "duration_minutes": 90}
PRACTICE = {"title": "Un jardin pour lire", "language": "fr", "problem": "Pas de lieu calme pour lire."}


def in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


@dataclass
class Land:
    """The four services, each a process that can be stopped and started again where it was."""

    databases: Any
    folder: Path
    broker_url: str = ""
    ports: dict[str, int] = field(default_factory=lambda: {name: free_port() for name in NAMES})

    def __post_init__(self) -> None:
        self.database_urls = {name: self.databases.new(name) for name in NAMES}
        self.urls = {name: f"http://127.0.0.1:{port}" for name, port in self.ports.items()}
        self.processes = {name: ExitStack() for name in NAMES}
        self.portal = Portal(self.urls, token)

    @property
    def settings(self) -> dict[str, str]:
        others = {"HALQA_PEERS": ",".join(f"{name}={url}" for name, url in self.urls.items())}
        mail = {"HALQA_MAIL_URL": f"spool://{self.folder}/spool"}
        return others | mail | {"HALQA_BROKER_URL": self.broker_url, "HALQA_BROKER_MANAGEMENT_URL": ""}

    def start(self, name: str) -> None:
        where = {"port": self.ports[name], **self.settings}
        run = roles.running(name, "run", self.folder, self.database_urls[name], **where)
        self.processes[name].enter_context(run)

    def stop(self, name: str) -> None:
        self.processes[name].close()

    def rows(self, name: str, question: str) -> list[Any]:
        engine = create_engine(self.database_urls[name])
        with engine.connect() as connection:
            found = connection.execute(text(question)).all()
        engine.dispose()
        return found


@contextmanager
def running(land: Land) -> Iterator[Land]:
    try:
        for name in NAMES:
            land.start(name)
        with land.portal:
            yield land
    finally:
        for name in NAMES:
            land.stop(name)


@dataclass
class Person:
    """Somebody who coordinates, convenes, writes and is written to."""

    id: UUID
    caller: Caller
    ministry: Caller
    community_id: UUID
    delegation_id: UUID


def settle(land: Land) -> Person:
    """A coordinator in office, as the Delegation's files and an election would leave them; all services know."""
    members = Driven(membership, land.database_urls["membership"])
    delegation = Delegation.register(code="TAO", name_fr="Taounate", name_ar="تاونات")
    principal, community = new_principal(delegation.id), new_community(delegation.id)
    ids = principal.id, community.id, delegation.id
    with members.sessions.transaction() as session:
        session.add(delegation)
        session.flush()
        session.add_all([principal, community])
    members.close()
    callers = land.portal.as_(Role.PRINCIPAL, ids[0]), land.portal.as_(Role.MINISTRY_ADMINISTRATOR)
    return Person(ids[0], *callers, *ids[1:])


def live(land: Land, person: Person) -> None:
    """They say yes, are elected, convene a meeting, answer, publish a practice."""
    here, me = f"/v1/communities/{person.community_id}", person.caller
    wish = {"principal_ids": [str(person.id)], "answer_by": in_days(30)}
    person.ministry.post("membership", f"{here}/invitations", wish)
    me.post("membership", f"{here}/invitations/accept", {"attitudes": list(ATTITUDES)})
    be_elected(person, here)
    knows = lambda name: (me.find(name, here) or {}).get("coordinator_id") == str(person.id)  # noqa: E731
    eventually(lambda: knows("meetings"), what="meetings knows the coordinator")
    meeting = me.post("meetings", f"{here}/meetings", PLAN | {"zone": "Africa/Casablanca", "agenda": []})
    at = f"/v1/meetings/{meeting['id']}"
    me.change("meetings", f"{at}/schedule", {"starts_at": in_days(14), "place": "Salle 3"})
    me.post("meetings", f"{at}/answer", {"answer": "yes"})
    eventually(lambda: me.find("practices", here), what="practices knows the member")
    me.post("practices", f"{here}/practices", PRACTICE)
    eventually(lambda: {"member_joined", "meeting_scheduled"} <= mails(person), what="the mails are written")


def be_elected(person: Person, here: str) -> None:
    election = person.ministry.post("membership", f"{here}/elections")
    at = f"/v1/elections/{election['id']}"
    person.caller.post("membership", f"{at}/stand", {"statement": "À votre service"})
    person.ministry.post("membership", f"{at}/open", {"closes_at": in_days(7)})
    person.caller.post("membership", f"{at}/vote", {"choice": str(person.id), "receipt": "r" * 32})
    delegue = person.caller.portal.as_(Role.DELEGATION_OFFICER, unit_id=person.delegation_id)
    delegue.post("membership", f"{at}/confirm")


def mails(person: Person) -> set[str]:
    written = person.ministry.get("notifications", "/v1/messages", principal_id=str(person.id))["items"]
    return {message["kind"] for message in written}


def download(land: Land, person: Person, archive: dict) -> dict[str, Any]:
    path = f"/v1/archives/{archive['id']}/file"
    answer = land.portal.send("GET", "membership", path, person.caller.actor)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


def tell(land: Land) -> None:
    person = settle(land)
    live(land, person)
    land.stop("practices")
    archive = person.caller.post("membership", f"/v1/principals/{person.id}/archives")
    answered = "SELECT DISTINCT service FROM archive_part"
    others = {"membership", "meetings", "notifications"}
    eventually(lambda: {row[0] for row in land.rows("membership", answered)} == others, what="three have answered")
    state = lambda: person.caller.get("membership", f"/v1/archives/{archive['id']}")["state"]  # noqa: E731
    assert state() == "gathering"

    land.start("practices")
    eventually(lambda: state() == "complete", within=60, what="the one that was away has answered")
    texts = download(land, person, archive)
    check(person, {name: json.loads(texts[f"{name}.json"]) for name in NAMES})
    assert "données" in texts["LISEZ-MOI.fr.txt"] and "معطياتكم" in texts["README.ar.txt"]
    eventually(lambda: "archive_completed" in mails(person), what="the mail that says so")

    grow_old(land)
    assert state() == "deleted"
    assert land.rows("membership", "SELECT 1 FROM archive_part") == []
    eventually(lambda: not left_in_logs(land), what="what was told for it is blank")


def check(person: Person, told: dict[str, dict[str, list]]) -> None:
    own, meetings, practices, notifications = (told[name] for name in NAMES)
    assert own["entry"][0]["email"] == "rachida@example.org"
    assert [consent["state"] for consent in own["consents"]] == ["given"]
    assert (len(own["candidacies"]), own["votes"][0]["has_voted"]) == (1, True)
    assert date.fromisoformat(own["mandates"][0]["mandate_ends_on"]) > date(2026, 1, 1)
    assert [meeting["subject"] for meeting in meetings["meetings_convened"]] == [PLAN["subject"]]
    assert [invitation["answer"] for invitation in meetings["invitations"]] == ["yes"]
    assert [practice["title"] for practice in practices["practices"]] == [PRACTICE["title"]]
    assert {"member_joined", "meeting_scheduled"} <= {message["kind"] for message in notifications["messages"]}
    assert all(message["to_address"] == "rachida@example.org" for message in notifications["messages"])
    assert datetime.fromisoformat(meetings["meetings_convened"][0]["starts_at"]).tzinfo is not None


def grow_old(land: Land) -> None:
    """As the clock does it eight days later."""
    members = Driven(membership, land.database_urls["membership"])
    with members.sessions.transaction() as session:
        assert delete_old_archives(session, datetime.now(UTC) + timedelta(days=1), 100) == 1
    members.close()


def left_in_logs(land: Land) -> list[Any]:
    """Whatever of the person still stands in what was told for the archive."""
    told = "SELECT payload FROM outbox WHERE type LIKE '%.archive_part_gathered.%'"
    payloads = [payload for name in NAMES[1:] for (payload,) in land.rows(name, told)]
    assert len(payloads) == 3
    return [payload for payload in payloads if json.loads(payload)["data"]["content"] != "{}"]


@pytest.mark.long
def test_a_person_gets_all_that_is_held_about_them_by_pull(sqlite_databases, tmp_path):
    with running(Land(sqlite_databases, tmp_path)) as land:
        tell(land)


@pytest.mark.parametrize("broker", [RABBITMQ_IMAGE], indirect=True)
@pytest.mark.long
def test_a_person_gets_all_that_is_held_about_them_by_push(postgres_databases, virtual_host, tmp_path):
    with running(Land(postgres_databases, tmp_path, virtual_host.url)) as land:
        tell(land)
