"""Rebuilding: projections are made what was told, and nothing else changes."""

from typing import Any
from uuid import uuid4

from bells import Bell, BellRung, Heard
from keepers import NOTHING, WHAT_IT_TOOK, Loudest, Ring, damage, loudest, rings, side_is_there
from sqlalchemy import select
from sqlalchemy.orm import Session
from towers import heard, steps, token

from shared.domain.actor import Actor, Role
from shared.domain.database import MessagingBase, Sessions
from shared.events import MemberLeft
from shared.messaging import rebuild as rebuild_module
from shared.messaging.dead_letter_store import Wish
from shared.messaging.dead_letters import DeadLetters
from shared.messaging.inbox_row import InboxRow
from shared.messaging.rebuild import Difference, Rebuild
from shared.messaging.subscriptions import Subscriptions
from shared.testing.serving import served


def everything_but_projections(sessions: Sessions) -> dict[str, list[Any]]:
    with sessions.reader() as session:
        tables = [*MessagingBase.metadata.sorted_tables, Heard.__table__, Bell.__table__]
        return {table.name: session.execute(select(table).order_by(*table.primary_key)).all() for table in tables}


def test_what_was_damaged_is_again_what_was_told_and_nothing_else_changes(tower, live, rebuild, sessions):
    tower.ring(205)
    steps(live)
    before = everything_but_projections(sessions)
    damage(sessions)
    assert rebuild().run() == WHAT_IT_TOOK
    assert (rings(sessions), loudest(sessions)) == (list(range(1, 206)), [205])
    assert everything_but_projections(sessions) == before
    assert rebuild().run() == NOTHING


def test_a_dry_run_says_what_differs_and_switches_nothing(tower, live, rebuild, sessions):
    tower.ring(5)
    steps(live)
    assert rebuild().run(compare_only=True) == NOTHING
    damage(sessions)
    assert rebuild().run(compare_only=True) == WHAT_IT_TOOK
    assert (rings(sessions), loudest(sessions)) == ([1, 3, 4, 99], [77])


def test_nothing_is_left_at_the_side(tower, live, rebuild, sessions, database_url):
    tower.ring(3)
    rebuild().run()
    assert not side_is_there(sessions, database_url)


def test_a_projection_that_was_heard_by_nobody_yet_gets_all_of_the_past(tower, live, rebuild, sessions):
    tower.tell_something_else(3)
    tower.ring(3)
    tower.tell_something_else(2)
    assert rebuild().run() == [Difference("ring", 3, 0, 0), Difference("loudest", 1, 0, 0)]
    assert (rings(sessions), heard(sessions)) == ([1, 2, 3], [])
    steps(live)
    assert (rings(sessions), heard(sessions)) == ([1, 2, 3], [1, 2, 3])


def test_a_publisher_that_has_told_nothing_yet_is_no_obstacle(live, rebuild, sessions):
    with sessions.transaction() as session:
        session.add(Ring(bell_id=uuid4(), number=1))
    assert rebuild().run() == [Difference("ring", 0, 0, 1), Difference("loudest", 0, 0, 0)]


def test_what_an_operator_gave_up_stays_given_up(tower, live, rebuild, sessions, keeper):
    def refuse_two(_session: Session, event: BellRung) -> None:
        if event.number == 2:
            raise ValueError("two is too many")

    keeper.before = refuse_two
    tower.ring(3)
    steps(live)
    with sessions.transaction() as session:
        dead = session.scalars(select(InboxRow).where(InboxRow.status == "retry")).one()
        dead.status, dead_id = "dead", dead.message_id
    with sessions.transaction() as session:
        operator = Actor(id="operator", role=Role.MINISTRY_ADMINISTRATOR)
        DeadLetters().discard(session, operator, dead_id, Wish(), "never rung")
    rebuild().run()
    assert rings(sessions) == [1, 3]


def test_what_needs_another_publisher_waits_for_what_that_one_tells(
    tower, server, live, keeper, sessions, database_url, build_tower
):
    """The log that is read first, since its name comes first, is yet kept last."""

    def demand_somebody_left(session: Session, _event: BellRung) -> None:
        if not session.scalar(select(Loudest).where(Loudest.number == 0)):
            raise LookupError("nobody has left yet")

    def note_leaving(session: Session, event: MemberLeft) -> None:
        session.add(Loudest(bell_id=event.principal_id, number=0))

    keeper.before = demand_somebody_left
    leaving = Subscriptions(keeper.subscriptions.name, keeps={MemberLeft: note_leaving})
    keeper.subscriptions = Subscriptions.joined([keeper.subscriptions, leaving])
    other = build_tower()
    other.tell_something_else(1)
    tower.ring(2)
    with served(other.app) as elsewhere:
        addresses = {"bells": server.url, "membership": elsewhere.url}
        Rebuild(database_url, [Ring, Loudest], keeper.subscriptions, addresses, token).run()
    assert (rings(sessions), sorted(loudest(sessions))) == ([1, 2], [0, 2])


def test_a_long_reading_says_how_far_it_is(tower, live, rebuild, monkeypatch, caplog):
    caplog.set_level("INFO")
    monkeypatch.setattr(rebuild_module, "TELL_AFTER", 0)
    tower.ring(205)
    rebuild().run()
    assert any(line.startswith("bells: position 200 of 205, ") for line in caplog.messages)
