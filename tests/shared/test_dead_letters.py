"""Dead letters over HTTP: a poison event holds back its key alone, until it is replayed in order, or given up."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from bells import BellRung, hang_bell, on_postgresql, ring_bell, somebody_waits_for_a_lock
from desk import LETTERS, ONE, OTHER, Desk, ring
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from shared.domain.actor import Role
from shared.messaging.dead_letters import Verdict
from shared.messaging.inbox import Inbox
from shared.messaging.inbox_row import InboxRow
from shared.messaging.leadership import Leadership
from shared.messaging.log import Stamper
from shared.messaging.outbox import OutboxRow
from shared.messaging.relay import Outcome, Publisher, Relay, Unsendable
from shared.messaging.subscriptions import OnDead, Subscriptions, Unrecoverable
from shared.testing.waiting import eventually

WHY = "the bell was hung again"


@pytest.fixture
def desk(database_url, sessions) -> Iterator[Desk]:
    desk = Desk(database_url, sessions)
    yield desk
    desk.close()


def test_a_poison_event_parks_its_key_alone_and_after_the_fix_all_is_applied_in_order_once(desk):
    rings = desk.poison(1, 2, 3)
    desk.inbox.receive([ring(10, OTHER), ring(11, OTHER)])
    assert (desk.heard(), desk.heard(OTHER), desk.statuses()[:3]) == ([], [10, 11], ["dead", "blocked", "blocked"])
    (letter,) = desk.letters()
    assert (letter["id"], letter["exception"], letter["error"]) == (
        str(rings[0].id), "Unrecoverable", "shared.messaging.subscriptions.Unrecoverable: no such bell",
    )  # fmt: skip
    desk.ear.bugs.clear()
    assert desk.inbox.retry_due() is False
    answer = desk.caller().post(f"{LETTERS}/{letter['id']}/replay", {"reason": WHY})
    assert (answer.status_code, answer.json["status"], desk.letters()) == (200, "retry", [])
    assert desk.inbox.retry_due() is True
    for _ in range(2):
        desk.inbox.receive(rings)
        desk.inbox.retry_due()
    assert (desk.heard(), desk.ear.tried) == ([1, 2, 3], [1, 1, 10, 11, 1, 2, 3])


def test_a_replay_without_a_fix_ends_as_dead_again_and_can_be_replayed_again(desk):
    (dead, *_) = desk.poison(1, 2)
    for _ in range(2):
        assert desk.caller().post(f"{LETTERS}/{dead.id}/replay", {"reason": WHY}).status_code == 200
        desk.inbox.retry_due()
        assert desk.statuses() == ["dead", "blocked"]
    assert [given["verdict"] for given in desk.caller().get(f"{LETTERS}/{dead.id}").json["verdicts"]] == ["replay"] * 2


def test_a_discard_lets_the_key_go_on_and_is_audited(desk):
    (dead, *_) = desk.poison(1, 2, 3)
    answer = desk.caller(id="amina").post(f"{LETTERS}/{dead.id}/discard", {"reason": "  the bell is gone  "})
    assert (answer.status_code, answer.json["status"], answer.json["note"]) == (200, "discarded", None)
    desk.inbox.retry_due()
    assert (desk.heard(), desk.statuses(), desk.letters()) == ([2, 3], ["discarded", "done", "done"], [])
    whole = desk.caller().get(f"{LETTERS}/{dead.id}").json
    assert (whole["status"], whole["payload"]) == ("discarded", None)
    (verdict,) = whole["verdicts"]
    assert (verdict["verdict"], verdict["given_by"], verdict["reason"]) == ("discard", "amina", "the bell is gone")
    assert (verdict["source"], verdict["subscription"]) == ("inbox", "bells.ear")
    desk.inbox.receive([dead])
    assert desk.heard() == [2, 3]


def test_a_verdict_and_its_audit_are_one_transaction(desk, monkeypatch):
    (dead,) = desk.poison(1)
    monkeypatch.setattr("shared.messaging.dead_letter_store.InboxShelf._wake_oldest", lambda *_: 1 / 0)
    assert desk.caller().post(f"{LETTERS}/{dead.id}/discard", {"reason": WHY}).status_code == 500
    assert desk.statuses() == ["dead"]
    assert desk.caller().get(f"{LETTERS}/{dead.id}").json["verdicts"] == []


def test_what_is_replayed_behind_another_dead_one_waits_for_its_turn(desk):
    first, second = desk.poison(1)[0], ring(2)
    desk.inbox.receive([second])
    with desk.sessions.transaction() as session:
        session.execute(update(InboxRow).where(InboxRow.message_id == second.id).values(status="dead"))
    answer = desk.caller().post(f"{LETTERS}/{second.id}/replay", {"reason": WHY})
    assert answer.json["status"] == "blocked"
    assert (desk.inbox.retry_due(), desk.statuses()) == (False, ["dead", "blocked"])
    desk.ear.bugs.clear()
    desk.caller().post(f"{LETTERS}/{first.id}/replay", {"reason": WHY})
    desk.inbox.retry_due()
    assert desk.heard() == [1, 2]


def test_where_keys_go_on_without_the_dead_a_replay_comes_late_and_holds_up_nothing(database_url, sessions):
    desk = Desk(database_url, sessions, OnDead.SKIP)
    dead, _ = desk.poison(1, 2)
    assert (desk.heard(), desk.statuses()) == ([2], ["dead", "done"])
    desk.ear.bugs.clear()
    desk.caller().post(f"{LETTERS}/{dead.id}/replay", {"reason": WHY})
    desk.inbox.retry_due()
    assert (desk.heard(), desk.statuses()) == ([2, 1], ["done", "done"])
    desk.close()


def test_where_keys_go_on_without_the_dead_what_waited_for_a_retry_goes_on_when_that_dies(database_url, sessions):
    desk = Desk(database_url, sessions, OnDead.SKIP)
    desk.ear.bugs[1] = LookupError("not yet")
    desk.inbox.receive([ring(1), ring(2)])
    assert desk.statuses() == ["retry", "blocked"]
    desk.ear.bugs[1] = Unrecoverable("never")
    with desk.sessions.transaction() as session:
        session.execute(update(InboxRow).where(InboxRow.status == "retry").values(next_at=InboxRow.received_at))
    desk.inbox.retry_due()
    assert (desk.heard(), desk.statuses()) == ([2], ["dead", "done"])
    desk.close()


def test_a_payload_that_nobody_can_read_is_dead_again_after_a_replay_and_stops_no_other(desk):
    dead, _ = desk.poison(1, 2)
    desk.poison(10, bell=OTHER)
    desk.ear.bugs.clear()
    with desk.sessions.transaction() as session:
        session.execute(update(InboxRow).where(InboxRow.message_id == dead.id).values(payload="{ not an event"))
    for letter in desk.letters():
        desk.caller().post(f"{LETTERS}/{letter['id']}/replay", {"reason": WHY})
    assert desk.inbox.retry_due() is True
    (letter,) = desk.letters()
    assert (letter["id"], letter["exception"], desk.heard(OTHER)) == (str(dead.id), "Undecodable", [10])
    assert desk.caller().get(f"{LETTERS}/{dead.id}").json["payload"] == "{ not an event"


def test_lists_tell_no_payload_and_one_letter_tells_all(desk):
    (dead,) = desk.poison(1)
    (letter,) = desk.letters()
    assert {"payload", "trace"}.isdisjoint(letter)
    whole = desk.caller().get(f"{LETTERS}/{dead.id}").json
    assert f'"bell_id":"{ONE}"' in whole["payload"]
    assert whole["trace"].startswith("Traceback") and "no such bell" in whole["trace"]
    assert (whole["partition_key"], whole["attempts"], whole["verdicts"]) == (str(ONE), 1, [])
    answer = desk.caller().post(f"{LETTERS}/{dead.id}/replay", {"reason": WHY}).json
    assert {"payload", "trace"}.isdisjoint(answer)


def test_lists_are_filtered(desk):
    for number in (1, 2):
        desk.poison(number, bell=uuid4())
    quarantine(desk)
    assert [len(desk.letters(f"source={source}")) for source in ("inbox", "outbox", "broker")] == [2, 1, 0]
    assert [letter["source"] for letter in desk.letters()] == ["outbox", "inbox", "inbox"]
    assert len(desk.letters("subscription=bells.ear")) == len(desk.letters("exception=Unrecoverable")) == 2
    assert len(desk.letters("type=bells.bell_rung.v1")) == 3
    assert [desk.letters(f"{name}=other") for name in ("type", "exception", "subscription")] == [[], [], []]
    assert desk.letters("exception=Unsendable&source=outbox")[0]["subscription"] is None


def test_pages_follow_each_other_across_both_tables_without_a_gap(desk):
    for number in range(1, 6):
        desk.poison(number, bell=uuid4())
    quarantine(desk, times=3)
    all_of_them = [letter["id"] for letter in desk.letters()]
    seen, after = [], ""
    while after is not None:
        page = desk.caller().get(f"{LETTERS}?limit=2{after and '&after=' + after}").json
        assert len(page["items"]) == 2
        seen, after = seen + [letter["id"] for letter in page["items"]], page["next"]
    assert seen == all_of_them and len(seen) == 8


@pytest.mark.parametrize(
    "query", ["after=x", "after=inbox.-1", "after=inbox.1%0A", "limit=0", "limit=201", "source=moon"]
)
def test_a_list_that_cannot_be_meant_is_refused(desk, query):
    answer = desk.caller().get(f"{LETTERS}?{query}")
    assert (answer.status_code, answer.content_type) == (422, "application/problem+json")


@pytest.mark.parametrize("reason", [None, "", "  x  ", "ab", "a" * 501, "\x00abc", 3])
@pytest.mark.parametrize("verdict", ["replay", "discard"])
def test_a_verdict_without_a_reason_is_refused(desk, verdict, reason):
    (dead,) = desk.poison(1)
    assert desk.caller().post(f"{LETTERS}/{dead.id}/{verdict}", {"reason": reason}).status_code == 422
    assert desk.caller().post(f"{LETTERS}/replay", {"filter": {}, "reason": reason}).status_code == 422
    assert desk.statuses() == ["dead"]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.MINISTRY_ADMINISTRATOR])
def test_only_administrators_see_and_judge(desk, role):
    (dead,) = desk.poison(1)
    other = desk.caller(role)
    answers = [
        other.get(LETTERS),
        other.get(f"{LETTERS}/{dead.id}"),
        other.post(f"{LETTERS}/{dead.id}/replay", {"reason": WHY}),
        other.post(f"{LETTERS}/{dead.id}/discard", {"reason": WHY}),
        other.post(f"{LETTERS}/replay", {"filter": {}, "reason": WHY}),
    ]
    assert [(answer.status_code, answer.json["code"]) for answer in answers] == [(403, "caller.not_allowed")] * 5
    assert (desk.statuses(), desk.app.test_client().get(LETTERS).status_code) == (["dead"], 401)


def test_what_never_was_dead_is_not_found(desk):
    desk.inbox.receive([done := ring(1)])
    for id in (uuid4(), done.id):
        assert desk.caller().get(f"{LETTERS}/{id}").status_code == 404
        assert desk.caller().post(f"{LETTERS}/{id}/replay", {"reason": WHY}).status_code == 404


def test_a_second_verdict_is_refused_with_the_name_of_who_was_faster(desk):
    (dead,) = desk.poison(1)
    desk.caller(id="amina").post(f"{LETTERS}/{dead.id}/discard", {"reason": WHY})
    answer = desk.caller(id="brahim").post(f"{LETTERS}/{dead.id}/replay", {"reason": "trying"})
    assert (answer.status_code, answer.json["code"]) == (409, "dead_letter.settled")
    assert all(said in answer.json["detail"] for said in ("amina", "discard", WHY))


@pytest.mark.parametrize("verdicts", [("replay", "replay"), ("discard", "discard"), ("replay", "discard")])
def test_of_two_operators_at_once_one_wins_and_the_other_is_told(desk, verdicts):
    letters = [desk.poison(number, bell=uuid4())[0] for number in range(1, 6)]
    for letter in letters:
        both = threading.Barrier(2, timeout=20)

        def judge(verdict: str, who: str) -> int:
            caller = desk.caller(id=who)
            both.wait()  # noqa: B023
            return caller.post(f"{LETTERS}/{letter.id}/{verdict}", {"reason": WHY}).status_code  # noqa: B023

        with ThreadPoolExecutor(2) as crew:
            assert sorted(crew.map(judge, verdicts, ("amina", "brahim"))) == [200, 409]
        assert len(desk.caller().get(f"{LETTERS}/{letter.id}").json["verdicts"]) == 1


@on_postgresql
def test_a_discard_waits_for_the_consumer_that_works_on_the_key(desk):
    """Else what that consumer is about to put behind the dead one would be left behind by nobody's retry."""
    in_hand, go_on = threading.Event(), threading.Event()
    (dead,) = desk.poison(1)

    def hold(_session: Session) -> None:
        in_hand.set()
        assert go_on.wait(timeout=20)

    with ThreadPoolExecutor(2) as crew:
        arriving = crew.submit(desk.inbox.receive, [ring(2)], hold)
        assert in_hand.wait(timeout=20)
        discarding = crew.submit(desk.caller().post, f"{LETTERS}/{dead.id}/discard", {"reason": WHY})
        eventually(lambda: discarding.done() or somebody_waits_for_a_lock(desk.sessions))
        assert not discarding.done()
        go_on.set()
        arriving.result()
        assert discarding.result().status_code == 200
    desk.inbox.retry_due()
    assert (desk.heard(), desk.statuses()) == ([2], ["discarded", "done"])


def test_all_that_match_are_replayed_in_order_some_at_a_time(desk, monkeypatch):
    monkeypatch.setattr("shared.messaging.dead_letters.AT_ONCE", 2)
    bells = [uuid4() for _ in range(5)]
    for bell in bells:
        desk.poison(1, 2, bell=bell)
    desk.ear.bugs.clear()
    answers, wish = [], {"filter": {"exception": "Unrecoverable"}, "reason": WHY}
    while not answers or answers[-1]["next"]:
        answers.append(
            desk.caller().post(f"{LETTERS}/replay", wish | {"after": (answers and answers[-1]["next"]) or None}).json
        )
    assert [(answer["replayed"], answer["left"]) for answer in answers] == [(2, 3), (2, 1), (1, 0)]
    desk.inbox.retry_due()
    assert [desk.heard(bell) for bell in bells] == [[1, 2]] * 5
    with desk.sessions.reader() as session:
        assert [(v.verdict, v.reason) for v in session.scalars(select(Verdict))] == [("replay", WHY)] * 5


def test_replaying_all_touches_only_what_matches(desk):
    desk.poison(1)
    quarantine(desk)
    answer = desk.caller().post(f"{LETTERS}/replay", {"filter": {"type": "other"}, "reason": WHY})
    assert answer.json == {"replayed": 0, "left": 0, "next": None}
    desk.caller().post(f"{LETTERS}/replay", {"filter": {"source": "outbox"}, "reason": WHY})
    assert [letter["source"] for letter in desk.letters()] == ["inbox"]


def test_an_event_that_is_dead_in_two_places_is_judged_in_the_one_that_is_named(desk):
    (dead,) = desk.poison(1)
    other = Subscriptions("bells.other_ear", on={BellRung: desk.ear.hear})
    Inbox(desk.sessions, other).receive([dead])
    path = f"{LETTERS}/{dead.id}/discard"
    answer = desk.caller().post(path, {"reason": WHY})
    assert (answer.status_code, answer.json["code"]) == (409, "dead_letter.ambiguous")
    assert "bells.ear" in answer.json["detail"] and "bells.other_ear" in answer.json["detail"]
    assert desk.caller().post(f"{path}?subscription=bells.other_ear", {"reason": WHY}).status_code == 200
    assert desk.statuses() == ["dead", "discarded"]
    assert desk.caller().post(f"{LETTERS}/{dead.id}/replay", {"reason": WHY}).status_code == 200
    for subscription, verdict, status in (
        ("bells.ear", "replay", "retry"),
        ("bells.other_ear", "discard", "discarded"),
    ):
        whole = desk.caller().get(f"{LETTERS}/{dead.id}?subscription={subscription}").json
        assert (whole["status"], [given["verdict"] for given in whole["verdicts"]]) == (status, [verdict])


def test_the_audit_outlives_the_row(desk):
    (dead,) = desk.poison(1)
    desk.caller().post(f"{LETTERS}/{dead.id}/discard", {"reason": WHY})
    with desk.sessions.transaction() as session:
        session.delete(session.scalars(select(InboxRow)).one())
    whole = desk.caller().get(f"{LETTERS}/{dead.id}").json
    assert (whole["status"], whole["type"], whole["verdicts"][0]["reason"]) == ("forgotten", dead.type, WHY)


class Picky(Publisher):
    """A broker that cannot take some numbers, for now."""

    def __init__(self, *refused: int) -> None:
        self.refused, self.sent = set(refused), []

    def publish(self, rows) -> Outcome:
        if any(row.position in self.refused for row in rows):
            raise Unsendable("cannot be written down")
        self.sent += [row.position for row in rows]
        return Outcome(confirmed={row.position for row in rows})

    def rest(self) -> None:
        pass


@pytest.fixture
def relay(desk) -> Iterator[Relay]:
    leaderships = [Leadership(desk.sessions.engine, task) for task in ("log", "relay")]
    Stamper(desk.sessions, leaderships[0]).step()
    yield Relay(desk.sessions, leaderships[1], Picky(2))
    for leadership in leaderships:
        leadership.release()


def send_all(desk: Desk, relay: Relay) -> list[int]:
    leadership = Leadership(desk.sessions.engine, "log")
    Stamper(desk.sessions, leadership).stamp()
    while relay.step():
        pass
    return relay._publisher.sent


def quarantine(desk: Desk, times: int = 1) -> None:
    """As the relay does with what cannot be sent."""
    ring_bell(desk.sessions, hang_bell(desk.sessions), times=times)
    with desk.sessions.transaction() as session:
        session.execute(update(OutboxRow).values(quarantined_at=OutboxRow.occurred_at, last_error="too large"))


def test_a_replayed_row_of_the_outbox_is_sent_and_what_waited_behind_it_follows(desk, relay):
    ring_bell(desk.sessions, hang_bell(desk.sessions), times=3)
    assert send_all(desk, relay) == [1]
    (letter,) = desk.letters()
    assert (letter["source"], letter["status"], letter["exception"]) == ("outbox", "quarantined", "Unsendable")
    assert "cannot be written down" in letter["error"]
    relay._publisher.refused.clear()
    answer = desk.caller().post(f"{LETTERS}/{letter['id']}/replay", {"reason": WHY})
    assert (answer.status_code, answer.json["status"]) == (200, "waiting")
    assert (send_all(desk, relay), desk.letters()) == ([1, 2, 3], [])
    assert desk.caller().post(f"{LETTERS}/{letter['id']}/replay", {"reason": WHY}).status_code == 409


def test_a_row_of_the_outbox_given_up_lets_its_key_go_on_and_stays_in_the_feed(desk, relay):
    ring_bell(desk.sessions, hang_bell(desk.sessions), times=3)
    send_all(desk, relay)
    (letter,) = desk.letters()
    answer = desk.caller().post(f"{LETTERS}/{letter['id']}/discard", {"reason": WHY})
    assert (answer.status_code, answer.json["status"]) == (200, "published")
    assert "feed" in answer.json["note"]
    assert send_all(desk, relay) == [1, 3]
    feed = desk.caller(Role.SERVICE).get("/v1/events").json
    assert [event["position"] for event in feed] == [1, 2, 3]
    whole = desk.caller().get(f"{LETTERS}/{letter['id']}").json
    assert (whole["error"], whole["verdicts"][0]["source"]) == (f"given up by amina: {WHY}", "outbox")


def test_of_two_operators_at_once_one_alone_replays_what_could_not_be_sent(desk):
    quarantine(desk, times=3)
    both = threading.Barrier(2, timeout=20)

    def judge(verdict: str) -> list[int]:
        answers = []
        for letter in letters:
            both.wait()
            answers.append(desk.caller().post(f"{LETTERS}/{letter['id']}/{verdict}", {"reason": WHY}).status_code)
        return answers

    letters = desk.letters()
    with ThreadPoolExecutor(2) as crew:
        answers = zip(*crew.map(judge, ("replay", "discard")), strict=True)
    assert [sorted(pair) for pair in answers] == [[200, 409]] * 3
