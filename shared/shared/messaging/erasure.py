"""Erasing a person from what was told and heard: the log is rewritten in place, and late news is redacted on arrival.

What an event is, when it happened and where it stands in the log never changes; only what it tells of the person does.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, delete, select, text, update
from sqlalchemy.orm import Session

from shared.domain.audit import AuditReason, take_away_reasons
from shared.domain.database import among, insert_into, is_postgresql, table_of
from shared.domain.erasure import Erased, Traces, living
from shared.events import Envelope, Undecodable, decode, encode, traits_of

from .archiving import Gathering
from .dead_letters import Verdict
from .inbox_row import IS_KEPT, InboxRow
from .outbox import OutboxRow
from .person_index import Mention

AT_ONCE = 200  # rows in memory
NO_TRACES = Traces((), ())


@dataclass(frozen=True)
class Erasure:
    """Whose personal fields go, and in which communities their traces go from texts."""

    person_id: UUID
    community_ids: Collection[UUID] = ()
    traces: Traces = NO_TRACES

    def of(self, envelope: Envelope) -> Envelope:
        """The event as it may stay; the very same if it tells nothing of the person."""
        traits, told = traits_of(envelope.type), _data(envelope)
        changed = dict(told)
        if _id(told, traits.person) == self.person_id:
            changed |= {name: erased(told[name]) for name, erased in traits.personal.items() if told.get(name)}
        if _id(told, traits.community) in self.community_ids:
            changed |= {name: self.traces.gone_from_all(told[name]) for name in traits.texts if name in told}
        changed |= {name: self.traces.gone_from(changed[name]) for name in traits.copies if name in changed}
        return envelope if changed == told else _with(envelope, changed)

    def of_body(self, body: str) -> str:
        """The same for what should be an event and may be anything."""
        try:
            envelope = decode(body)
        except Undecodable:
            return self.traces.gone_from(body)
        changed = self.of(envelope)
        return body if changed is envelope else encode(changed).decode()


def erase(session: Session, person_id: UUID, community_ids: Collection[UUID], traces: Traces) -> None:
    """From the outbox, from what waits or is dead in the inbox, from reasons that were given; remembered for ever."""
    _keep_others_out(session, person_id)
    row = {"person_id": person_id, "erased_at": datetime.now(UTC)}
    session.execute(insert_into(session, Erased).values(row).on_conflict_do_nothing())
    living.remove(session, person_id)
    erasure = Erasure(person_id, frozenset(community_ids), traces)
    _rewrite_log(session, _mentioning(session, [person_id, *community_ids]), erasure.of_body)
    _rewrite_log(session, _copies_for_others(session), erasure.of_body)
    _rewrite_inbox(session, erasure)
    _rewrite_verdicts(session, traces)
    take_away_reasons(session, person_id)
    _take_away_reasons_with(session, traces)


def blank_told(session: Session, person_id: UUID) -> None:
    """Somebody is of no concern any more: what was told of them stays, without name and address; they may return."""
    _rewrite_log(session, _mentioning(session, [person_id]), Erasure(person_id).of_body)


def told_of(session: Session, event_class: type[Any], person_id: UUID) -> list[dict[str, Any]]:
    """What this service has told of the person in events of this class, as JSON has it."""
    envelopes = (decode(row.payload) for row in _mentioning(session, [person_id]))
    return [_data(envelope) for envelope in envelopes if envelope.type == event_class.wire_type]


def redacted(session: Session, envelopes: Sequence[Envelope]) -> Sequence[Envelope]:
    """As they may be handled: what tells of somebody erased was on its way, and must not bring them back."""
    about = {envelope.id: person for envelope in envelopes if (person := _person_in(envelope))}
    if not about:
        return envelopes
    _let_no_erasure_begin(session, set(about.values()))
    gone = set(session.scalars(select(Erased.person_id).where(among(session, Erased.person_id, set(about.values())))))
    return [Erasure(about[e.id]).of(e) if about.get(e.id) in gone else e for e in envelopes]


def redacted_body(session: Session, body: str | None) -> str | None:
    """The same for a body that is only kept, and may be anything."""
    try:
        envelope = decode(body) if body else None
    except Undecodable:
        return body
    (kept,) = redacted(session, [envelope]) if envelope else (None,)
    return body if kept is None or kept is envelope else encode(kept).decode()


def _person_in(envelope: Envelope) -> UUID | None:
    traits = traits_of(envelope.type)
    return _id(_data(envelope), traits.person) if traits.personal else None


def _rewrite_log(session: Session, rows: Iterator[Any], rewrite: Callable[[str], str]) -> None:
    changed = []
    for row in rows:
        body = rewrite(row.payload)
        if body != row.payload:
            changed.append({"at": row.seq, "body": body})
        if len(changed) == AT_ONCE:
            _save(session, changed)
            changed = []
    _save(session, changed)


def _mentioning(session: Session, about: Collection[UUID]) -> Iterator[Any]:
    mentioning = select(Mention.event_id).where(among(session, Mention.about_id, about))
    return _in_batches(session, OutboxRow.seq, select(OutboxRow.seq, OutboxRow.payload), OutboxRow.id.in_(mentioning))


def _copies_for_others(session: Session) -> Iterator[Any]:
    """Archives that were gathered; after a week they are blank."""
    is_copy = OutboxRow.aggregatetype == Gathering.__tablename__
    return _in_batches(session, OutboxRow.seq, select(OutboxRow.seq, OutboxRow.payload), is_copy)


def _in_batches(session: Session, key: Any, rows: Any, *where: Any) -> Iterator[Any]:
    """All of them in the order of their key, a bounded number at a time."""
    rows = rows.where(*where).order_by(key).limit(AT_ONCE)
    found = session.execute(rows).all()
    while found:
        yield from found
        found = session.execute(rows.where(key > getattr(found[-1], key.key))).all()


def _save(session: Session, changed: list[dict[str, Any]]) -> None:
    if changed:
        session.connection().execute(SAVE, changed)


_outbox = table_of(OutboxRow)
SAVE = update(_outbox).where(_outbox.c.seq == bindparam("at")).values(payload=bindparam("body"))


def _rewrite_inbox(session: Session, erasure: Erasure) -> None:
    """What is handled keeps no body; what failed once keeps why, and errors like to repeat values."""
    columns = (InboxRow.seq, InboxRow.payload, InboxRow.error)
    for row in _in_batches(session, InboxRow.seq, select(*columns), IS_KEPT):
        kept = {"payload": row.payload and erasure.of_body(row.payload)}
        kept["error"] = row.error and erasure.traces.gone_from(row.error)
        if (kept["payload"], kept["error"]) != (row.payload, row.error):
            session.execute(update(InboxRow).where(InboxRow.seq == row.seq).values(kept))


def _rewrite_verdicts(session: Session, traces: Traces) -> None:
    for row in _in_batches(session, Verdict.seq, select(Verdict.seq, Verdict.reason)):
        if (said := traces.gone_from(row.reason)) != row.reason:
            session.execute(update(Verdict).where(Verdict.seq == row.seq).values(reason=said))


def _take_away_reasons_with(session: Session, traces: Traces) -> None:
    """Also where they were given for what concerns somebody else; the trail holds a digest, so they cannot change."""
    rows = _in_batches(session, AuditReason.entry_id, select(AuditReason.entry_id, AuditReason.text))
    telling = [row.entry_id for row in rows if traces.gone_from(row.text) != row.text]
    session.execute(delete(AuditReason).where(among(session, AuditReason.entry_id, telling)))


def _keep_others_out(session: Session, person_id: UUID) -> None:
    """Whoever handles news of the person has ended before the erasure begins, or begins after it has ended."""
    if is_postgresql(session):
        session.execute(LOCK_PERSON, {"person": str(person_id)})


def _let_no_erasure_begin(session: Session, person_ids: Collection[UUID]) -> None:
    if is_postgresql(session):
        session.execute(HOLD_PERSONS, {"persons": sorted(map(str, person_ids))})


LOCK_PERSON = text("SELECT pg_advisory_xact_lock(hashtextextended('erasure ' || :person, 0))")
HOLD_PERSONS = text("""
    SELECT pg_advisory_xact_lock_shared(hashtextextended('erasure ' || person, 0))
    FROM unnest(CAST(:persons AS text[])) AS person
""")


def _data(envelope: Envelope) -> dict[str, Any]:
    try:
        told = msgspec.json.decode(envelope.data)
    except msgspec.DecodeError:
        return {}
    return told if isinstance(told, dict) else {}


def _id(told: dict[str, Any], field: str | None) -> UUID | None:
    try:
        return UUID(told[field]) if field else None
    except (KeyError, ValueError, TypeError, AttributeError):
        return None


def _with(envelope: Envelope, data: dict[str, Any]) -> Envelope:
    return msgspec.structs.replace(envelope, data=msgspec.Raw(msgspec.json.encode(data)))
