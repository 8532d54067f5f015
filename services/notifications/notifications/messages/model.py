"""Messages, each one mail to one person about one event."""

import re
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Index, Text, UniqueConstraint
from sqlalchemy import text as sql_text
from sqlalchemy.orm import Mapped, mapped_column

from notifications.letters import Rendered, one_line
from notifications.tables import Base
from shared.domain.database import Moment, new_id, word_of
from shared.domain.entity import Entity
from shared.domain.erasure import Traces
from shared.domain.lifecycle import HasLifecycle, Lifecycle
from shared.events import FORMER_MEMBER, MessageFailed

# Soon at first, then hourly: a server that is down over a weekend costs nobody their mail.
RETRY_AFTER = (*(timedelta(minutes=m) for m in (1, 5, 15)), *[timedelta(hours=1)] * 60)
LONGEST_ERROR = 500  # characters
READABLE = sql_text("text <> ''")
# Of a mail whose time is over, only that it was written, of what kind, and what became of it.
BLANK: dict[str, str | None] = {
    **dict.fromkeys(("to_name", "to_address", "subject", "text", "html"), ""),
    **dict.fromkeys(("calendar", "unsubscribe_url", "error")),
}


UNFOLDED = re.compile(r"\r?\n[ \t]")  # a calendar breaks its lines anywhere, also within a name (RFC 5545, 3.1)


class MessageState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"


S = MessageState
LIFECYCLE: Lifecycle = {
    S.QUEUED: frozenset({S.SENDING, S.WITHDRAWN}),
    S.SENDING: frozenset({S.SENT, S.FAILED, S.QUEUED, S.WITHDRAWN}),
    S.SENT: frozenset(),
    S.FAILED: frozenset(),
    S.WITHDRAWN: frozenset(),
}


class Message(HasLifecycle, Entity, Base):
    """One mail, fixed when written: however often it is sent, its words and its `mail_id` stay the same.

    `interrupted` counts the sends of which nobody knows whether the server took the mail; `traceparent` is where
    in the trace of its event it was written.
    """

    __tablename__ = "message"
    thing = "message"
    lifecycle = LIFECYCLE

    event_id: Mapped[UUID]
    community_id: Mapped[UUID | None] = mapped_column(index=True)
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
    unsubscribe_url: Mapped[str | None]

    __table_args__ = (
        UniqueConstraint("event_id", "principal_id"),
        Index(None, "state", "next_at"),
        Index("ix_message_readable", "written_at", postgresql_where=READABLE, sqlite_where=READABLE),
    )

    @classmethod
    def write(
        cls,
        content: Rendered,
        *,
        event_id: UUID,
        community_id: UUID | None = None,
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
            community_id=community_id,
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
            unsubscribe_url=content.unsubscribe_url,
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

    def withdraw(self) -> None:
        """It never leaves."""
        self._become(S.WITHDRAWN)

    def forget(self) -> None:
        """Its reader is erased: that something was sent stays, what and where to does not. What waits never leaves."""
        if self.state in (S.QUEUED, S.SENDING):
            self.withdraw()
        self.to_name, self.to_address, self.subject = FORMER_MEMBER.name_fr, "", ""
        self.text, self.html = "", ""
        self.calendar = self.unsubscribe_url = self.error = self.next_at = None

    def leave_out(self, traces: Traces) -> None:
        """Somebody else is erased, whom it may speak of."""
        self.subject, self.text = traces.gone_from(self.subject), traces.gone_from(self.text)
        self.html = traces.gone_from(self.html)
        self.calendar = self.calendar and traces.gone_from(UNFOLDED.sub("", self.calendar))

    def interrupted_sending(self, now: datetime) -> None:
        """The sender ended before it could write down the outcome: send again, since two are better than none."""
        self._become(S.QUEUED)
        # At once the first time. A mail that itself brings the sender down then steps back behind the others.
        self.next_at = now + self.interrupted * RETRY_AFTER[0]
        self.interrupted += 1


def _short(reason: str) -> str:
    return one_line(reason)[:LONGEST_ERROR]
