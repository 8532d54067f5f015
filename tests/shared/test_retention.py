"""What the inbox has forgotten takes effect neither twice nor silently never: an operator is asked."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
import pytest
from bells import BellRung, Heard, listeners
from sqlalchemy import func, select, update

from shared.domain.database import Sessions
from shared.events import Envelope
from shared.messaging.inbox import Inbox
from shared.messaging.inbox_row import InboxRow
from shared.messaging.retention import KEPT_FOR, Horizon, forget
from shared.testing.harness import wrap

BELL = UUID(int=1)
LONG_AGO = KEPT_FOR + timedelta(days=10)


@pytest.fixture
def inbox(sessions) -> Inbox:
    return Inbox(sessions, listeners())


def ring(number: int, ago: timedelta = timedelta(0)) -> Envelope:
    told = wrap(BellRung(bell_id=BELL, number=number), key=str(BELL))
    return msgspec.structs.replace(told, time=datetime.now(UTC) - ago)


def long_ago(sessions: Sessions, inbox: Inbox, *envelopes: Envelope) -> None:
    """They were received when they were told, and have been forgotten since."""
    inbox.receive(envelopes)
    with sessions.transaction() as session:
        session.execute(update(InboxRow).values(received_at=datetime.now(UTC) - LONG_AGO))
    with sessions.transaction() as session:
        forget(session, datetime.now(UTC) - KEPT_FOR, 3)


def heard(sessions: Sessions) -> list[int]:
    with sessions.reader() as session:
        return list(session.scalars(select(Heard.number).order_by(Heard.seq)))


def statuses(sessions: Sessions) -> list[str]:
    with sessions.reader() as session:
        return list(session.scalars(select(InboxRow.status).order_by(InboxRow.seq)))


def test_what_is_done_is_forgotten_in_time_and_not_before(sessions, inbox):
    long_ago(sessions, inbox, ring(1, LONG_AGO))
    inbox.receive([ring(2)])
    with sessions.transaction() as session:
        forget(session, datetime.now(UTC) - KEPT_FOR, 3)
    assert (heard(sessions), statuses(sessions)) == ([1, 2], ["done"])


def test_what_still_waits_is_never_forgotten(sessions, inbox):
    inbox.receive([ring(1)])
    for status in ("retry", "blocked", "dead"):
        with sessions.transaction() as session:
            session.execute(update(InboxRow).values(status=status, received_at=datetime.now(UTC) - LONG_AGO))
            forget(session, datetime.now(UTC) - KEPT_FOR, 3)
        assert statuses(sessions) == [status]


def test_what_comes_again_after_it_was_forgotten_is_put_before_an_operator(sessions, inbox):
    old = ring(1, LONG_AGO)
    long_ago(sessions, inbox, old)
    inbox.receive([old, ring(2)])
    assert (heard(sessions), statuses(sessions)) == ([1], ["dead", "blocked"])
    with sessions.reader() as session:
        assert "may have been handled before" in session.scalars(select(InboxRow.error)).first()


def test_what_is_read_again_on_purpose_was_handled_before(sessions, inbox):
    old = ring(1, LONG_AGO)
    long_ago(sessions, inbox, old)
    inbox.receive([old, ring(2)], again=True)
    assert (heard(sessions), statuses(sessions)) == ([1, 2], ["done"])


def test_a_new_subscription_takes_the_past_as_new(sessions, inbox):
    old = ring(1, LONG_AGO)
    long_ago(sessions, inbox, old)
    newcomer = Inbox(sessions, listeners("bells.newcomer"))
    newcomer.receive([old])
    assert heard(sessions) == [1, 1]


def test_an_old_event_whose_id_is_still_known_is_a_duplicate(sessions, inbox):
    inbox.receive([late := ring(3, LONG_AGO)])
    with sessions.transaction() as session:
        session.add(Horizon(subscription="bells.ear", forgotten_before=datetime.now(UTC) - KEPT_FOR))
    inbox.receive([late])
    assert (heard(sessions), statuses(sessions)) == ([3], ["done"])


def test_so_many_are_forgotten_at_once_and_no_more(sessions, inbox):
    inbox.receive([wrap(BellRung(bell_id=uuid4(), number=n)) for n in range(5)])
    with sessions.transaction() as session:
        session.execute(update(InboxRow).values(received_at=datetime.now(UTC) - LONG_AGO))
    for left in (2, 0, 0):
        with sessions.transaction() as session:
            forget(session, datetime.now(UTC) - KEPT_FOR, 3)
            assert session.scalar(select(func.count(InboxRow.seq))) == left
