"""Rebuilding: projections are made what was told, whatever became of them, while the service goes on."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from bells import Bell, BellRung, Heard, on_postgresql, somebody_waits_for_a_lock, write_down
from sqlalchemy import delete, func, inspect, select, text, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from towers import heard, steps, token

from shared.domain.actor import Actor, Role
from shared.domain.database import MessagingBase, Sessions, insert_into, new_metadata
from shared.messaging import rebuild as rebuild_module
from shared.messaging.dead_letters import DeadLetters
from shared.messaging.inbox_row import InboxRow
from shared.messaging.rebuild import BegunAnew, Difference, NotKept, NotRebuilt, Rebuild
from shared.messaging.shelves import Wish
from shared.messaging.subscriptions import Subscriptions
from shared.testing.waiting import eventually


class Base(DeclarativeBase):
    metadata = new_metadata()


class Ring(Base):
    """Each ring that was told, once."""

    __tablename__ = "ring"

    bell_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)


class Loudest(Base):
    """The last ring of each bell."""

    __tablename__ = "loudest"

    bell_id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int]


def keep(event: BellRung, session: Session) -> None:
    row = {"bell_id": event.bell_id, "number": event.number}
    session.execute(insert_into(session, Ring).values(row).on_conflict_do_nothing())
    last = session.get(Loudest, event.bell_id) or Loudest(bell_id=event.bell_id, number=0)
    last.number = max(last.number, event.number)
    session.add(last)


class Keeper:
    """What it keeps, and how often; `before` may do anything first."""

    def __init__(self) -> None:
        self.subscriptions = Subscriptions("bells.keeper")
        self.subscriptions.keeps(BellRung)(self.keep)
        self.subscriptions.on(BellRung)(write_down)
        self.before: Callable[[BellRung, Session], None] = lambda _event, _session: None
        self.kept: list[int] = []

    def keep(self, event: BellRung, session: Session) -> None:
        self.before(event, session)
        self.kept.append(event.number)
        keep(event, session)


@pytest.fixture
def keeper() -> Keeper:
    return Keeper()


@pytest.fixture
def live(sessions, pull, keeper):
    """The running service: its database, and its way in."""
    Base.metadata.create_all(sessions.engine)
    return pull(keeper.subscriptions)


@pytest.fixture
def rebuild(database_url, server, keeper, live) -> Callable[..., Rebuild]:
    def build(url: str = server.url) -> Rebuild:
        return Rebuild(database_url, [Ring, Loudest], keeper.subscriptions, {"bells": url}, token)

    return build


def rings(sessions: Sessions) -> list[int]:
    with sessions.reader() as session:
        return list(session.scalars(select(Ring.number).order_by(Ring.number)))


def loudest(sessions: Sessions) -> list[int]:
    with sessions.reader() as session:
        return list(session.scalars(select(Loudest.number)))


def everything_but_projections(sessions: Sessions) -> dict[str, list[Any]]:
    with sessions.reader() as session:
        tables = [*MessagingBase.metadata.sorted_tables, Heard.__table__, Bell.__table__]
        return {table.name: session.execute(select(table).order_by(*table.primary_key)).all() for table in tables}


def damage(sessions: Sessions) -> None:
    """Two rings are forgotten, one was never told, and the last is another."""
    with sessions.transaction() as session:
        session.execute(delete(Ring).where(Ring.number.in_([2, 5])))
        session.add(Ring(bell_id=uuid4(), number=99))
        session.execute(update(Loudest).values(number=77))


WHAT_IT_TOOK = [Difference("ring", added=2, changed=0, removed=1), Difference("loudest", added=0, changed=1, removed=0)]
NOTHING = [Difference("ring", 0, 0, 0), Difference("loudest", 0, 0, 0)]


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


def side_is_there(sessions: Sessions, url: str) -> bool:
    if url.startswith("sqlite"):
        return Path(f"{url.removeprefix('sqlite:///')}.rebuild").exists()
    return "rebuild" in inspect(sessions.engine).get_schema_names()


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


def test_what_was_taken_in_after_the_reading_is_not_taken_away_by_the_switch(
    tower, live, rebuild, sessions, monkeypatch
):
    tower.ring(3)
    steps(live)
    with before_the_switch(monkeypatch, lambda: (tower.ring(1), steps(live))):
        assert rebuild().run() == NOTHING
    assert (rings(sessions), loudest(sessions), heard(sessions)) == ([1, 2, 3, 4], [4], [1, 2, 3, 4])


@contextmanager
def before_the_switch(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> Iterator[None]:
    """When all has been read, and the inbox is not held yet."""
    switch = Rebuild._switch

    def happens_first(rebuild: Rebuild, *how: Any) -> list[Difference]:
        happens()
        return switch(rebuild, *how)

    with monkeypatch.context() as patched:
        patched.setattr(Rebuild, "_switch", happens_first)
        yield


def test_the_inbox_waits_for_the_switch_and_then_goes_on(tower, live, rebuild, sessions, monkeypatch):
    """What is told after the last look into the log must not be kept before the tables are made equal."""
    tower.ring(3)
    steps(live)
    make_equal = rebuild_module.make_equal

    def told_meanwhile(session: Session, table: Any) -> Difference:
        if table is Ring.__table__:
            tower.ring(1)
            taking_in.append(crew.submit(steps, live))
            eventually(lambda: taking_in[0].done() or is_held_up(sessions), what="the inbox waits or has gone on")
        return make_equal(session, table)

    taking_in: list[Any] = []
    monkeypatch.setattr(rebuild_module, "make_equal", told_meanwhile)
    with ThreadPoolExecutor(1) as crew:
        assert rebuild().run() == NOTHING
        taking_in[0].result()
    assert (rings(sessions), loudest(sessions), heard(sessions)) == ([1, 2, 3, 4], [4], [1, 2, 3, 4])


def is_held_up(sessions: Sessions) -> bool:
    """SQLite does not say who waits: there, whoever writes has kept all others out since it began."""
    return sessions.engine.dialect.name == "sqlite" or somebody_waits_for_a_lock(sessions)


def test_nothing_is_lost_or_done_twice_while_all_goes_on(tower, live, rebuild, sessions):
    over = threading.Event()

    def ring_on() -> None:
        if ring_count(tower) - len(rings(sessions)) < 50:  # as fast as it is heard, so that this ends
            tower.ring(3)

    def go_on(step: Callable[[], object]) -> None:
        while not over.is_set():
            with suppress(DBAPIError):  # SQLite: the database is busy; tried again
                step()

    with ThreadPoolExecutor(2) as crew:
        going_on = [crew.submit(go_on, step) for step in (ring_on, live.step)]
        for _ in range(3):
            damage_one(sessions)
            rebuild().run()
        over.set()
        [each.result() for each in going_on]
    tower.stamp()
    steps(live)
    told = list(range(1, ring_count(tower) + 1))
    assert set(told) - set(rings(sessions)) == set()
    assert (loudest(sessions), heard(sessions)) == ([len(told)], told)


def damage_one(sessions: Sessions) -> None:
    eventually(lambda: rings(sessions))
    with sessions.transaction() as session:
        session.execute(delete(Ring).where(Ring.number == 1))


def ring_count(tower) -> int:
    with tower.sessions.reader() as session:
        return session.scalar(select(Bell.rung))


@on_postgresql
def test_who_reads_meanwhile_never_sees_an_empty_table(tower, live, rebuild, sessions):
    tower.ring(50)
    steps(live)
    over, seen = threading.Event(), set()

    def look() -> None:
        with sessions.reader() as session:
            while not over.is_set():
                seen.add(
                    (session.scalar(select(func.count()).select_from(Ring)), session.scalar(select(Loudest.number)))
                )

    with ThreadPoolExecutor(1) as crew:
        looking = crew.submit(look)
        for _ in range(5):
            with sessions.transaction() as session:
                session.execute(update(Ring).where(Ring.number > 25).values(number=Ring.number + 100))
            rebuild().run()
        over.set()
        looking.result()
    assert seen == {(50, 50)}


@on_postgresql
def test_rows_that_are_as_told_are_not_touched(tower, live, rebuild, sessions):
    tower.ring(3)
    steps(live)
    written = text("SELECT number, xmin::text FROM ring ORDER BY number")
    with sessions.reader() as session:
        before = session.execute(written).all()
        session.execute(delete(Ring).where(Ring.number == 3))
    assert rebuild().run()[0] == Difference("ring", 1, 0, 0)
    with sessions.reader() as session:
        assert session.execute(written).all()[:2] == before[:2]


@on_postgresql
def test_a_row_that_is_held_for_too_long_stops_the_switch_and_not_the_service(
    tower, live, rebuild, sessions, monkeypatch
):
    monkeypatch.setattr(rebuild_module, "HELD_WITHIN", 1)
    tower.ring(3)
    steps(live)
    damage(sessions)
    with sessions.transaction() as holding:
        holding.get(Loudest, tower.bell_id, with_for_update=True)
        with pytest.raises(NotRebuilt, match="too busy"):
            rebuild().run()
    assert loudest(sessions) == [77]
    tower.ring(1)
    assert steps(live) == [True, False]
    rebuild().run()
    assert (rings(sessions), loudest(sessions)) == ([1, 2, 3, 4], [4])


class Killed(BaseException):
    """As when the process dies: nobody catches it."""


def test_one_that_was_killed_half_way_goes_on_where_it_was(tower, live, rebuild, sessions, keeper):
    tower.ring(410)

    def die_at_300(event: BellRung, _session: Session) -> None:
        if event.number == 300:
            raise Killed

    keeper.before = die_at_300
    with pytest.raises(Killed):
        rebuild().run()
    assert rings(sessions) == []
    keeper.kept.clear()
    keeper.before = lambda _event, _session: None
    rebuild().run()
    assert (keeper.kept, rings(sessions)) == (list(range(201, 411)), list(range(1, 411)))


def test_one_that_is_to_begin_afresh_forgets_what_another_has_read(tower, live, rebuild, sessions, keeper, monkeypatch):
    tower.ring(3)

    def die() -> None:
        raise Killed

    with before_the_switch(monkeypatch, die), pytest.raises(Killed):
        rebuild().run()
    keeper.kept.clear()
    rebuild().run(afresh=True)
    assert keeper.kept == [1, 2, 3]


def test_a_publisher_that_does_not_answer_is_named_and_nothing_is_switched(tower, live, rebuild, sessions):
    tower.ring(3)
    steps(live)
    damage(sessions)
    with pytest.raises(NotRebuilt, match=r"bells does not answer .*nothing was switched"):
        rebuild("http://127.0.0.1:1").run()
    assert loudest(sessions) == [77]


def test_a_publisher_that_goes_away_before_the_switch_costs_nothing_that_was_read(
    tower, server, live, rebuild, sessions, keeper, monkeypatch
):
    tower.ring(3)
    app = server.app
    with (
        before_the_switch(monkeypatch, lambda: setattr(server, "app", unable)),
        pytest.raises(NotRebuilt, match="503"),
    ):
        rebuild().run()
    server.app = app
    assert rings(sessions) == []
    keeper.kept.clear()
    rebuild().run()
    assert (keeper.kept, rings(sessions)) == ([], [1, 2, 3])


def unable(_environ: Any, start_response: Callable[..., Any]) -> list[bytes]:
    start_response("503 Service Unavailable", [])
    return []


def test_what_cannot_be_kept_is_named_and_nothing_is_switched(tower, live, rebuild, sessions, keeper):
    tower.ring(3)
    steps(live)
    damage(sessions)

    def refuse_two(event: BellRung, _session: Session) -> None:
        if event.number == 2:
            raise ValueError("two is too many")

    keeper.before = refuse_two
    with pytest.raises(NotKept, match=r"bells\.bell_rung\.v1 .* cannot be kept .*two is too many"):
        rebuild().run()
    assert loudest(sessions) == [77]


def test_a_keeper_that_tells_something_is_refused(tower, live, rebuild, sessions, keeper):
    tower.ring(1)

    def ring_too(_event: BellRung, session: Session) -> None:
        bell = Bell.hang()
        session.add(bell)
        bell.ring()

    keeper.before = ring_too
    with pytest.raises(NotKept, match="BellRung was recorded: mark the handler `on`"):
        rebuild().run()


def test_a_keeper_that_writes_beyond_its_projections_is_refused(tower, live, rebuild, sessions, keeper):
    tower.ring(1)
    keeper.before = write_down
    with pytest.raises(NotKept, match="heard"):
        rebuild().run()
    assert heard(sessions) == []


def test_what_an_operator_gave_up_stays_given_up(tower, live, rebuild, sessions, keeper):
    def refuse_two(event: BellRung, _session: Session) -> None:
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


def test_a_publisher_that_begins_anew_meanwhile_is_read_from_the_beginning_next_time(
    tower, server, live, rebuild, sessions, database_url, build_tower, monkeypatch
):
    tower.ring(3)
    anew = build_tower()
    anew.ring(5)
    with before_the_switch(monkeypatch, lambda: setattr(server, "app", anew.app)), pytest.raises(BegunAnew):
        rebuild().run()
    assert (rings(sessions), side_is_there(sessions, database_url)) == ([], False)
    rebuild().run()
    assert rings(sessions) == [1, 2, 3, 4, 5]


def test_one_at_a_time(tower, live, rebuild, monkeypatch):
    tower.ring(1)
    refused: list[str] = []

    def another() -> None:
        with pytest.raises(NotRebuilt) as reason:
            rebuild().run()
        refused.append(str(reason.value))

    with before_the_switch(monkeypatch, another):
        rebuild().run()
    assert refused == ["another rebuild of this service is running"]
