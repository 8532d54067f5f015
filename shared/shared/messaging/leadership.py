"""At most one of many processes may do a thing: relay, deadlines, sending. The lock dies with its holder.

PostgreSQL: a session's advisory lock. SQLite: a lock on a file beside the database, which the kernel releases
when the process ends, however it ends. Neither needs a clock, so neither can be fooled by one.
"""

import fcntl
import time
from contextlib import suppress
from pathlib import Path
from typing import TextIO
from zlib import crc32

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

FRESH = 1.0  # seconds

NAMESPACE = crc32(b"halqa") & 0x7FFFFFFF


class Leadership:
    """Ask `is_mine()` before each piece of work; it acquires, keeps, or says no."""

    def __init__(self, engine: Engine, task: str) -> None:
        self._lock = _FileLock(engine, task) if engine.dialect.name == "sqlite" else _AdvisoryLock(engine, task)
        self._known_at: float | None = None  # when it was last seen to be mine

    def is_mine(self) -> bool:
        is_so = self._lock.is_mine()
        self._known_at = time.monotonic() if is_so else None
        return is_so

    def was_just_mine(self) -> bool:
        """Saves asking each time, for what two at once may do for a moment without harm."""
        is_fresh = self._known_at is not None and time.monotonic() - self._known_at < FRESH
        return is_fresh or self.is_mine()

    def release(self) -> None:
        self._known_at = None
        self._lock.release()


class _AdvisoryLock:
    """Held by a connection of its own, never pooled; needs a direct or session-pooled connection."""

    def __init__(self, engine: Engine, task: str) -> None:
        self._engine, self._key = engine, crc32(task.encode()) & 0x7FFFFFFF
        self._connection: Connection | None = None

    def is_mine(self) -> bool:
        return self._still_holds(self._connection) if self._connection else self._acquire()

    def _still_holds(self, connection: Connection) -> bool:
        try:
            connection.execute(text("SELECT 1"))
        except DBAPIError:
            self._drop()
        return self._connection is not None

    def _acquire(self) -> bool:
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        wish = text("SELECT pg_try_advisory_lock(:space, :key)")
        if not connection.scalar(wish, {"space": NAMESPACE, "key": self._key}):
            connection.close()
            return False
        connection.detach()
        self._connection = connection
        return True

    def release(self) -> None:
        """Says so, since the server learns only a moment later that a connection was closed."""
        if self._connection:
            with suppress(SQLAlchemyError):
                self._connection.execute(text("SELECT pg_advisory_unlock_all()"))
        self._drop()

    def _drop(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None


class _FileLock:
    def __init__(self, engine: Engine, task: str) -> None:
        self._path = Path(f"{engine.url.database}.{task}.lock")
        self._file: TextIO | None = None

    def is_mine(self) -> bool:
        return self._file is not None or self._acquire()

    def _acquire(self) -> bool:
        file = self._path.open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            return False
        self._file = file
        return True

    def release(self) -> None:
        if self._file:
            self._file.close()
        self._file = None
