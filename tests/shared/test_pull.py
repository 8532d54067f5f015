"""Pull: a subscriber reads a publisher's log over HTTP, page by page, from a checkpoint saved with the effects."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from uuid import UUID

import pytest
import requests
from bells import BellRung, listeners, on_sqlite, ring_bell
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import DBAPIError
from towers import checkpoint, heard, steps, token

from shared.domain.actor import Role
from shared.events import Undecodable, decode_batch
from shared.messaging.inbox import InboxRow
from shared.messaging.log import Log
from shared.messaging.outbox import OutboxRow
from shared.messaging.pull import Checkpoint, Puller


@pytest.fixture
def read(server) -> Iterator[Callable[..., requests.Response]]:
    with requests.Session() as http:
        yield lambda query="", bearer=None: http.get(
            f"{server.url}/v1/events{query}", headers={"Authorization": f"Bearer {bearer or token()}"}, timeout=10
        )


def test_a_log_is_read_page_by_page_to_its_end(tower, puller, sessions):
    tower.ring(205)
    assert steps(puller) == [True, True, False]
    assert heard(sessions) == list(range(1, 206))
    tower.ring(1)
    assert steps(puller) == [True, False]
    assert (heard(sessions)[-1], checkpoint(sessions)) == (206, 206)


def test_what_is_not_asked_for_is_not_sent_and_yet_counted(tower, puller, sessions, read):
    tower.tell_something_else(30)
    tower.ring(1)
    tower.tell_something_else(170)
    assert steps(puller) == [True, True, False]
    assert (heard(sessions), checkpoint(sessions)) == ([1], 201)
    with sessions.reader() as session:
        assert session.scalar(select(func.count(InboxRow.seq))) == 1
    page = read(f"?types={BellRung.wire_type}&limit=20")
    assert (page.json(), page.headers["Halqa-Feed-Position"]) == ([], "20")


def test_a_page_is_a_batch_of_events_with_their_positions(tower, read):
    tower.ring(3)
    page = read("?after=1")
    assert page.headers["Content-Type"] == "application/cloudevents-batch+json"
    assert [(event.position, event.sequence) for event in decode_batch(page.content)] == [
        (2, "000000000002"),
        (3, "000000000003"),
    ]
    assert read("?after=3").json() == []
    assert "Halqa-Feed-Position" not in read("?after=99").headers
    assert len(read("?limit=100000").json()) == 3


def test_what_has_no_position_yet_is_not_shown(tower, read):
    ring_bell(tower.sessions, tower.bell_id)
    assert read().json() == []
    tower.stamp()
    assert len(read().json()) == 1


def test_a_crash_before_the_commit_leaves_neither_effect_nor_checkpoint(tower, puller, sessions, monkeypatch):
    tower.ring(5)

    def die(*_: object, **__: object) -> None:
        raise RuntimeError("the process dies")

    with monkeypatch.context() as death:
        death.setattr(Puller, "_save", die)
        with pytest.raises(RuntimeError):
            puller.step()
    assert (heard(sessions), checkpoint(sessions)) == ([], None)
    assert steps(puller) == [True, False]
    assert (heard(sessions), checkpoint(sessions)) == ([1, 2, 3, 4, 5], 5)


def test_a_lost_checkpoint_reads_everything_again_to_no_effect(tower, puller, sessions):
    tower.ring(5)
    steps(puller)
    with sessions.transaction() as session:
        session.execute(delete(Checkpoint))
    assert steps(puller) == [True, False]
    assert (heard(sessions), checkpoint(sessions)) == ([1, 2, 3, 4, 5], 5)


def test_two_pullers_of_one_subscription_are_one_effect(tower, pull, sessions):
    """Two processes of one service, say. Whoever comes second may be refused once, and tries again."""

    def pull_until_the_end(puller: Puller) -> None:
        while (checkpoint(sessions) or 0) < 60:
            with suppress(DBAPIError):
                puller.step()

    with ThreadPoolExecutor(2) as crew:
        pulling = [crew.submit(pull_until_the_end, pull()) for _ in range(2)]
        for _ in range(6):
            tower.ring(10)
        [each.result() for each in pulling]
    assert heard(sessions) == list(range(1, 61))


@pytest.mark.parametrize(("rings_before", "rings_after"), [(1, 3), (3, 3), (5, 2)])
def test_a_publisher_that_began_anew_is_read_again_from_the_start(
    tower, server, puller, sessions, build_tower, rings_before, rings_after
):
    tower.ring(rings_before)
    steps(puller)
    anew = build_tower()
    server.app = anew.app
    anew.ring(rings_after)
    assert steps(puller)[-1] is False
    assert heard(sessions)[rings_before:] == list(range(1, rings_after + 1))
    assert checkpoint(sessions) == rings_after


def test_a_publisher_that_began_anew_and_is_still_silent_is_waited_for(tower, server, puller, sessions, build_tower):
    tower.ring(3)
    steps(puller)
    anew = build_tower()
    server.app = anew.app
    assert [puller.step(), puller.step()] == [False, False]
    anew.ring(2)
    assert steps(puller) == [True, False]
    assert heard(sessions) == [1, 2, 3, 1, 2]


def test_the_same_log_under_a_new_epoch_is_read_again_to_no_effect(tower, puller, sessions):
    tower.ring(5)
    steps(puller)
    with tower.sessions.transaction() as session:
        session.execute(update(Log).values(epoch=UUID(int=9)))
    tower.ring(1)
    assert steps(puller) == [True, False]
    assert heard(sessions) == [1, 2, 3, 4, 5, 6]
    with sessions.reader() as session:
        assert session.scalar(select(Checkpoint.epoch)) == str(UUID(int=9))


def test_each_subscription_has_a_checkpoint_of_its_own(tower, pull, sessions):
    tower.ring(2)
    steps(pull(listeners("bells.ear")))
    steps(pull(listeners("bells.other_ear")))
    assert sorted(heard(sessions)) == [1, 1, 2, 2]


def test_a_publisher_that_does_not_answer_costs_nothing(tower, pull, server, puller, sessions):
    tower.ring(1)
    with pytest.raises(requests.ConnectionError):
        pull(url="http://127.0.0.1:1").step()
    assert steps(puller) == [True, False]
    assert heard(sessions) == [1]


def test_a_page_that_is_no_batch_is_refused_and_stays_unread(tower, puller, sessions):
    tower.ring(2)
    with tower.sessions.transaction() as session:
        session.execute(update(OutboxRow).where(OutboxRow.position == 2).values(payload="{not json}"))
    with pytest.raises(Undecodable):
        puller.step()
    assert (heard(sessions), checkpoint(sessions)) == ([], None)


@on_sqlite
@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SERVICE])
def test_only_services_read_the_feed(read, role):
    answer = read(bearer=token(role))
    assert (answer.status_code, answer.json()["code"]) == (403, "caller.not_allowed")


@on_sqlite
def test_a_caller_without_a_token_is_refused(server):
    answer = requests.get(f"{server.url}/v1/events", timeout=10)
    assert (answer.status_code, answer.json()["code"]) == (401, "token.missing")


@pytest.mark.parametrize(
    "query",
    ["after=abc", "after=-1", "after=1.5", f"after={10**30}", f"after={2**63}", "after=", "after=%00", "after=%D9%A1",
     "limit=abc", "limit=-1", "limit=0", "limit=1e3", "limit="],
)  # fmt: skip
def test_a_query_that_makes_no_sense_is_refused(read, query):
    answer = read(f"?{query}")
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")
    assert [fault["field"] for fault in answer.json()["errors"]] == [query.partition("=")[0]]


@pytest.mark.parametrize("query", [f"after={2**63 - 1}", "types=,,", "types=%00", "types=a'b", "limit=500", "more=1"])
def test_a_query_that_is_only_unusual_is_answered(read, query):
    assert read(f"?{query}").status_code == 200
