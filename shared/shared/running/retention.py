"""How long each kind of data is kept, why, and what becomes of it then: one table per service, applied by the clock.

    Keeping("mail_bodies", "retention_mail_bodies_days", "to answer questions about a mail", BLANKED, use_cases.blank)

`python -m <service> retention` shows it. What is not in it is kept as long as the thing that it belongs to.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial

from prometheus_client import Counter
from sqlalchemy.orm import Session

from shared.domain import jobs
from shared.messaging import retention as inbox
from shared.web import idempotency

from .audit.sealing import cut_oldest
from .clock import Deadline
from .settings import Settings

EVERY = 60  # seconds
AT_ONCE = 5_000  # rows of one kind in one transaction, so that it stays short

End = Callable[[Session, datetime, int], int]

ended = Counter("halqa_retention_ended_total", "Rows whose time was over", ["kind", "outcome"])

log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """What becomes of a row whose time is over."""

    DELETED = "deleted"
    BLANKED = "blanked"  # what it says is gone, that it was stays
    KEPT = "kept"  # for ever


@dataclass(frozen=True)
class Keeping:
    """One kind of data. `period` is the name of the setting that holds its days, or a fixed number of them.

    `end` gets a session, the moment before which its time is over, and how many rows at most; it returns how many.
    """

    kind: str
    period: str | int | None
    why: str
    outcome: Outcome
    end: End | None = None

    def days(self, settings: Settings) -> int | None:
        return getattr(settings, self.period) if isinstance(self.period, str) else self.period


OF_EVERY_SERVICE = (
    Keeping(
        "kept_answers",
        "retention_kept_answers_days",
        "so that a request that is repeated after a line dropped counts once",
        Outcome.DELETED,
        idempotency.forget_old,
    ),
    Keeping(
        "inbox_rows",
        inbox.KEPT_FOR.days,
        "so that an event that comes again takes no effect; fixed, since a shorter time would let it",
        Outcome.DELETED,
        inbox.forget,
    ),
    Keeping(
        "audit_entries",
        "retention_audit_entries_days",
        "so that somebody can learn who has read or changed their data",
        Outcome.DELETED,
        cut_oldest,
    ),
    Keeping(
        "jobs",
        "retention_jobs_days",
        "so that whoever asked for it finds out how it ended; what it made is kept by itself",
        Outcome.DELETED,
        jobs.forget_old,
    ),
    Keeping(
        "erased_persons",
        None,
        "the id alone, so that nothing told late or restored brings an erased person back",
        Outcome.KEPT,
    ),
)


def deadlines(keepings: Sequence[Keeping], settings: Settings) -> list[Deadline]:
    """One for each kind whose time can be over."""
    due = [(keeping, keeping.days(settings)) for keeping in keepings]
    return [(EVERY, partial(apply, keeping, days)) for keeping, days in due if keeping.end and days is not None]


def apply(keeping: Keeping, days: int, session: Session, now: datetime) -> int:
    """The oldest rows of one kind, a bounded number of them; counts and tells how many, and nothing else of them."""
    count = keeping.end(session, now - timedelta(days=days), AT_ONCE) if keeping.end else 0
    if count:
        ended.labels(keeping.kind, keeping.outcome).inc(count)
        log.info("%d %s %s: kept for %d days", count, keeping.kind, keeping.outcome, days)
    return count


def as_table(keepings: Sequence[Keeping], settings: Settings) -> str:
    rows = [("kind", "days", "then", "setting", "why"), *(_row(keeping, settings) for keeping in keepings)]
    return "\n".join(f"{row[0]:18}{row[1]:>6}  {row[2]:9}{row[3]:40} {row[4]}" for row in rows)


def _row(keeping: Keeping, settings: Settings) -> tuple[str, ...]:
    days = keeping.days(settings)
    return keeping.kind, "-" if days is None else str(days), keeping.outcome, variable(keeping, settings), keeping.why


def variable(keeping: Keeping, settings: Settings | type[Settings]) -> str:
    """The environment variable that changes the period; none where it is fixed."""
    return next((f.metadata["env"] for f in fields(settings) if f.name == keeping.period), "-")
