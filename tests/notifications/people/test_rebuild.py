"""What this service keeps can be made anew from what membership has told, and nobody is written to again."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from bells import on_sqlite
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from peers import new_community, new_principal
from rosters import histories, kept, many_histories
from sqlalchemy import delete, select, update

from membership.app import service as membership
from membership.joining.model.membership import Membership
from membership.organisation.model.organisation import Delegation
from notifications.app import service
from notifications.messages.model import Message
from notifications.people.projections import Accompaniment, Community, Member, Office, Recipient
from shared.domain.actor import Actor, Role
from shared.domain.database import MessagingBase
from shared.domain.units import Unit
from shared.messaging.leadership import Leadership
from shared.messaging.log import Stamper
from shared.messaging.pull import Puller
from shared.running.command import command_of
from shared.testing import issuer
from shared.testing.harness import Driven
from shared.testing.issuer import token as token_of
from shared.testing.serving import served

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def live_a_little(driven: Driven) -> None:
    """A community of three, one of whom leaves, comes back, and another leaves for good."""
    with driven.sessions.transaction() as session:
        delegation = Delegation.register(code="092", name_fr="Nador", name_ar="الناظور")
        session.add(delegation)
        session.flush()
        people = [new_principal(delegation.id, email=f"{name}@ecole.example") for name in ("amina", "brahim", "chakib")]
        community = new_community(delegation.id)
        session.add_all([community, *people])
        session.flush()
        members = [Membership.invite(community, one.id, answer_by=NOW + timedelta(days=7), now=NOW) for one in people]
        session.add_all(members)
        for member, person in zip(members, people, strict=True):
            member.accept(person, channel="paper", now=NOW)
        members[0].leave(now=NOW)
        members[2].leave(now=NOW)
        session.flush()
        members[0].invite_again(answer_by=NOW + timedelta(days=7), now=NOW)
        members[0].accept(people[0], channel="paper", now=NOW + timedelta(hours=1))
    stamper = Stamper(driven.sessions, Leadership(driven.sessions.engine, "log"))
    while stamper.stamp():
        pass


@pytest.fixture
def publisher(drive) -> Driven:
    driven = drive(membership)
    live_a_little(driven)
    return driven


@pytest.fixture
def membership_url(publisher):
    with served(publisher.app) as server:
        yield server.url


@pytest.fixture
def told(notifications, membership_url) -> Driven:
    """The service, which has heard all that membership has told."""
    puller = Puller(notifications.sessions, notifications.inbox, "membership", membership_url, service_token)
    while puller.step():
        pass
    puller._http.close()
    return notifications


def service_token() -> str:
    return token_of(Actor(id="notifications", role=Role.SERVICE))


def rows(driven: Driven, *tables: Any) -> dict[str, list[Any]]:
    with driven.sessions.reader() as session:
        return {table.name: session.execute(select(table).order_by(*table.primary_key)).all() for table in tables}


KEPT = [projection.__table__ for projection in (Recipient, Community, Member, Accompaniment, Office, Unit)]
THE_REST = [Message.__table__, *(table for table in MessagingBase.metadata.sorted_tables if table not in KEPT)]


@pytest.fixture
def rebuild(told, membership_url, monkeypatch, tmp_path):
    """The command as an operator gives it."""
    # The command would set up logging for a whole process, which is here the tests'.
    monkeypatch.setattr("shared.running.logs.set_up", lambda *_: None)
    environment = {
        "HALQA_DATABASE_URL": told.settings.database_url,
        **issuer.environment(),
        "HALQA_LINK_SECRET": "x" * 32,
        "HALQA_MAIL_URL": f"spool://{tmp_path}/spool",
        "HALQA_PEERS": f"membership={membership_url}",
    }

    def run(*options: str, **changed: str) -> Any:
        return CliRunner().invoke(command_of(service), ["rebuild", *options], env=environment | changed)

    return run


def test_rebuilt_it_is_what_it_was_and_nobody_is_written_to_again(told, rebuild):
    before = rows(told, *KEPT, *THE_REST)
    assert (len(before["recipient"]), len(before["community"]), len(before["member"])) == (3, 1, 3)
    assert len(before["message"]) > 0
    done = rebuild()
    assert (done.exit_code, "Everything is as it was told." in done.output) == (0, True)
    assert rows(told, *KEPT, *THE_REST) == before


def test_rebuilt_after_somebody_was_erased_it_is_without_them(told, publisher, membership_url, rebuild):
    """Their names are in no log any more, and the erasure is heard again."""
    (person, email), *_ = [(row.principal_id, row.email) for row in rows(told, *KEPT)["recipient"]]
    erase = publisher.call(Role.MINISTRY_ADMINISTRATOR).post
    assert erase(f"/v1/principals/{person}/erase", {"reason": "own_wish"}).status_code == 200
    Stamper(publisher.sessions, Leadership(publisher.sessions.engine, "log")).stamp()
    early = rebuild("--dry-run", "--json")
    assert as_counted(early.stdout)[1]["recipient"] == (0, 1, 0)  # it is told, and not yet heard here
    Puller(told.sessions, told.inbox, "membership", membership_url, service_token).step()
    before = rows(told, *KEPT, *THE_REST)
    assert email not in str(before) and len(before["recipient"]) == 3
    done = rebuild()
    assert (done.exit_code, "Everything is as it was told." in done.output) == (0, True), done.output
    assert rows(told, *KEPT, *THE_REST) == before


def test_what_was_damaged_is_mended_and_shown_first_if_one_likes(told, rebuild):
    before = rows(told, *KEPT, *THE_REST)
    with told.sessions.transaction() as session:
        session.execute(delete(Member))
        session.execute(update(Recipient).values(email="nobody@ecole.example"))
    shown = rebuild("--dry-run", "--json")
    differences = {"recipient": (0, 3, 0), "community": (0, 0, 0), "member": (3, 0, 0), "unit": (0, 0, 0)}
    differences |= {"office": (0, 0, 0), "accompaniment": (0, 0, 0)}
    assert (shown.exit_code, as_counted(shown.stdout)) == (1, (False, differences))
    assert rows(told, *KEPT) != {name: before[name] for name in differences}
    done = rebuild("--json")
    assert (done.exit_code, as_counted(done.stdout)) == (0, (True, differences))
    assert rows(told, *KEPT, *THE_REST) == before


def as_counted(output: str) -> tuple[bool, dict[str, tuple[int, int, int]]]:
    found = json.loads(output)
    counts = {one["table"]: (one["added"], one["changed"], one["removed"]) for one in found["tables"]}
    return found["switched"], counts


def test_without_an_answer_the_command_says_who_and_changes_nothing(told, rebuild):
    done = rebuild(HALQA_PEERS="membership=http://127.0.0.1:1")
    assert done.exit_code == 1
    assert "not rebuilt: membership does not answer" in done.output
    assert "nothing was switched" in done.output


@on_sqlite
def test_whatever_is_told_again_from_anywhere_on_ends_in_the_same(notifications):
    @many_histories
    @given(history=histories(), places=st.tuples(st.integers(0, 15), st.integers(0, 15)))
    def told_again(history, places):
        again_from, told_to = sorted(places)
        assert kept(notifications, *history[:told_to], *history[again_from:]) == kept(notifications, *history)

    told_again()
