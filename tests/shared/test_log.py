"""The log: every committed event gets its place, without a gap, whoever writes and whoever stamps at once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from bells import Bell, hang_bell, on_postgresql, ring_bell, somebody_waits_for_a_lock
from sqlalchemy import select, update

from shared.domain.database import Sessions
from shared.events import decode, decode_data
from shared.messaging.leadership import Leadership
from shared.messaging.log import BATCH, Log, Stamper, open_log
from shared.messaging.outbox import OutboxRow
from shared.testing.waiting import eventually


@pytest.fixture
def stamper(sessions):
    leadership = Leadership(sessions.engine, "log")
    yield Stamper(sessions, leadership)
    leadership.release()


def another(sessions: Sessions) -> Stamper:
    """Leadership is left out on purpose: for a moment two may believe that they lead."""
    return Stamper(sessions, Leadership(sessions.engine, "log"))


def log_of(sessions: Sessions, after: int = 0) -> list[OutboxRow]:
    """What a naive reader of the feed sees: all that lies beyond the last position it knows."""
    with sessions.reader() as session:
        rows = session.scalars(select(OutboxRow).where(OutboxRow.position > after).order_by(OutboxRow.position)).all()
        session.expunge_all()
    return list(rows)


def numbers_of(rows: list[OutboxRow], bell_id: UUID) -> list[int]:
    return [decode_data(decode(row.payload)).number for row in rows if row.aggregateid == str(bell_id)]


def test_positions_start_at_one_and_leave_no_gap(sessions, stamper):
    bell_id = hang_bell(sessions)
    ring_bell(sessions, bell_id, times=3)
    assert stamper.step() is True
    ring_bell(sessions, bell_id, times=2)
    assert stamper.step() is True
    assert stamper.step() is False
    assert [(row.position, row.sequence) for row in log_of(sessions)] == [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]


def test_more_than_a_batch_is_stamped_in_order(sessions, stamper):
    with sessions.transaction() as session:
        bell = Bell.hang()
        session.add(bell)
        for _ in range(BATCH + 50):
            bell.ring()
        bell_id = bell.id
    while stamper.step():
        pass
    assert [row.position for row in log_of(sessions)] == list(range(1, BATCH + 51))
    assert numbers_of(log_of(sessions), bell_id) == list(range(1, BATCH + 51))


@on_postgresql
def test_a_slow_transaction_is_seen_late_and_not_lost(sessions):
    """The trap of `id > last seen`: the slow one has the lower number, and commits after the fast one was read."""
    stamper = another(sessions)
    slow, fast = hang_bell(sessions), hang_bell(sessions)
    with sessions.transaction() as session:
        session.get_one(Bell, slow).ring()
        session.flush()
        ring_bell(sessions, fast)
        stamper.stamp()
        (seen,) = log_of(sessions)
    stamper.stamp()
    (late,) = log_of(sessions, after=seen.position)
    assert (seen.aggregateid, late.aggregateid) == (str(fast), str(slow))
    assert late.seq < seen.seq


@on_postgresql
def test_eight_writers_and_a_naive_reader(sessions):
    stamper = another(sessions)
    bells = [hang_bell(sessions) for _ in range(8)]
    read: list[OutboxRow] = []

    def write(number: int) -> None:
        for ring in range(1, 16):
            with sessions.transaction() as session:
                session.get_one(Bell, bells[number]).ring()
                session.flush()
                if ring % 5 == 0:  # every fifth stays open while the next writer gets something done
                    ring_bell(sessions, hang_bell(sessions))

    def read_on() -> None:
        stamper.stamp()
        read.extend(log_of(sessions, after=read[-1].position if read else 0))

    with ThreadPoolExecutor(8) as writers:
        done = [writers.submit(write, number) for number in range(8)]
        while not all(each.done() for each in done):
            read_on()
    [each.result() for each in done]
    read_on()
    assert [row.position for row in read] == list(range(1, 8 * 15 + 8 * 3 + 1))
    assert [numbers_of(read, bell) for bell in bells] == [list(range(1, 16))] * 8


def test_two_stampers_at_once_leave_no_gap_and_no_double(sessions, database_url, open_database):
    bells = [hang_bell(sessions) for _ in range(4)]
    another(sessions).stamp()
    stampers = [another(open_database(database_url)) for _ in range(2)]
    written = threading.Event()

    def stamp_on(stamper: Stamper) -> None:
        while not written.is_set():
            stamper.stamp()

    with ThreadPoolExecutor(4) as crew:
        stamping = [crew.submit(stamp_on, stamper) for stamper in stampers]
        writing = [crew.submit(ring_bell, sessions, bell, 20) for bell in bells[:2]]
        [each.result() for each in writing]
        [ring_bell(sessions, bell, 5) for bell in bells[2:]]
        written.set()
        [each.result() for each in stamping]
    stampers[0].stamp()
    assert [row.position for row in log_of(sessions)] == list(range(1, 51))
    assert [numbers_of(log_of(sessions), bell) for bell in bells[:2]] == [list(range(1, 21))] * 2


@on_postgresql
def test_a_stamper_that_was_overtaken_waits_its_turn(sessions):
    """Another one is counting; what it counts must not be counted twice, and what comes meanwhile not be left out."""
    bell_id = hang_bell(sessions)
    ring_bell(sessions, bell_id)
    another(sessions).stamp()
    slow_one = another(sessions)
    slow_one.stamp()
    ring_bell(sessions, bell_id)
    with ThreadPoolExecutor(1) as crew:
        with sessions.transaction() as session:
            log = open_log(session)
            stamping = crew.submit(slow_one.stamp)
            eventually(lambda: somebody_waits_for_a_lock(sessions))
            session.execute(update(OutboxRow).where(OutboxRow.position.is_(None)).values(position=2))
            log.last_position = 2
            ring_bell(sessions, bell_id)
        stamping.result(timeout=20)
    assert [row.position for row in log_of(sessions)] == [1, 2, 3]


def epochs(sessions: Sessions) -> tuple[UUID, int]:
    with sessions.reader() as session:
        log = session.get_one(Log, 1)
        return log.epoch, log.began_after


def test_a_log_that_stays_where_it_is_keeps_its_epoch(sessions, stamper):
    ring_bell(sessions, hang_bell(sessions))
    stamper.step()
    epoch, began_after = epochs(sessions)
    another(sessions).step()  # another process, after this one has died
    assert (epochs(sessions), began_after) == ((epoch, 0), 0)


def test_a_database_that_is_another_one_than_before_begins_a_new_epoch(sessions, stamper, caplog):
    bell_id = hang_bell(sessions)
    ring_bell(sessions, bell_id, times=3)
    stamper.step()
    old_epoch, _ = epochs(sessions)
    with sessions.transaction() as session:
        session.get_one(Log, 1).identity = "another cluster"
    ring_bell(sessions, bell_id)
    stamper._leadership.release()
    successor = another(sessions)
    successor.step()
    epoch, began_after = epochs(sessions)
    assert epoch != old_epoch
    assert began_after == 3
    assert "a new epoch of the event log begins after position 3" in caplog.text
    assert [row.position for row in log_of(sessions)] == [1, 2, 3, 4]
    successor.step()
    assert epochs(sessions)[0] == epoch
    successor._leadership.release()
