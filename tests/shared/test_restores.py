"""A publisher put back to an older state: whoever reads it notices, reads again, and applies nothing twice."""

from collections.abc import Callable
from uuid import UUID

import pytest
from bells import Bell, hang_bell, listeners
from sqlalchemy import delete, select, text, update
from towers import Tower, heard, steps

from shared.domain.database import Sessions
from shared.messaging.inbox import Inbox
from shared.messaging.inbox_row import InboxRow
from shared.messaging.leadership import Leadership
from shared.messaging.log import Log, Stamper
from shared.messaging.outbox import OutboxRow
from shared.messaging.pull import Checkpoint


def put_back(tower: Tower, position: int) -> None:
    """As a backup of the moment when the log had this many events would have it."""
    with tower.sessions.transaction() as session:
        session.execute(delete(OutboxRow).where(OutboxRow.position > position))
        session.execute(update(Log).values(last_position=position))
        session.execute(update(Bell).values(rung=position, last_sequence=position))


def epoch(sessions: Sessions) -> UUID:
    with sessions.reader() as session:
        return session.scalars(select(Log.epoch)).one()


def test_a_reader_that_is_ahead_of_a_restored_log_reads_it_again(tower, puller, sessions, caplog):
    tower.ring(5)
    steps(puller)
    before = epoch(tower.sessions)
    put_back(tower, 3)
    assert steps(puller) == [True, False]
    tower.ring(1)  # the fourth, again, and another one
    steps(puller)
    assert heard(sessions) == [1, 2, 3, 4, 5, 4]
    assert epoch(tower.sessions) != before
    assert "was restored from a backup" in caplog.text
    assert "holds another event at position 5" in caplog.text


def test_a_position_used_twice_before_anybody_looked_is_noticed(tower, puller, sessions):
    """The worst case: the restored log has grown beyond where its reader stands."""
    tower.ring(5)
    steps(puller)
    put_back(tower, 3)
    tower.ring(4)
    steps(puller)
    assert heard(sessions) == [1, 2, 3, 4, 5, 4, 5, 6, 7]


def test_a_reader_that_had_not_read_what_was_lost_goes_on_where_it_stands(tower, puller, sessions):
    tower.ring(2)
    steps(puller)
    tower.ring(3)
    put_back(tower, 3)
    tower.ring(1)
    before = epoch(tower.sessions)
    assert steps(puller) == [True, False]
    assert heard(sessions) == [1, 2, 3, 4]
    assert epoch(tower.sessions) == before


def test_one_new_epoch_is_enough_for_many_readers(tower, pull, sessions):
    tower.ring(5)
    readers = [pull(listeners(f"bells.ear_{number}")) for number in range(3)]
    for reader in readers:
        steps(reader)
    put_back(tower, 3)
    steps(readers[0])
    noticed = epoch(tower.sessions)
    for reader in readers[1:]:
        steps(reader)
    assert epoch(tower.sessions) == noticed
    with sessions.reader() as session:
        assert set(session.scalars(select(Checkpoint.epoch))) == {str(noticed)}


def test_a_reader_put_back_itself_catches_up_and_applies_nothing_twice(tower, puller, sessions):
    tower.ring(3)
    steps(puller)
    with sessions.reader() as session:
        kept = session.scalars(select(Checkpoint)).one()
        session.expunge_all()
    tower.ring(4)
    steps(puller)
    with sessions.transaction() as session:  # the backup has the first three, with their effects
        session.execute(text("DELETE FROM heard WHERE number > 3"))
        newest = select(InboxRow.seq).order_by(InboxRow.seq).offset(3)
        session.execute(delete(InboxRow).where(InboxRow.seq.in_(session.scalars(newest).all())))
        session.merge(kept)
    steps(puller)
    assert heard(sessions) == [1, 2, 3, 4, 5, 6, 7]


def test_a_new_epoch_over_the_same_events_costs_no_reading_again(tower, puller, sessions, monkeypatch):
    tower.ring(5)
    steps(puller)
    with tower.sessions.transaction() as session:
        session.execute(update(Log).values(epoch=UUID(int=9)))
    tower.ring(1)
    received = []
    receive = Inbox.receive
    monkeypatch.setattr(Inbox, "receive", lambda *a, **more: received.append(len(a[1])) or receive(*a, **more))
    steps(puller)
    assert (received, heard(sessions)) == ([1], [1, 2, 3, 4, 5, 6])


@pytest.fixture
def restored_elsewhere(open_database, databases) -> Callable[[Tower], Sessions]:
    """Copies a tower's log into another database, as restoring a dump does."""

    def copy(tower: Tower) -> Sessions:
        elsewhere = open_database(databases.new("membership"))
        for table in (OutboxRow, Log, Bell):
            with tower.sessions.reader() as session:
                rows = [dict(row._mapping) for row in session.execute(select(table.__table__))]
            with elsewhere.transaction() as session:
                session.execute(table.__table__.insert(), rows)
        return elsewhere

    return copy


def test_a_log_restored_into_another_database_begins_a_new_epoch_by_itself(tower, restored_elsewhere):
    tower.ring(3)
    leadership = Leadership(tower.sessions.engine, "log")
    Stamper(tower.sessions, leadership).step()
    leadership.release()
    elsewhere = restored_elsewhere(tower)
    assert epoch(elsewhere) == epoch(tower.sessions)
    leadership = Leadership(elsewhere.engine, "log")
    Stamper(elsewhere, leadership).step()
    leadership.release()
    assert epoch(elsewhere) != epoch(tower.sessions)
    with elsewhere.reader() as session:
        assert session.scalars(select(Log.began_after)).one() == 3


def test_entities_of_a_restored_log_are_not_confused_with_those_it_lost(tower, puller, sessions):
    """Their events count on from the backup: numbers that were used before name other events now."""
    tower.ring(4)
    steps(puller)
    put_back(tower, 2)
    other = hang_bell(tower.sessions)
    tower.bell_id, first = other, tower.bell_id
    tower.ring(2)
    tower.bell_id = first
    tower.ring(1)
    steps(puller)
    assert heard(sessions) == [1, 2, 3, 4, 1, 2, 3]
