"""A person is erased: from the log in place, from what waits or is dead, and from what was still on its way."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Self
from uuid import UUID, uuid4

import pytest
from bells import on_postgresql, open_sessions, somebody_waits_for_a_lock
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from shared.domain.audit import AuditEntry, AuditPerson, AuditReason
from shared.domain.database import Sessions, new_id, new_metadata
from shared.domain.entity import Entity
from shared.domain.erasure import Erased, Traces
from shared.events import Envelope, declared, decode, decode_data, encode, event
from shared.events._personal import CommunityId, NameAr, NameFr, PersonId, Words
from shared.messaging import erasure
from shared.messaging.dead_letters import Verdict
from shared.messaging.inbox import Inbox
from shared.messaging.inbox_row import InboxRow, Status
from shared.messaging.outbox import OutboxRow
from shared.messaging.person_index import Mention
from shared.messaging.subscriptions import Subscriptions
from shared.testing.harness import wrap
from shared.testing.waiting import eventually
from shared.web import idempotency
from shared.web.idempotency import KeptAnswer

FATIMA, OMAR = UUID(int=1), UUID(int=2)
HERE, ELSEWHERE = UUID(int=11), UUID(int=12)
FR, AR = "Fatima Wanzare", "فاطمة ونزار"
TRACES = Traces([FR], [AR])
FORMER = ("Ancien membre", "عضو سابق")


@event("bells.guest_came.v1")
class GuestCame:
    """Somebody came, and somebody noted something."""

    guest_id: PersonId
    name_fr: NameFr
    name_ar: NameAr
    tower_id: CommunityId
    note: Words
    place: int = 0


del declared[GuestCame.wire_type]


class Base(DeclarativeBase):
    metadata = new_metadata()


class Book(Entity, Base):
    """Where guests are entered."""

    __tablename__ = "guest_book"

    @classmethod
    def of(cls, *guests: GuestCame) -> Self:
        book = cls()
        for guest in guests:
            book.record(guest)
        return book


class Guest(Base):
    """One who came, as it was told."""

    __tablename__ = "guest"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    guest_id: Mapped[UUID]
    name_fr: Mapped[str]
    note: Mapped[str]


def came(guest_id: UUID = FATIMA, **more) -> GuestCame:
    told = {"name_fr": FR, "name_ar": AR, "tower_id": HERE, "note": f"avec {FR}"}
    return GuestCame(guest_id=guest_id, **told | more)


@pytest.fixture(autouse=True)
def _guests_are_declared(monkeypatch):
    monkeypatch.setitem(declared, GuestCame.wire_type, GuestCame)


@pytest.fixture
def sessions(database_url):
    opened = open_sessions(database_url)
    Base.metadata.create_all(opened.engine)
    yield opened
    opened.engine.dispose()


def erase(sessions: Sessions, *communities: UUID) -> None:
    with sessions.transaction() as session:
        erasure.erase(session, FATIMA, communities or (HERE,), TRACES)


def told(sessions: Sessions) -> list[GuestCame]:
    with sessions.reader() as session:
        bodies = session.scalars(select(OutboxRow.payload).order_by(OutboxRow.seq)).all()
    return [decode_data(decode(body)) for body in bodies]


def all_of(sessions: Sessions, columns) -> list:
    with sessions.reader() as session:
        return [tuple(row) for row in session.execute(select(*columns).order_by(columns[0]))]


def test_the_log_is_rewritten_in_place_where_the_person_is_mentioned(sessions):
    others = [came(OMAR, note=f"à côté de {FR}"), came(OMAR, tower_id=ELSEWHERE)]
    with sessions.transaction() as session:
        session.add(Book.of(came(), *others, came(tower_id=ELSEWHERE)))
    places = [OutboxRow.seq, OutboxRow.id, OutboxRow.sequence, OutboxRow.occurred_at]
    before = all_of(sessions, places)
    erase(sessions)
    names = dict(zip(("name_fr", "name_ar"), FORMER, strict=True))
    assert told(sessions) == [
        came(**names, note="avec un ancien membre"),
        came(OMAR, note="à côté de un ancien membre"),
        others[1],  # of somebody else, and written elsewhere
        came(**names, tower_id=ELSEWHERE),
    ]
    assert all_of(sessions, places) == before


def test_many_events_are_rewritten_a_batch_at_a_time(sessions, monkeypatch):
    monkeypatch.setattr(erasure, "AT_ONCE", 7)
    with sessions.transaction() as session:
        session.add(Book.of(*(came(place=place) for place in range(40))))
    erase(sessions)
    assert [(guest.place, guest.name_fr) for guest in told(sessions)] == [(n, FORMER[0]) for n in range(40)]


def test_only_events_that_tell_of_people_are_noted(sessions):
    with sessions.transaction() as session:
        session.add(Book.of(came()))
    assert sorted(id for (id,) in all_of(sessions, [Mention.about_id])) == [FATIMA, HERE]


class Listener:
    """Enters guests; refuses them while its book is closed."""

    def __init__(self, sessions: Sessions) -> None:
        self.closed = False
        subscriptions = Subscriptions("bells.guests", on={GuestCame: self.enter})
        self.inbox = Inbox(sessions, subscriptions, retry_after=[timedelta(0)])

    def enter(self, session: Session, guest: GuestCame) -> None:
        if self.closed:
            raise RuntimeError(f"no room for {guest.name_fr}")
        session.add(Guest(id=new_id(), guest_id=guest.guest_id, name_fr=guest.name_fr, note=guest.note))


@pytest.fixture
def listener(sessions) -> Listener:
    return Listener(sessions)


def test_what_was_on_its_way_does_not_bring_them_back(sessions, listener):
    erase(sessions)
    listener.inbox.receive([wrap(came()), wrap(came(OMAR, name_fr="Omar"))])
    assert {name for (name,) in all_of(sessions, [Guest.name_fr])} == {FORMER[0], "Omar"}


def test_what_waits_or_died_before_forgets_them_and_is_applied_without_them(sessions, listener):
    listener.closed = True
    omar = {"name_fr": "Omar", "name_ar": "عمر"}
    listener.inbox.receive([wrap(came(), key="k"), wrap(came(OMAR, **omar), key="k")])
    erase(sessions)
    kept = all_of(sessions, [InboxRow.payload, InboxRow.error])
    assert len(kept) == 2 and not [row for row in kept if FR in str(row) or AR in str(row)]
    listener.closed = False
    eventually(listener.inbox.retry_due, what="the retry")
    assert all_of(sessions, [Guest.guest_id, Guest.name_fr]) == [(FATIMA, FORMER[0]), (OMAR, "Omar")]
    assert all(FR not in note for (note,) in all_of(sessions, [Guest.note]))


def test_what_comes_late_and_fails_is_parked_without_them(sessions, listener):
    erase(sessions)
    listener.closed = True
    listener.inbox.receive([wrap(came(note=""), key="k"), wrap(came(note=""), key="k")])
    assert not [row for row in all_of(sessions, [InboxRow.payload, InboxRow.error]) if FR in str(row) or AR in str(row)]


def test_what_the_broker_gives_up_is_kept_without_them(sessions):
    erase(sessions)
    body = encode(wrap(came(note=""))).decode()
    with sessions.transaction() as session:
        kept = erasure.redacted_body(session, body)
        assert decode_data(decode(kept)).name_fr == FORMER[0]
        assert decode_data(decode(erasure.redacted_body(session, encode(wrap(came(OMAR))).decode()))) == came(OMAR)
        assert erasure.redacted_body(session, "no event") == "no event"


def test_dead_bodies_that_nobody_can_read_and_reasons_that_people_gave_forget_them(sessions):
    entry = {"at": datetime.now(UTC), "actor_role": "x", "actor_id": "x", "verb": "x", "person_count": 0}
    with sessions.transaction() as session:
        session.add(dead_row(f'{{"name": "{FR}", broken'))
        session.add(Verdict(letter_id=uuid4(), source="inbox", type="x", verdict="discard", given_by="x",
                            reason=f"{FR} veut cela", given_at=datetime.now(UTC)))  # fmt: skip
        for number, text in ((1, f"pour {AR}"), (2, "pour tous"), (3, "pour elle")):
            session.add(AuditEntry(id=UUID(int=number), **entry))
            session.add(AuditReason(entry_id=UUID(int=number), salt="s", text=text))
        session.add(AuditPerson(person_id=FATIMA, entry_id=UUID(int=3)))
    erase(sessions)
    assert all_of(sessions, [InboxRow.payload]) == [('{"name": "un ancien membre", broken',)]
    assert all_of(sessions, [Verdict.reason]) == [("un ancien membre veut cela",)]
    assert all_of(sessions, [AuditReason.text]) == [("pour tous",)]


def dead_row(body: str) -> InboxRow:
    now = datetime.now(UTC)
    return InboxRow(subscription="bells.guests", message_id=uuid4(), type="x", partition_key="x", status=Status.DEAD,
                    attempts=0, received_at=now, died_at=now, payload=body)  # fmt: skip


def test_kept_answers_forget_them_and_those_to_them_are_gone(sessions):
    def answer(caller: str, key: str, body: bytes, status: int = 200) -> KeptAnswer:
        whole = {"request_hash": "h", "content_type": "x", "headers": {}, "kept_at": datetime.now(UTC)}
        return KeptAnswer(caller=caller, key=key, body=body, status=status, **whole)

    mine = f"principal:{FATIMA}"
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in AR)
    bodies = {"a": f'"{FR}"'.encode(), "b": f'"{escaped.replace(chr(92) + "u0020", " ")}"'.encode(), "c": b"\xff\xfe"}
    with sessions.transaction() as session:
        session.add_all([answer("officer:1", key, body) for key, body in bodies.items()])
        session.add_all([answer(mine, "old", b"{}"), answer(mine, "under way", b"", status=idempotency.UNANSWERED)])
    with sessions.transaction() as session:
        idempotency.forget_person(session, FATIMA, TRACES)
    left = dict(all_of(sessions, [KeptAnswer.key, KeptAnswer.body]))
    assert left == {"a": b'"un ancien membre"', "b": '"عضو سابق"'.encode(), "c": b"\xff\xfe", "under way": b""}


@on_postgresql
def test_an_erasure_waits_for_whoever_handles_news_of_the_person(sessions, listener):
    handling, may_end = threading.Event(), threading.Event()

    def hold(_session: Session) -> None:
        handling.set()
        may_end.wait(20)

    receives = threading.Thread(target=listener.inbox.receive, args=([wrap(came())], hold))
    receives.start()
    handling.wait(20)
    erases = threading.Thread(target=erase, args=(sessions,))
    erases.start()
    eventually(lambda: somebody_waits_for_a_lock(sessions), what="the erasure waits")
    assert all_of(sessions, [Erased.person_id]) == []
    may_end.set()
    receives.join(20), erases.join(20)
    assert all_of(sessions, [Erased.person_id]) == [(FATIMA,)]


def test_erased_twice_is_erased(sessions):
    erase(sessions)
    erase(sessions)
    assert all_of(sessions, [Erased.person_id]) == [(FATIMA,)]


def test_what_acts_before_keeping_still_finds_what_was_kept():
    order = []
    first, keep, act = (lambda _session, _event, word=word: order.append(word) for word in ("act first", "keep", "act"))
    subscriptions = Subscriptions(
        "bells.order", keeps={GuestCame: keep}, on={GuestCame: act}, before_keeping={GuestCame: first}
    )
    envelope: Envelope = wrap(came())
    assert subscriptions.hears(envelope) and subscriptions.types == [GuestCame.wire_type]
    subscriptions.handle(envelope, None)
    subscriptions.only_keeping("bells.again").handle(envelope, None)
    assert order == ["act first", "keep", "act", "keep"]
