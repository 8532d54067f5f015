"""What notifications hands to the outside: mail, each marked before it leaves and again once the server has answered.

queued ── claim (committed) ──> sending ── network ──> sent | queued again, later | failed (committed, one by one)

No transaction is open while the network is spoken to. Whoever dies in between leaves messages in `sending`: their
outcome is unknown, and whoever leads next sends them again under the same Message-ID.
"""

import logging
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import partial

from shared.domain.correlation import Correlation, under
from shared.domain.database import Sessions
from shared.messaging.leadership import Leadership

from . import use_cases
from .mail import mime
from .mail.transport import Away, CutOff, Line, NotTaken, Transport, TryLater, Undeliverable, transport_to
from .model import Message
from .settings import MailSettings

BATCH = 20

log = logging.getLogger(__name__)


def send_mail(sessions: Sessions, leadership: Leadership, settings: MailSettings) -> Callable[[], bool]:
    way_out = transport_to(settings.mail_url)
    return Sender(sessions, leadership, way_out, settings.mail_from, settings.unsubscribe_address).step


class Sender:
    """Sends what is due while it leads; while it does not, it touches nothing."""

    def __init__(
        self,
        sessions: Sessions,
        leadership: Leadership,
        transport: Transport,
        sender: str,
        unsubscribe_address: str = "",
    ) -> None:
        self._sessions, self._leadership, self._transport = sessions, leadership, transport
        self._build = partial(mime.build, sender=sender, unsubscribe_address=unsubscribe_address)
        self._all_settled = False  # whoever led before may have ended with mail in hand

    def step(self) -> bool:
        """Send one batch; says whether there was any."""
        if not self._leadership.is_mine():
            self._all_settled = False
            return False
        if not self._all_settled:
            self._bring_back_interrupted()
        self._all_settled = False  # until the end of the batch, since an exception may cut it short
        claimed = self._claim()
        self._all_settled = self._send_all(deque(claimed))
        return bool(claimed)

    def _bring_back_interrupted(self) -> None:
        with self._sessions.transaction() as session:
            use_cases.bring_back_interrupted(session, _now())

    def _claim(self) -> list[Message]:
        with self._sessions.transaction() as session:
            return use_cases.claim_due(session, _now(), BATCH)

    def _send_all(self, waiting: deque[Message]) -> bool:
        """Says whether all are settled; not so if leadership was lost on the way."""
        if not waiting:
            return True
        try:
            with self._transport.connect() as line:
                while waiting and self._leadership.is_mine():
                    self._send(line, waiting.popleft())
        except Away as away:
            while waiting:
                self._note_deferred(waiting.popleft(), Away(str(away)))
        return not waiting

    def _send(self, line: Line, message: Message) -> None:
        # What is logged and told of a mail belongs to the trace of its event, however long ago that was.
        with under(Correlation(cause=str(message.event_id), traceparent=message.traceparent)):
            self._settle(line, message)

    def _settle(self, line: Line, message: Message) -> None:
        try:
            _hand_over(line, message, self._build)
        except Undeliverable as refusal:
            self._note_failed(message, refusal)
        except TryLater as refusal:
            self._note_deferred(message, refusal)
        except Away as refusal:
            self._note_deferred(message, refusal)
            raise
        else:
            self._note_sent(message)

    def _note_sent(self, message: Message) -> None:
        with self._sessions.transaction() as session:
            use_cases.note_sent(session, message.id, _now())

    def _note_deferred(self, message: Message, reason: NotTaken) -> None:
        log.warning("message %s (%s) is put off: %s", message.id, message.kind, reason)
        outcome_known = not isinstance(reason, CutOff)
        with self._sessions.transaction() as session:
            use_cases.note_deferred(session, message.id, str(reason), _now(), outcome_known=outcome_known)

    def _note_failed(self, message: Message, reason: NotTaken) -> None:
        log.error("message %s (%s) is refused for good: %s", message.id, message.kind, reason)
        with self._sessions.transaction() as session:
            use_cases.note_failed(session, message.id, str(reason))


def _hand_over(line: Line, message: Message, build: Callable[[Message], EmailMessage]) -> None:
    try:
        line.send(message.id, build(message))
    except NotTaken:
        raise
    except mime.Unaddressable as error:
        raise Undeliverable(str(error)) from error
    except Exception as error:  # one mail that nobody can build or send must not hold up the others
        raise TryLater(f"{type(error).__name__}: {error}") from error


def _now() -> datetime:
    return datetime.now(UTC)


workers = [send_mail]
