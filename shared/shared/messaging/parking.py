"""What could not be handled waits here, and its key with it: tried again after ever longer rests, then dead."""

import logging
import random
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from shared.domain.correlation import Correlation, under
from shared.events import Envelope, Undecodable, decode, encode

from .inbox_row import InboxRow, Status
from .subscriptions import Unrecoverable, caused_by

RETRY_AFTER = tuple(timedelta(seconds=s) for s in (10, 30, 120, 600, 3600))

log = logging.getLogger(__name__)


def park(row: InboxRow, payload: str, error: Exception, retry_after: Sequence[timedelta]) -> None:
    """Until the next attempt; for good, if another attempt cannot help or there were enough."""
    hopeless = isinstance(error, Undecodable | Unrecoverable) or row.attempts >= len(retry_after)
    row.status = Status.DEAD if hopeless else Status.RETRY
    row.next_at = None if hopeless else _jittered(retry_after[row.attempts])
    row.died_at = datetime.now(UTC) if hopeless else None
    row.attempts += 1
    row.payload = payload
    row.exception = type(error).__qualname__
    row.error = storable("".join(traceback.format_exception(error)))
    _tell(row, error)


def _tell(row: InboxRow, error: Exception) -> None:
    # Halves of characters, which no log can hold, are left where they are readable: with the row.
    words = error if storable(str(error)) == str(error) else type(error).__qualname__
    with under(_course_of(row)):
        log.error("%s %s is %s after attempt %d: %s", row.type, row.message_id, row.status, row.attempts, words)


def _course_of(row: InboxRow) -> Correlation:
    try:
        return caused_by(decode(row.payload or ""))
    except Undecodable:
        return Correlation(cause=str(row.message_id))


def block(row: InboxRow, envelope: Envelope) -> None:
    row.status, row.payload = Status.BLOCKED, encode(envelope).decode()


def settle(row: InboxRow) -> None:
    row.status, row.payload, row.next_at, row.died_at = Status.DONE, None, None, None


def may_go(row: InboxRow) -> bool:
    due = row.next_at is None or row.next_at <= datetime.now(UTC)
    return row.status == Status.BLOCKED or (row.status == Status.RETRY and due)


def storable(text: str) -> str:
    """An error's text may repeat characters that no database takes."""
    return text.replace("\x00", "\\x00").encode("utf-8", "backslashreplace").decode()


def _jittered(delay: timedelta) -> datetime:
    return datetime.now(UTC) + delay * random.uniform(0.5, 1.5)
