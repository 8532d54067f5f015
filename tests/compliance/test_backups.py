"""A database put back to an older state: what it has missed comes again, and nothing takes effect twice."""

from uuid import UUID

from bells import Bell, Heard
from sqlalchemy import select
from towers import checkpoint

from shared.domain.database import Sessions
from shared.messaging.inbox_row import InboxRow
from shared.messaging.log import Log
from shared.messaging.outbox import OutboxRow
from shared.messaging.pull import Checkpoint
from shared.running import service
from shared.testing.waiting import eventually

from .backup import Backup


def test_a_subscriber_restored_from_a_backup_catches_up(way):
    way.start()
    way.ring(3)
    way.hears(1, 2, 3)
    backup = Backup(way.sessions, Heard, InboxRow, Checkpoint)
    way.ring(2)
    way.hears(1, 2, 3, 4, 5)
    way.stop()
    backup.put_back()
    way.ring()
    way.start()
    way.hears(1, 2, 3, 4, 5, 6)


def test_a_publisher_restored_from_a_backup_is_noticed_and_read_again_without_double_effects(way, monkeypatch):
    monkeypatch.setattr(service, "CATCH_UP_EVERY", 0.05)  # a minute in production
    way.start()
    way.ring(3)
    way.hears(1, 2, 3)
    backup, before = Backup(way.tower.sessions, OutboxRow, Log, Bell), epoch(way.tower.sessions)
    way.ring(2)
    way.hears(1, 2, 3, 4, 5)
    eventually(lambda: checkpoint(way.sessions) == 5)  # for by push, it is read behind
    backup.put_back()
    way.ring()  # another event with the number of a lost one
    way.hears(1, 2, 3, 4, 5, 4)
    eventually(lambda: epoch(way.tower.sessions) != before, what="a new epoch")
    eventually(lambda: "was restored from a backup" in way.log.text, what="it is read again")
    way.ring()
    way.hears(1, 2, 3, 4, 5, 4, 5)


def epoch(sessions: Sessions) -> UUID:
    with sessions.reader() as session:
        return session.scalars(select(Log.epoch)).one()
