"""The inbox: each event takes effect once, in one transaction with its row; what fails leaves no trace but its row."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from bells import Bell, BellRung, Heard, hang_bell, listeners, on_postgresql, on_sqlite
from sqlalchemy import create_engine, make_url, select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shared.domain.correlation import Correlation, current
from shared.domain.database import Sessions, connect, is_passing
from shared.events import Envelope, MemberLeft, decode
from shared.messaging.inbox import Inbox, InboxRow
from shared.messaging.outbox import OutboxRow
from shared.messaging.subscriptions import Subscriptions
from shared.testing.harness import wrap


def rings(*numbers: int, bell_id: UUID | None = None) -> list[Envelope]:
    bell_id = bell_id or uuid4()
    return [wrap(BellRung(bell_id=bell_id, number=number), key=str(bell_id)) for number in numbers]


def heard(sessions: Sessions) -> list[int]:
    with sessions.reader() as session:
        return list(session.scalars(select(Heard.number).order_by(Heard.seq)))


def statuses(sessions: Sessions) -> list[str]:
    with sessions.reader() as session:
        return list(session.scalars(select(InboxRow.status).order_by(InboxRow.seq)))


@pytest.fixture
def inbox(sessions) -> Inbox:
    return Inbox(sessions, listeners())


def hears(subscriptions_name: str, handler) -> Subscriptions:
    return Subscriptions(subscriptions_name, on={BellRung: handler})


FIRST = wrap(BellRung(bell_id=UUID(int=1), number=1), id=UUID(int=7), key="one")


def test_ten_deliveries_are_one_effect(sessions, inbox):
    for _ in range(10):
        inbox.receive([FIRST])
    assert (heard(sessions), statuses(sessions)) == ([1], ["done"])


def test_twice_in_one_batch_is_one_effect(sessions, inbox):
    inbox.receive([FIRST, FIRST, *rings(2), FIRST])
    assert heard(sessions) == [1, 2]


def test_each_subscription_hears_it_once(sessions):
    for name in ("bells.ear", "bells.other_ear", "bells.ear"):
        Inbox(sessions, listeners(name)).receive([FIRST])
    assert heard(sessions) == [1, 1]


def test_many_at_once_are_one_effect(sessions, inbox):
    with ThreadPoolExecutor(6) as crew:
        list(crew.map(lambda _: inbox.receive([FIRST]), range(12)))
    assert (heard(sessions), statuses(sessions)) == ([1], ["done"])


def test_a_row_that_is_done_keeps_no_body(sessions, inbox):
    inbox.receive([FIRST])
    with sessions.reader() as session:
        row = session.scalars(select(InboxRow)).one()
        assert (row.message_id, row.type, row.partition_key) == (FIRST.id, FIRST.type, "one")
        assert (row.payload, row.next_at, row.error, row.attempts) == (None, None, None, 0)


def test_what_nobody_here_hears_is_noted_and_skipped(sessions, inbox):
    other = wrap(MemberLeft(community_id=uuid4(), principal_id=uuid4()), key="one")
    inbox.receive([other, FIRST])
    assert (heard(sessions), statuses(sessions)) == ([1], ["skipped", "done"])


def test_what_joins_the_batch_is_committed_with_it_or_not_at_all(sessions, inbox):
    """Here it is a checkpoint; the process may die on either side of it."""

    def fail(_session: Session) -> None:
        raise RuntimeError("the process dies")

    with pytest.raises(RuntimeError):
        inbox.receive([FIRST], then=fail)
    assert (heard(sessions), statuses(sessions)) == ([], [])
    inbox.receive([FIRST], then=lambda session: session.add(Heard(bell_id=UUID(int=1), number=99)))
    assert heard(sessions) == [1, 99]


def test_of_twenty_one_fails_and_nineteen_are_done(sessions):
    def dislike_seven(session: Session, event: BellRung) -> None:
        session.add(Heard(bell_id=event.bell_id, number=event.number))
        session.flush()
        if event.number == 7:
            raise LookupError("seven")

    inbox = Inbox(sessions, hears("bells.ear", dislike_seven))
    inbox.receive([envelope for number in range(20) for envelope in rings(number)])
    assert heard(sessions) == [number for number in range(20) if number != 7]
    assert statuses(sessions) == ["retry" if number == 7 else "done" for number in range(20)]


def test_a_handler_that_fails_leaves_no_effect_and_tells_nothing(sessions):
    bell_id = hang_bell(sessions)

    def ring_back_and_fail(session: Session, _event: BellRung) -> None:
        session.get_one(Bell, bell_id).ring()
        session.flush()
        raise LookupError

    def ring_back(session: Session, _event: BellRung) -> None:
        session.get_one(Bell, bell_id).ring()

    Inbox(sessions, hears("bells.clumsy", ring_back_and_fail)).receive([FIRST])
    Inbox(sessions, hears("bells.echo", ring_back)).receive([FIRST])
    with sessions.reader() as session:
        assert session.get_one(Bell, bell_id).rung == 1
        assert session.scalars(select(OutboxRow.sequence)).all() == [1]


def test_what_a_handler_tells_names_its_cause(sessions):
    bell_id = hang_bell(sessions)
    inbox = Inbox(sessions, hears("bells.echo", lambda session, _event: session.get_one(Bell, bell_id).ring()))
    caused = Envelope(**{name: getattr(FIRST, name) for name in FIRST.__struct_fields__} | {"correlationid": "all"})
    inbox.receive([caused])
    with sessions.reader() as session:
        told = decode(session.scalars(select(OutboxRow.payload)).one())
    assert (told.correlationid, told.causationid) == ("all", str(FIRST.id))


@pytest.mark.parametrize("fails", [True, False])
def test_the_correlation_of_one_event_does_not_reach_the_next(sessions, fails):
    during = []

    def look(_session: Session, _event: BellRung) -> None:
        during.append(current.get())
        if fails:
            raise LookupError

    before = Correlation("the request that came before")
    token = current.set(before)
    Inbox(sessions, hears("bells.ear", look)).receive([FIRST, *rings(2)])
    assert [correlation.cause == str(FIRST.id) for correlation in during[-2:]] == [True, False]
    assert current.get() == before
    current.reset(token)


def test_an_error_may_quote_what_no_database_can_store(sessions):
    def quote(_session: Session, _event: BellRung) -> None:
        raise LookupError("no such name: \x00 \ud800 é")

    Inbox(sessions, hears("bells.ear", quote)).receive([FIRST])
    with sessions.reader() as session:
        assert r"no such name: \x00 \ud800 é" in session.scalars(select(InboxRow.error)).one()


@on_postgresql
def test_a_connection_that_breaks_leaves_no_trace(sessions):
    def lose_the_connection(session: Session, _event: BellRung) -> None:
        session.add(Heard(bell_id=UUID(int=1), number=1))
        session.flush()
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(DBAPIError):
        Inbox(sessions, hears("bells.ear", lose_the_connection)).receive([*rings(5), FIRST])
    assert (heard(sessions), statuses(sessions)) == ([], [])
    Inbox(sessions, listeners()).receive([FIRST])
    assert heard(sessions) == [1]


@on_sqlite
def test_a_database_that_is_busy_leaves_no_trace(sessions):
    impatient = create_engine(sessions.engine.url, connect_args={"timeout": 0})

    def meet_a_lock(session: Session, _event: BellRung) -> None:
        session.add(Heard(bell_id=UUID(int=1), number=1))
        with impatient.begin() as other:
            other.execute(text("DELETE FROM heard"))

    with pytest.raises(DBAPIError, match="locked"):
        Inbox(sessions, hears("bells.ear", meet_a_lock)).receive([FIRST])
    impatient.dispose()
    assert (heard(sessions), statuses(sessions)) == ([], [])


def test_a_database_that_is_away_raises_what_may_pass(database_url):
    address = (
        {"host": "127.0.0.1", "port": 1} if database_url.startswith("postgresql") else {"database": "/no/such/file"}
    )
    away = Sessions(connect(make_url(database_url).set(**address)))
    with pytest.raises(DBAPIError) as raised:
        Inbox(away, listeners()).receive([FIRST])
    assert is_passing(raised.value)


BUSY = "SELECT CAST('the bus is busy, the door is locked' AS INTEGER)"


@on_postgresql
def test_a_wrong_value_does_not_pass_whatever_its_words(sessions):
    inbox = Inbox(sessions, hears("bells.ear", lambda session, _event: session.execute(text(BUSY))))
    inbox.receive([FIRST])
    assert statuses(sessions) == ["retry"]
