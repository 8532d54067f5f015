"""The outbox: an event is written with the change it tells of, both or neither, and counted without a gap."""

import threading
from datetime import UTC, datetime, timedelta
from uuid import UUID

import msgspec
import pytest
from bells import Bell, BellRung, hang_bell, on_postgresql, ring_bell
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from shared.domain.correlation import Correlation, current
from shared.domain.database import Sessions
from shared.events import decode, decode_data
from shared.messaging.outbox import OutboxRow


def outbox(sessions: Sessions) -> list[OutboxRow]:
    with sessions.reader() as session:
        rows = session.scalars(select(OutboxRow).order_by(OutboxRow.seq)).all()
        session.expunge_all()
    return list(rows)


def told(sessions: Sessions) -> list[BellRung]:
    return [decode_data(decode(row.payload)) for row in outbox(sessions)]


def ring_and_fail(session: Session, bell_id: UUID, *, flushes: bool) -> None:
    bell = session.get_one(Bell, bell_id)
    bell.ring()
    bell.ring_by_itself()
    if flushes:
        session.flush()
    raise LookupError


def rung(sessions: Sessions, bell_id: UUID) -> int:
    with sessions.reader() as session:
        return session.get_one(Bell, bell_id).rung


def test_an_event_is_written_with_the_change_it_tells_of(sessions):
    before = datetime.now(UTC)
    bell_id = hang_bell(sessions)
    ring_bell(sessions, bell_id)
    (row,) = outbox(sessions)
    envelope = decode(row.payload)
    assert (row.aggregatetype, row.aggregateid, row.sequence) == ("bell", str(bell_id), 1)
    assert (row.id, row.type, row.partition_key) == (envelope.id, "bells.bell_rung.v1", str(bell_id))
    assert (row.position, row.published_at, row.unrouted_at) == (None, None, None)
    assert (envelope.source, envelope.subject) == ("/bells", f"bell/{bell_id}")
    assert (envelope.partitionkey, envelope.sequence) == (str(bell_id), "000000000001")
    assert before <= envelope.time == row.occurred_at <= datetime.now(UTC)
    assert decode_data(envelope) == BellRung(bell_id=bell_id, number=1)


def test_what_a_new_entity_records_is_written_when_it_is_saved(sessions):
    with sessions.transaction() as session:
        bell = Bell.hang()
        bell.ring()
        session.add(bell)
        bell_id = bell.id
    assert told(sessions) == [BellRung(bell_id=bell_id, number=1)]


def test_an_event_recorded_without_any_other_change_is_written(sessions):
    bell_id = hang_bell(sessions)
    with sessions.transaction() as session:
        session.get_one(Bell, bell_id).ring_by_itself()
    assert told(sessions) == [BellRung(bell_id=bell_id, number=0)]


def test_a_deleted_entity_still_tells(sessions):
    bell_id = hang_bell(sessions)
    with sessions.transaction() as session:
        bell = session.get_one(Bell, bell_id)
        bell.ring()
        session.delete(bell)
    assert told(sessions) == [BellRung(bell_id=bell_id, number=1)]


def test_several_flushes_of_one_transaction_tell_each_event_once(sessions):
    bell_id = hang_bell(sessions)
    with sessions.transaction() as session:
        bell = session.get_one(Bell, bell_id)
        bell.ring()
        bell.ring()
        session.flush()
        session.flush()
        bell.ring()
    assert [row.sequence for row in outbox(sessions)] == [1, 2, 3]
    assert [event.number for event in told(sessions)] == [1, 2, 3]


@pytest.mark.parametrize("flushes", [True, False])
def test_neither_change_nor_event_after_a_rollback(sessions, flushes):
    bell_id = hang_bell(sessions)
    with pytest.raises(LookupError), sessions.transaction() as session:
        ring_and_fail(session, bell_id, flushes=flushes)
    assert (rung(sessions, bell_id), told(sessions)) == (0, [])


@pytest.mark.parametrize("flushes", [True, False])
def test_a_savepoint_rolled_back_leaves_no_ghost(sessions, flushes):
    """The session goes on, and the same entity is saved later: what was taken back is not told then."""
    bell_id = hang_bell(sessions)
    with sessions.transaction() as session:
        bell = session.get_one(Bell, bell_id)
        bell.ring()
        with pytest.raises(LookupError), session.begin_nested():
            ring_and_fail(session, bell_id, flushes=flushes)
        bell.ring()
    assert [event.number for event in told(sessions)] == [1, 2]
    assert [row.sequence for row in outbox(sessions)] == [1, 2]
    assert rung(sessions, bell_id) == 2


def test_a_flush_that_fails_leaves_nothing(sessions):
    bell_id = hang_bell(sessions)

    def ring_and_break_a_rule(session: Session) -> None:
        session.get_one(Bell, bell_id).ring()
        session.add(Bell(rung=None))
        session.flush()

    with pytest.raises(IntegrityError), sessions.transaction() as session:
        ring_and_break_a_rule(session)
    assert (rung(sessions, bell_id), told(sessions)) == (0, [])


def test_an_event_that_could_not_be_read_is_not_written(sessions):
    bell_id = hang_bell(sessions)

    def ring_in_words(session: Session) -> None:
        bell = session.get_one(Bell, bell_id)
        bell.rung = 5
        bell.record(BellRung(bell_id=bell_id, number="five"))
        session.flush()

    with pytest.raises(msgspec.ValidationError), sessions.transaction() as session:
        ring_in_words(session)
    assert (rung(sessions, bell_id), told(sessions)) == (0, [])


def test_each_bell_counts_its_own_events_without_a_gap(sessions):
    one, other = hang_bell(sessions), hang_bell(sessions)
    for _ in range(3):
        ring_bell(sessions, one, times=2)
        ring_bell(sessions, other)
    with pytest.raises(LookupError), sessions.transaction() as session:
        ring_and_fail(session, one, flushes=True)
    ring_bell(sessions, one)
    counted = {key: [r.sequence for r in outbox(sessions) if r.aggregateid == str(key)] for key in (one, other)}
    assert counted == {one: [1, 2, 3, 4, 5, 6, 7], other: [1, 2, 3]}


@on_postgresql
def test_of_two_who_change_the_same_one_is_told_that_it_is_stale(sessions):
    """On PostgreSQL both are inside at once; SQLite lets one write at a time."""
    bell_id = hang_bell(sessions)
    both_have_read, failures = threading.Barrier(2), []

    def ring() -> None:
        try:
            with sessions.transaction() as session:
                bell = session.get_one(Bell, bell_id)
                both_have_read.wait(timeout=10)
                bell.ring()
        except Exception as error:
            failures.append(error)

    writers = [threading.Thread(target=ring) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [type(failure) for failure in failures] == [StaleDataError]
    assert [event.number for event in told(sessions)] == [1]
    assert rung(sessions, bell_id) == 1


def test_many_who_ring_the_same_bell_and_try_again_count_without_a_gap(sessions):
    bell_id = hang_bell(sessions)

    def ring_until_it_is_done() -> None:
        for _ in range(10):
            while True:
                try:
                    ring_bell(sessions, bell_id)
                    break
                except StaleDataError:
                    continue

    writers = [threading.Thread(target=ring_until_it_is_done) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [row.sequence for row in outbox(sessions)] == list(range(1, 41))
    assert [event.number for event in told(sessions)] == list(range(1, 41))


def test_correlation_and_cause_travel_with_the_event(sessions):
    bell_id = hang_bell(sessions)
    token = current.set(Correlation("request-1", cause="event-7"))
    ring_bell(sessions, bell_id)
    current.reset(token)
    ring_bell(sessions, bell_id)
    first, second = (decode(row.payload) for row in outbox(sessions))
    assert (first.correlationid, first.causationid) == ("request-1", "event-7")
    assert (second.correlationid, second.causationid) == (msgspec.UNSET, msgspec.UNSET)


def test_reading_writes_nothing(sessions):
    bell_id = hang_bell(sessions)
    with sessions.reader() as session:
        assert session.get_one(Bell, bell_id).rung == 0
    assert outbox(sessions) == []


def test_ids_are_ordered_by_time(sessions):
    ring_bell(sessions, hang_bell(sessions), times=5)
    rows = outbox(sessions)
    assert [row.id for row in rows] == sorted(row.id for row in rows)
    assert rows[-1].occurred_at - rows[0].occurred_at < timedelta(minutes=1)
