"""What notifications owns: messages, each one mail to one person about one event."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from shared.domain.database import Moment, new_id, new_metadata, word_of
from shared.domain.entity import Entity
from shared.domain.lifecycle import HasLifecycle, Lifecycle
from shared.events import MessageFailed

# Soon at first, then hourly: a server that is down over a weekend costs nobody their mail.
RETRY_AFTER = (*(timedelta(minutes=m) for m in (1, 5, 15)), *[timedelta(hours=1)] * 60)
LONGEST_ERROR = 500  # characters

NOT_ON_ONE_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Base(DeclarativeBase):
    """The tables of notifications."""

    metadata = new_metadata()


class MessageState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


S = MessageState
LIFECYCLE: Lifecycle = {
    S.QUEUED: frozenset({S.SENDING}),
    S.SENDING: frozenset({S.SENT, S.FAILED, S.QUEUED}),
    S.SENT: frozenset(),
    S.FAILED: frozenset(),
}


@dataclass(frozen=True)
class Rendered:
    """What one reader will see, in their language; with a calendar entry where there is something to attend."""

    subject: str
    text: str
    html: str
    calendar: str | None = None
    calendar_method: str | None = None


class Message(HasLifecycle, Entity, Base):
    """One mail, fixed when written: however often it is sent, its words and its `mail_id` stay the same.

    `interrupted` counts the sends of which nobody knows whether the server took the mail; `traceparent` is where
    in the trace of its event it was written.
    """

    __tablename__ = "message"
    thing = "message"
    lifecycle = LIFECYCLE

    event_id: Mapped[UUID]
    principal_id: Mapped[UUID] = mapped_column(index=True)
    kind: Mapped[str]
    language: Mapped[str]
    to_name: Mapped[str]
    to_address: Mapped[str]
    subject: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    calendar: Mapped[str | None] = mapped_column(Text)
    calendar_method: Mapped[str | None]
    mail_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[MessageState] = mapped_column(word_of(MessageState))
    attempts: Mapped[int]
    interrupted: Mapped[int]
    written_at: Mapped[datetime] = mapped_column(Moment)
    next_at: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    error: Mapped[str | None] = mapped_column(Text)
    traceparent: Mapped[str | None]

    __table_args__ = (UniqueConstraint("event_id", "principal_id"), Index(None, "state", "next_at"))

    @classmethod
    def write(
        cls,
        content: Rendered,
        *,
        event_id: UUID,
        kind: str,
        principal_id: UUID,
        language: str,
        to_name: str,
        to_address: str,
        domain: str,
        now: datetime,
        traceparent: str | None = None,
    ) -> "Message":
        """A message due at once. What reaches a header is made one line here, whoever wrote it."""
        id = new_id()
        return cls(
            id=id,
            event_id=event_id,
            kind=kind,
            principal_id=principal_id,
            language=language,
            to_name=one_line(to_name),
            to_address=one_line(to_address),
            subject=one_line(content.subject),
            text=content.text,
            html=content.html,
            calendar=content.calendar,
            calendar_method=content.calendar_method,
            mail_id=f"<{id}@{domain}>",
            state=S.QUEUED,
            attempts=0,
            interrupted=0,
            written_at=now,
            next_at=now,
            traceparent=traceparent,
        )

    def start_sending(self, now: datetime) -> None:
        self._become(S.SENDING)
        self.attempts += 1
        self.next_at = None

    def sent(self, now: datetime) -> None:
        self._become(S.SENT)
        self.sent_at, self.error = now, None

    def deferred(self, reason: str, now: datetime, *, outcome_known: bool = True) -> None:
        """Not now, perhaps later; after the last of `RETRY_AFTER`, never."""
        self._must_be_able_to_become(S.QUEUED)
        self.interrupted += not outcome_known
        if self.attempts > len(RETRY_AFTER):
            self.failed(reason)
        else:
            self._become(S.QUEUED)
            self.next_at = now + RETRY_AFTER[self.attempts - 1]
            self.error = _short(reason)

    def failed(self, reason: str) -> None:
        self._become(S.FAILED)
        self.error = _short(reason)
        self.record(MessageFailed(message_id=self.id, principal_id=self.principal_id, kind=self.kind))

    def interrupted_sending(self, now: datetime) -> None:
        """The sender ended before it could write down the outcome: send again, since two are better than none."""
        self._become(S.QUEUED)
        # At once the first time. A mail that itself brings the sender down then steps back behind the others.
        self.next_at = now + self.interrupted * RETRY_AFTER[0]
        self.interrupted += 1


def one_line(text: str) -> str:
    """What may stand in a header of a mail: no line break of any kind, no control character."""
    return NOT_ON_ONE_LINE.sub(" ", text).strip()


def _short(reason: str) -> str:
    return one_line(reason)[:LONGEST_ERROR]
