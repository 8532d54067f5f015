"""The log: every committed event gets its place in it, without gaps, in the order of commits per aggregate.

    outbox row ── stamp ──> position: the feed shows it, the relay publishes it

Numbers taken at the insert would not do: a slow transaction commits after a faster one with a higher number, and
whoever reads on from that number never sees it.
"""

import logging
import os
import threading
from datetime import UTC, datetime
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, Text, exists, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.domain.database import MessagingBase, Moment, Sessions, insert_into, is_postgresql, rows_changed

from .leadership import Leadership
from .outbox import OutboxRow

BATCH = 500

log = logging.getLogger(__name__)


class Log(MessagingBase):
    """The one row that counts positions. A new `epoch` means: what I told you before may be told otherwise.

    `began_after` is the last position that the epoch took over from a backup. `identity` tells this database from
    a copy of it, see `identity_of`.
    """

    __tablename__ = "log"

    id: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[UUID]
    last_position: Mapped[int] = mapped_column(BigInteger)
    identity: Mapped[str | None] = mapped_column(Text)
    began_at: Mapped[datetime | None] = mapped_column(Moment)
    began_after: Mapped[int | None] = mapped_column(BigInteger)


class Stamper:
    """Gives events their positions. One active per service; others stand by. It waits for no broker."""

    def __init__(self, sessions: Sessions, leadership: Leadership) -> None:
        self._sessions, self._leadership = sessions, leadership
        self._knows_database = False
        self.stamped = threading.Event()  # set whenever there is something new to publish

    def step(self) -> bool:
        """Do what there is to do; says whether there was anything."""
        if self._leadership.was_just_mine():
            return self.stamp()
        self._knows_database = False
        return False

    def stamp(self) -> bool:
        if not self._knows_database:
            self._notice_restore()
        if not self._anything_new():
            return False
        with self._sessions.statement() as session:
            _stamp_at_once(session) if is_postgresql(session) else _stamp_in_steps(session)
        self.stamped.set()
        return True

    def _notice_restore(self) -> None:
        with self._sessions.transaction() as session:
            log, identity = open_log(session), identity_of(session)
            if log.identity and log.identity != identity:
                begin_epoch(log, "this database is not the one that the log was written in: it was restored or moved")
            log.identity = identity
        self._knows_database = True

    def _anything_new(self) -> bool:
        with self._sessions.reader() as session:
            return bool(session.scalar(select(exists().where(OutboxRow.position.is_(None)))))


def _stamp_at_once(session: Session) -> None:
    # One round trip instead of five: every event waits for this.
    session.execute(
        text(f"""
        DO $$
        DECLARE reached bigint; taken bigint;
        BEGIN
            SELECT last_position INTO STRICT reached FROM log WHERE id = 1 FOR UPDATE;
            {STAMP.format(last="reached", batch=BATCH)};
            GET DIAGNOSTICS taken = ROW_COUNT;
            UPDATE log SET last_position = reached + taken WHERE id = 1;
        END $$
        """)
    )


def _stamp_in_steps(session: Session) -> None:
    log = open_log(session)
    log.last_position += rows_changed(session, text(STAMP.format(last=log.last_position, batch=BATCH)))


# Two who believe that they lead (one of them about to learn that it does not) count one after the other: who is second
# waits for the log's row, and sees what the first has done.
STAMP = """
    UPDATE outbox SET position = {last} + waiting.place
    FROM (SELECT seq, row_number() OVER (ORDER BY seq) AS place FROM
             (SELECT seq FROM outbox WHERE position IS NULL ORDER BY seq LIMIT {batch}) AS oldest) AS waiting
    WHERE outbox.seq = waiting.seq
"""


def open_log(session: Session) -> Log:
    """Locked until the end of the transaction."""
    found = session.get(Log, 1, with_for_update=True)
    if found is None:
        first = {"id": 1, "epoch": uuid4(), "last_position": 0, "began_at": datetime.now(UTC), "began_after": 0}
        session.execute(insert_into(session, Log).values(first).on_conflict_do_nothing())
        found = session.get_one(Log, 1, with_for_update=True)
    return found


def begin_epoch(log_row: Log, why: str) -> None:
    """Subscribers notice it at the next page they read, and compare what they hold with what is here."""
    log_row.epoch, log_row.began_at, log_row.began_after = uuid4(), datetime.now(UTC), log_row.last_position
    log.warning("a new epoch of the event log begins after position %d: %s", log_row.last_position, why)


def identity_of(session: Session) -> str:
    """Differs after a restore: another cluster, timeline, database or table on PostgreSQL; another file on SQLite.

    It cannot tell a copy put back in place byte by byte; subscribers that are ahead of it can, see `feed.py`.
    """
    if is_postgresql(session):
        return str(session.scalar(POSTGRESQL_IDENTITY))
    file = os.stat(str(session.get_bind().engine.url.database))
    return f"{file.st_dev}/{file.st_ino}"


POSTGRESQL_IDENTITY = text("""
    SELECT concat_ws('/', system_identifier, left(pg_walfile_name(pg_current_wal_lsn()), 8), pg_database.oid,
                     'log'::regclass::oid)
    FROM pg_control_system(), pg_database WHERE datname = current_database()
""")
