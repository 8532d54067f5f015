"""Yesterday's backup is put in place of today's database: of a publisher, of a subscriber; and somebody new comes.

Real services, each with its database, reading each other's feeds over HTTP; the backup is a copy of the whole database.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from click.testing import CliRunner, Result
from peers import new_community, new_principal
from sqlalchemy import select
from sqlalchemy.orm import Session
from stored import traits_in

import meetings.app
import membership.app
import notifications.app
import practices.app
from console import main
from meetings.roster.projections import Community
from membership.organisation.model.organisation import Delegation
from shared.domain.actor import Actor, Role
from shared.domain.database import new_id
from shared.messaging.inbox_row import InboxRow
from shared.messaging.leadership import Leadership
from shared.messaging.log import Stamper
from shared.messaging.outbox import OutboxRow
from shared.messaging.pull import Puller
from shared.running.service import Service
from shared.testing.harness import Driven
from shared.testing.issuer import token as token_of
from shared.testing.serving import Served, served

pytestmark = pytest.mark.long

SERVICES = {
    one.name: one for one in (app.service for app in (membership.app, meetings.app, practices.app, notifications.app))
}


class Running:
    """A service that answers over HTTP; its database can be put back to an earlier state."""

    def __init__(self, service: Service, databases, server: ExitStack) -> None:
        self.service, self.databases = service, databases
        self.url = databases.new(service.name)
        self._open()
        self.served: Served = server.enter_context(served(self.driven.app))

    def _open(self) -> None:
        more = {"mail_url": "spool:///tmp"} if self.service.name == "notifications" else {}
        self.driven = Driven(self.service, self.url, **more)
        self.leadership = Leadership(self.driven.sessions.engine, "log")
        self.stamper = Stamper(self.driven.sessions, self.leadership)

    def close(self) -> None:
        self.leadership.release()
        self.driven.close()

    def backup(self) -> str:
        self.close()
        copy = self.databases.copy(self.url)
        self._open()
        self.served.app = self.driven.app
        return copy

    def restore(self, backup: str) -> None:
        self.close()
        self.url = self.databases.copy(backup)
        self._open()
        self.served.app = self.driven.app

    def pull_from(self, publisher: "Running") -> None:
        puller = self.puller(publisher)
        while puller.step():
            pass
        puller._http.close()

    def puller(self, publisher: "Running") -> Puller:
        return Puller(self.driven.sessions, self.driven.inbox, publisher.service.name, publisher.served.url, token)


def token(role: Role = Role.SERVICE) -> str:
    return token_of(Actor(id="somebody", role=role))


@pytest.fixture
def system(databases) -> Iterator[dict[str, Running]]:
    with ExitStack() as servers:
        running = {name: Running(service, databases, servers) for name, service in SERVICES.items()}
        yield running
        for one in running.values():
            one.close()


def plan(publisher: Running, *names: str) -> None:
    """Communities are planned, in a transaction each; their events get their places in the log."""
    for name in names:
        with publisher.driven.sessions.transaction() as session:
            session.add(new_community(_delegation_id(session), name_fr=name))
    publisher.stamper.step()


def _delegation_id(session: Session) -> UUID:
    """Of the one Delegation, of which this story has nothing to tell."""
    known = session.scalars(select(Delegation.id)).first()
    if known is None:
        delegation = Delegation.register(code="081", name_fr="Taounate", name_ar="تاونات")
        delegation.forget_recorded()
        session.add(delegation)
        session.flush()
        known = delegation.id
    return known


def known(subscriber: Running) -> list[str]:
    with subscriber.driven.sessions.reader() as session:
        return sorted(session.scalars(select(Community.name_fr)))


@pytest.fixture
def reconcile(system) -> Callable[..., Result]:
    def ask(publisher: str, *options: str) -> Result:
        urls = [part for name, one in system.items() for part in ("--url", f"{name}={one.served.url}")]
        command = ["reconcile", publisher, *urls, "--token", token(Role.MINISTRY_ADMINISTRATOR), *options]
        return CliRunner().invoke(main, command)

    return ask


def test_a_restored_publisher_begins_a_new_epoch_and_what_it_lost_is_listed(system, reconcile):
    publisher, subscriber = system["membership"], system["meetings"]
    plan(publisher, "Atlas")
    yesterday = publisher.backup()
    plan(publisher, "Lost 1", "Lost 2")
    subscriber.pull_from(publisher)
    assert reconcile("membership").exit_code == 0

    publisher.restore(yesterday)
    plan(publisher, "Rif", "Anti-Atlas", "Jbilet")  # at positions of which some were used before
    subscriber.pull_from(publisher)

    assert known(subscriber) == ["Anti-Atlas", "Atlas", "Jbilet", "Lost 1", "Lost 2", "Rif"]
    listed = reconcile("membership", "--json")
    assert listed.exit_code == 1
    lost = json.loads(listed.stdout)
    assert [(one["subscriber"], one["type"], one["status"]) for one in lost] == [
        ("meetings", "membership.community_planned.v1", "done")
    ] * 2
    with subscriber.driven.sessions.reader() as session:
        held = {str(id) for id in session.scalars(select(InboxRow.message_id))}
    with publisher.driven.sessions.reader() as session:
        told = {str(id) for id in session.scalars(select(OutboxRow.id))}
    assert {one["id"] for one in lost} == held - told
    table = reconcile("membership").stdout
    assert all(one["id"] in table for one in lost)
    assert "2 told by membership since" in table


def test_a_restored_subscriber_catches_up_by_itself(system):
    publisher, subscriber = system["membership"], system["meetings"]
    plan(publisher, "Atlas")
    subscriber.pull_from(publisher)
    yesterday = subscriber.backup()
    plan(publisher, "Rif", "Jbilet")
    subscriber.pull_from(publisher)
    subscriber.restore(yesterday)
    assert known(subscriber) == ["Atlas"]
    subscriber.pull_from(publisher)
    assert known(subscriber) == ["Atlas", "Jbilet", "Rif"]


def test_a_publisher_restored_from_before_an_erasure_is_told_of_it_and_repeats_it(system, reconcile):
    publisher, subscriber = system["membership"], system["notifications"]
    person = register(publisher)
    yesterday = publisher.backup()
    erase(publisher, person)
    subscriber.pull_from(publisher)
    publisher.restore(yesterday)
    plan(publisher, "Atlas")
    subscriber.pull_from(publisher)
    (lost,) = json.loads(reconcile("membership", "--json").stdout)
    assert (lost["type"], lost["partition_key"]) == ("membership.principal_erased.v1", str(person))
    assert traits_in(publisher.url, ["Rachida Meknassi"]) != []
    assert traits_in(subscriber.url, ["Rachida Meknassi"]) == []  # what was told again of her is redacted on arrival
    erase(publisher, person)
    subscriber.pull_from(publisher)
    assert traits_in(publisher.url, ["Rachida Meknassi"]) == traits_in(subscriber.url, ["Rachida Meknassi"]) == []


def register(publisher: Running) -> UUID:
    with publisher.driven.sessions.transaction() as session:
        delegation = Delegation.register(code=uuid4().hex[:8], name_fr="Taounate", name_ar="تاونات")
        person = new_principal(delegation.id)
        session.add(delegation)
        session.flush()
        session.add(person)
        id = person.id
    publisher.stamper.step()
    return id


def erase(publisher: Running, person: UUID) -> None:
    caller = publisher.driven.call(Role.MINISTRY_ADMINISTRATOR)
    assert caller.post(f"/v1/principals/{person}/erase", {"reason": "ordered"}).status_code == 200
    publisher.stamper.step()


def test_one_who_comes_today_gets_all_of_the_past(system):
    publisher = system["membership"]
    plan(publisher, *(f"Community {number}" for number in range(30)))
    newcomer = system["practices"]
    newcomer.pull_from(publisher)
    with newcomer.driven.sessions.reader() as session:
        assert session.query(InboxRow).filter_by(status="done").count() == 30


def test_nothing_is_compared_for_those_who_may_not_know(drive):
    driven = drive(SERVICES["membership"])
    for role in set(Role) - {Role.SERVICE, Role.MINISTRY_ADMINISTRATOR}:
        caller = driven.call(role)
        for answer in (
            caller.get("/v1/log"),
            caller.get("/v1/inbox?publisher=meetings"),
            caller.post("/v1/log/unknown", {"ids": [str(new_id())]}),
        ):
            assert answer.status_code == 403


def test_a_question_that_makes_no_sense_is_refused(drive):
    caller = drive(SERVICES["meetings"]).call(Role.MINISTRY_ADMINISTRATOR)
    for more in ("", "publisher=", "publisher=Me%", *(f"publisher=meetings&{wrong}" for wrong in WRONG)):
        assert caller.get(f"/v1/inbox?{more}").status_code == 422, more


WRONG = ("limit=0", "after=-1", "since=yesterday", "since=2026-01-01T00:00:00")


def test_only_what_was_told_since_is_compared(system):
    publisher, subscriber = system["membership"], system["meetings"]
    plan(publisher, "Atlas", "Rif")
    subscriber.pull_from(publisher)
    caller = subscriber.driven.call(Role.MINISTRY_ADMINISTRATOR)
    long_ago = "2020-01-01T00:00:00Z"
    assert len(caller.get(f"/v1/inbox?publisher=membership&since={long_ago}").json["items"]) == 2
    later = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    assert caller.get(f"/v1/inbox?publisher=membership&since={later}").json == {"items": [], "next": None}
    first = caller.get("/v1/inbox?publisher=membership&limit=1").json
    rest = caller.get(f"/v1/inbox?publisher=membership&limit=2&after={first['next']}").json
    assert (len(first["items"]), len(rest["items"]), rest["next"]) == (1, 1, None)
    assert caller.get("/v1/inbox?publisher=practices").json["items"] == []
