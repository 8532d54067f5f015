"""A batch is one transaction: as fast as can be when all goes well, and as careful as one by one when it does not."""

from uuid import UUID, uuid4

import pytest
from bells import Bell, BellRung, Heard, hang_bell, on_postgresql, write_down
from sqlalchemy import event as sql_event
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

from shared.domain.database import Sessions
from shared.events import Envelope, decode
from shared.messaging import meters
from shared.messaging.inbox import Inbox
from shared.messaging.inbox_row import InboxRow
from shared.messaging.outbox import OutboxRow
from shared.messaging.subscriptions import OnDead, Subscriptions, Unrecoverable
from shared.testing.harness import wrap


def rings(*numbers: int, bell_id: UUID) -> list[Envelope]:
    return [wrap(BellRung(bell_id=bell_id, number=number), key=str(bell_id)) for number in numbers]


def heard(sessions: Sessions) -> list[int]:
    with sessions.reader() as session:
        return list(session.scalars(select(Heard.number).order_by(Heard.seq)))


def statuses(sessions: Sessions) -> list[str]:
    with sessions.reader() as session:
        return list(session.scalars(select(InboxRow.status).order_by(InboxRow.seq)))


def hearing(handler, on_dead: OnDead = OnDead.BLOCK_KEY) -> Subscriptions:
    return Subscriptions("bells.ear", on={BellRung: handler}, on_dead=on_dead)


@on_postgresql
def test_the_statements_for_a_batch_do_not_grow_with_it(sessions):
    inbox = Inbox(sessions, hearing(write_down))
    one, other = uuid4(), uuid4()
    counts = []
    for batch in (rings(1, 2, bell_id=one), rings(*range(1, 51), bell_id=other)):
        said: list[str] = []
        listener = lambda *args: said.append(args[2])  # noqa: E731, B023
        sql_event.listen(sessions.engine, "before_cursor_execute", listener)
        inbox.receive(batch)
        sql_event.remove(sessions.engine, "before_cursor_execute", listener)
        counts.append(len(said))
    assert counts[0] == counts[1] < 10
    assert heard(sessions) == [1, 2, *range(1, 51)]


def test_what_the_database_refuses_of_one_costs_the_others_nothing(sessions):
    """The error comes with the flush, after all handlers of the batch have run."""
    taken = uuid4()

    def write_once(session: Session, event: BellRung) -> None:
        session.add(Heard(seq=1 if event.number == 2 else None, bell_id=event.bell_id, number=event.number))

    with sessions.transaction() as session:
        session.add(Heard(seq=1, bell_id=taken, number=0))
        session.flush()
        if session.get_bind().dialect.name == "postgresql":
            session.execute(text("ALTER SEQUENCE heard_seq_seq RESTART WITH 100"))
    one, other = uuid4(), uuid4()
    batch = [*rings(1, 2, 3, bell_id=one), *rings(11, 12, bell_id=other)]
    Inbox(sessions, hearing(write_once)).receive(batch)
    assert heard(sessions) == [0, 1, 11, 12]
    assert statuses(sessions) == ["done", "retry", "blocked", "done", "done"]
    with sessions.reader() as session:
        assert IntegrityError.__name__ in session.scalars(select(InboxRow.exception)).all()


def test_what_was_told_in_a_batch_names_each_its_own_cause(sessions):
    bell_id = hang_bell(sessions)

    def ring_back(session: Session, _event: BellRung) -> None:
        session.get_one(Bell, bell_id).ring()

    batch = rings(1, 2, 3, bell_id=uuid4())
    Inbox(sessions, hearing(ring_back)).receive(batch)
    with sessions.reader() as session:
        told = [decode(payload) for payload in session.scalars(select(OutboxRow.payload).order_by(OutboxRow.seq))]
    assert [envelope.causationid for envelope in told] == [str(envelope.id) for envelope in batch]
    assert [int(envelope.sequence) for envelope in told] == [1, 2, 3]


def test_what_is_told_in_a_batch_that_had_to_be_taken_apart_is_told_once(sessions):
    bell_id = hang_bell(sessions)

    def ring_back(session: Session, event: BellRung) -> None:
        session.get_one(Bell, bell_id).ring()
        if event.number == 3:
            raise LookupError

    Inbox(sessions, hearing(ring_back)).receive(rings(1, 2, 3, 4, bell_id=uuid4()))
    with sessions.reader() as session:
        assert session.scalars(select(OutboxRow.sequence)).all() == [1, 2]
        assert session.get_one(Bell, bell_id).rung == 2


@pytest.mark.parametrize(
    ("on_dead", "expected"),
    [(OnDead.BLOCK_KEY, ["done", "dead", "blocked", "blocked"]), (OnDead.SKIP, ["done", "dead", "done", "done"])],
)
def test_a_subscription_says_whether_its_dead_hold_back_their_key(sessions, on_dead, expected):
    def hear(session: Session, event: BellRung) -> None:
        if event.number == 2:
            raise Unrecoverable("no such thing")
        write_down(session, event)

    inbox, bell_id = Inbox(sessions, hearing(hear, on_dead)), uuid4()
    inbox.receive(rings(1, 2, 3, bell_id=bell_id))
    inbox.receive(rings(4, bell_id=bell_id))
    assert statuses(sessions) == expected


@on_postgresql
def test_two_who_were_in_each_others_way_are_tried_again_at_once(sessions):
    attempts = []

    def collide_at_first(session: Session, event: BellRung) -> None:
        attempts.append(event.number)
        if len(attempts) < 3:
            session.execute(text("DO $$ BEGIN RAISE EXCEPTION 'collision' USING ERRCODE = '40P01'; END $$"))
        write_down(session, event)

    Inbox(sessions, hearing(collide_at_first)).receive(rings(1, bell_id=uuid4()))
    assert (heard(sessions), attempts) == ([1], [1, 1, 1])


@on_postgresql
def test_whoever_is_always_in_the_way_is_told_so_and_nothing_has_happened(sessions):
    def collide(session: Session, _event: BellRung) -> None:
        session.execute(text("DO $$ BEGIN RAISE EXCEPTION 'collision' USING ERRCODE = '40P01'; END $$"))

    with pytest.raises(OperationalError):
        Inbox(sessions, hearing(collide)).receive(rings(1, bell_id=uuid4()))
    assert statuses(sessions) == []


def test_what_keeps_comes_before_what_acts(sessions):
    order = []
    acts, keeps = (lambda session, event, word=word: order.append(word) for word in ("acts", "keeps"))
    subscriptions = Subscriptions("bells.ear", on={BellRung: acts}, keeps={BellRung: keeps})
    Inbox(sessions, subscriptions).receive(rings(1, bell_id=uuid4()))
    assert order == ["keeps", "acts"]
    order.clear()
    Inbox(sessions, subscriptions.only_keeping("bells.ear@2")).receive(rings(1, bell_id=uuid4()))
    assert order == ["keeps"]


def test_what_was_parked_is_not_counted_as_done(sessions):
    def hear(session: Session, event: BellRung) -> None:
        if event.number == 2:
            raise LookupError

    name = f"bells.ear_{uuid4().hex}"
    subscriptions = Subscriptions(name, on={BellRung: hear})
    Inbox(sessions, subscriptions).receive([*rings(1, 2, 3, bell_id=uuid4()), *rings(4, bell_id=uuid4())])
    counted = {status: meters.received.labels(name, status)._value.get() for status in ("done", "retry", "blocked")}
    assert counted == {"done": 2, "retry": 1, "blocked": 1}
