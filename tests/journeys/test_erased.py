"""A principal who is in everything is erased: no table, no event and no log of any service names them any more.

Four real services, each a process with its database: by pull on SQLite, by RabbitMQ on PostgreSQL. What was sent by
mail is out of reach; the development transport's files count as sent.
"""

import csv
import io
import secrets
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import roles
from sqlalchemy import NullPool, create_engine, insert
from stored import traits_in

from console.embedded import PORTS
from console.tour.forming import ATTITUDES
from console.tour.portal import Caller, Portal
from journeys.sink import Sink
from shared.domain.actor import Role
from shared.events import MemberJoined, encode
from shared.messaging.inbox_row import InboxRow, Status
from shared.testing.harness import wrap
from shared.testing.issuer import token as token_of
from shared.testing.servers import RABBITMQ_IMAGE, free_port, rabbitmq_of
from shared.testing.virtual_host import VirtualHost
from shared.testing.waiting import eventually

FATIMA = {
    "ppr": "7319046",
    "name_fr": "Fatim-Zahra N'Aït Wanzare",
    "name_ar": "فاطمة الزهراء نايت ونزار",
    "email": "fz.wanzare@exemple.ma",
    "phone": "+212 661 98 76 54",
}
BEFORE_SHE_MARRIED = {"name_fr": "Fatim-Zahra Oubihi", "name_ar": "فاطمة الزهراء أوبيهي", "email": "oubihi@exemple.ma"}
TRAITS = [*FATIMA.values(), *BEFORE_SHE_MARRIED.values()]
OTHERS = [
    {"ppr": "1000001", "name_fr": "Ali Tazi", "name_ar": "علي التازي", "email": "ali@exemple.ma"},
    {"ppr": "1000002", "name_fr": "Omar Naji", "name_ar": "عمر ناجي", "email": "omar@exemple.ma"},
]
FORMER_FR, FORMER_AR = "Ancien membre", "عضو سابق"
EVERYWHERE = ("membership", "meetings", "practices", "notifications")


@dataclass
class System:
    """Four processes, their databases and logs, and a portal that calls them."""

    portal: Portal
    databases: dict[str, str]
    logs: list[Path]
    sink: Sink
    ids: dict[str, str] = field(default_factory=dict)

    def as_(self, name: str) -> Caller:
        return self.portal.as_(Role.PRINCIPAL, self.ids[name])

    @property
    def ministry(self) -> Caller:
        return self.portal.as_(Role.MINISTRY_ADMINISTRATOR)

    @property
    def office(self) -> Caller:
        return self.portal.as_(Role.DELEGATION_OFFICER, "officer", self.ids["delegation"])

    def left(self) -> dict[str, list[str]]:
        """What still names her, by service, and by log."""
        found = {service: traits_in(url, TRAITS) for service, url in self.databases.items()}
        said = {log.name: [trait for trait in TRAITS if trait in log.read_text()] for log in self.logs}
        return {where: lines for where, lines in (found | said).items() if lines}

    def mails(self, kind: str) -> int:
        return sum(message_from_bytes(raw)["Halqa-Kind"] == kind for raw in self.sink.accepted)


@pytest.fixture(params=["pull on SQLite", "RabbitMQ and PostgreSQL"])
def system(request, tmp_path, smtp_server) -> Iterator[System]:
    with ExitStack() as stack:
        has_broker = request.param != "pull on SQLite"
        made = request.getfixturevalue("postgres_databases" if has_broker else "sqlite_databases")
        ports, databases = {name: free_port() for name in PORTS}, {name: made.new(name) for name in EVERYWHERE}
        urls = {name: f"http://127.0.0.1:{port}" for name, port in ports.items()}
        ways = {"HALQA_PEERS": ",".join(f"{name}={url}" for name, url in urls.items())}
        ways |= {"HALQA_MAIL_URL": smtp_server.url, "HALQA_MEETING_MAY_BE_HELD_EARLY": "1"}
        ways |= {"HALQA_BROKER_URL": _virtual_host(stack).url} if has_broker else {}
        running = [
            stack.enter_context(roles.running(name, "run", tmp_path, databases[name], port=ports[name], **ways))
            for name in EVERYWHERE
        ]
        portal = stack.enter_context(Portal(urls, token_of))
        yield System(portal, databases, [one.log for one in running], smtp_server)


def _virtual_host(stack: ExitStack) -> VirtualHost:
    host = VirtualHost(stack.enter_context(rabbitmq_of(RABBITMQ_IMAGE)))
    stack.callback(host.delete)
    return host


def live(system: System) -> None:
    """She is entered, invited, elected, confirmed, convenes, minutes, writes; and is written to about all of it."""
    enter(system)
    community = system.office.post(
        "membership",
        f"/v1/delegations/{system.ids['delegation']}/communities",
        {"name_fr": "CPP Atlas", "name_ar": "جماعة الأطلس", "is_home": True},
    )["id"]
    system.ids["community"] = community
    join(system, community)
    be_elected(system, community)
    meet(system, community)
    write(system, community)
    ask_for_archives(system)
    die(system, community)


def enter(system: System) -> None:
    names = {"code": "FZW", "name_fr": "Taounate", "name_ar": "تاونات"}
    system.ids["delegation"] = system.ministry.post("membership", "/v1/delegations", names)["id"]
    system.office.post("membership", f"{here(system)}/schools/import", **as_file([SCHOOL]))
    for her in (FATIMA | BEFORE_SHE_MARRIED, FATIMA):
        rows = [{**ENTRY, **row} for row in (her, *OTHERS)]
        system.office.post("membership", f"{here(system)}/principals/import", **as_file(rows))
    stored = {entry["ppr"]: entry["id"] for entry in system.office.all("membership", f"{here(system)}/principals")}
    system.ids |= {"fatima": stored["7319046"], "ali": stored["1000001"], "omar": stored["1000002"]}


SCHOOL = {"code": "15395H", "cycle": "primary", "name_fr": "Ghosn Ezzaitoune", "name_ar": "غصن الزيتون"}
ENTRY = {"school_code": "15395H", "gender": "F", "language": "fr", "appointed_on": "2012-09-03", "phone": ""}


def here(system: System) -> str:
    return f"/v1/delegations/{system.ids['delegation']}"


def as_file(rows: list[dict[str, str]]) -> dict[str, Any]:
    text = io.StringIO()
    table = csv.DictWriter(text, list(rows[0]))
    table.writeheader()
    table.writerows(rows)
    return {"files": {"file": ("file.csv", text.getvalue().encode(), "text/csv")}, "data": {"mapping": "{}"}}


def join(system: System, community: str) -> None:
    people = [system.ids[name] for name in ("fatima", "ali", "omar")]
    invitation = {"principal_ids": people, "answer_by": in_days(30)}
    system.office.post("membership", f"/v1/communities/{community}/invitations", invitation)
    for name in ("fatima", "ali", "omar"):
        yes = {"attitudes": ATTITUDES}
        system.as_(name).post("membership", f"/v1/communities/{community}/invitations/accept", yes)


def be_elected(system: System, community: str) -> None:
    """First refused, with a reason that names her; then confirmed."""
    for decision in ("refuse", "confirm"):
        election = system.office.post("membership", f"/v1/communities/{community}/elections")["id"]
        mine, yours = f"Je suis {FATIMA['name_fr']}", f"Moins bien que {FATIMA['name_fr']}"
        system.as_("fatima").post("membership", f"/v1/elections/{election}/stand", {"statement": mine})
        system.as_("ali").post("membership", f"/v1/elections/{election}/stand", {"statement": yours})
        system.office.post("membership", f"/v1/elections/{election}/open", {"closes_at": in_days(5)})
        for name in ("fatima", "ali", "omar"):
            vote = {"choice": system.ids["fatima"], "receipt": secrets.token_urlsafe(24)}
            system.as_(name).post("membership", f"/v1/elections/{election}/vote", vote)
        reason = {"reason": f"{FATIMA['name_fr']} est absente"} if decision == "refuse" else {}
        system.office.post("membership", f"/v1/elections/{election}/{decision}", reason)


def meet(system: System, community: str) -> None:
    hers = system.as_("fatima")
    eventually(
        lambda: (
            (hers.find("meetings", f"/v1/communities/{community}") or {}).get("coordinator_id") == system.ids["fatima"]
        ),
        what="meetings knows the coordinator",
    )
    plan = {
        "subject": f"Chez {FATIMA['name_fr']}",
        "activity": "workshop",
        "modality": "in_person",
        "duration_minutes": 60,
        "zone": "Africa/Casablanca",
        "agenda": [{"title": f"Exposé de {FATIMA['name_ar']}", "minutes": 30}],
    }
    meeting = hers.post("meetings", f"/v1/communities/{community}/meetings", plan)["id"]
    path = f"/v1/meetings/{meeting}"
    hers.change("meetings", f"{path}/schedule", {"starts_at": in_days(10), "place": f"École de {FATIMA['name_fr']}"})
    for name in ("fatima", "ali"):
        system.as_(name).post("meetings", f"{path}/answer", {"answer": "yes"})
    hers.change("meetings", f"{path}/hold", {"present_ids": [system.ids["fatima"], system.ids["ali"]]})
    hers.change("meetings", f"{path}/minutes", minutes(system))
    hers.change("meetings", f"{path}/minutes/publish")
    system.ids["meeting"] = meeting


def minutes(system: System) -> dict[str, Any]:
    action = {"what": f"Écrire à {FATIMA['name_fr']}", "by": system.ids["fatima"], "due_on": "2031-01-01"}
    return {
        "summary": f"{FATIMA['name_fr']} a présenté; Ali Tazi a noté. شكرا ل{FATIMA['name_ar']}",
        "discussion": f"Entre nous: {FATIMA['name_fr'].upper()} hésite",
        "decisions": [f"{FATIMA['name_fr']} écrit un livret"],
        "actions": [action],
    }


def write(system: System, community: str) -> None:
    texts = {"language": "fr", "problem": f"Seule, {FATIMA['name_fr']}", "what_was_done": "Ensemble", "result": "Oui"}
    path = f"/v1/communities/{community}/practices"
    eventually(lambda: system.as_("fatima").find("practices", f"/v1/communities/{community}"), what="practices knows")
    shared = system.as_("fatima").post("practices", path, texts | {"title": "Un livret", "tags": ["accueil"]})
    system.as_("fatima").change("practices", f"/v1/practices/{shared['id']}/publish")
    system.as_("fatima").post("practices", path, texts | {"title": "Un brouillon"})
    system.ids["practice"] = shared["id"]
    eventually(lambda: system.mails("practice_published") == 2, within=60, what="word of the practice by mail")
    eventually(lambda: system.mails("minutes_published") == 3, within=60, what="the minutes by mail")


def ask_for_archives(system: System) -> None:
    """Hers, and one of Ali's, in which she is quoted."""
    for name in ("fatima", "ali"):
        system.as_(name).post("membership", f"/v1/principals/{system.ids[name]}/archives")
    eventually(lambda: system.mails("archive_completed") == 2, within=60, what="both archives")


def die(system: System, community: str) -> None:
    """An event about her that could not be handled, and an error that repeats her name."""
    names = {"name_fr": FATIMA["name_fr"], "name_ar": FATIMA["name_ar"]}
    ids = {"community_id": UUID(community), "principal_id": UUID(system.ids["fatima"])}
    envelope = wrap(MemberJoined(**ids, **names, joined_at=datetime.now(UTC)))
    now = datetime.now(UTC)
    row = {"subscription": "meetings.roster", "message_id": envelope.id, "type": envelope.type, "status": Status.DEAD,
           "partition_key": str(uuid4()), "attempts": 5, "received_at": now, "died_at": now,
           "payload": encode(envelope).decode(), "error": f"ValueError: {FATIMA['name_fr']}"}  # fmt: skip
    engine = create_engine(system.databases["meetings"], poolclass=NullPool)
    with engine.begin() as connection:
        connection.execute(insert(InboxRow.__table__).values(row))


def in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).replace(microsecond=0).isoformat()


@pytest.mark.long
def test_who_was_in_everything_is_nowhere(system):
    live(system)
    before = system.left()
    assert set(before) == set(EVERYWHERE)
    assert tables_of(before["membership"]) >= {"principal", "outbox", "candidate", "election", "archive_part"}
    assert tables_of(before["meetings"]) >= {"meeting", "minutes", "member", "outbox", "inbox", "kept_answer"}
    assert tables_of(before["practices"]) >= {"practice", "member", "outbox", "kept_answer"}
    assert tables_of(before["notifications"]) >= {"recipient", "message", "outbox"}

    asked = {"reason": "own_wish"}
    system.as_("fatima").post("membership", f"/v1/principals/{system.ids['fatima']}/erase", asked)

    eventually(lambda: not system.left(), within=60, what=Left(system))
    check_that_the_rest_stays(system)


class Left:
    """Says, when asked at last, what is still there."""

    def __init__(self, system: System) -> None:
        self._system = system

    def __str__(self) -> str:
        lines = [f"{where}: {line[:200]}" for where, found in self._system.left().items() for line in found]
        return "she is gone:\n" + "\n".join(lines[:20])


def tables_of(lines: list[str]) -> set[str]:
    return {line.partition(":")[0] for line in lines}


def check_that_the_rest_stays(system: System) -> None:
    ali = system.as_("ali")
    read = ali.get("meetings", f"/v1/meetings/{system.ids['meeting']}/minutes")
    assert read["summary"].startswith("un ancien membre a présenté; Ali Tazi a noté.")
    assert read["summary"].endswith(f"شكرا ل{FORMER_AR}")
    practice = ali.get("practices", f"/v1/practices/{system.ids['practice']}")
    assert (practice["author_name_fr"], practice["author_name_ar"]) == (FORMER_FR, FORMER_AR)
    assert (practice["title"], practice["author_id"]) == ("Un livret", system.ids["fatima"])
    community = ali.get("meetings", f"/v1/communities/{system.ids['community']}")
    assert (community["coordinator_id"], community["member_count"]) == (None, 2)
    for service, path in (
        ("membership", f"/v1/communities/{system.ids['community']}"),
        ("meetings", f"/v1/meetings/{system.ids['meeting']}"),
        ("practices", f"/v1/practices/{system.ids['practice']}"),
        ("practices", "/v1/practices"),
    ):
        assert system.as_("fatima").find(service, path) is None
    assert traits_in(system.databases["notifications"], ["ali@exemple.ma"])
