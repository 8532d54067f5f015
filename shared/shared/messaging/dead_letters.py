"""Dead letters: what could not be applied or sent, until an operator replays it or gives it up, with a reason.

dead ── replay ──> tried again, in its place in order; what waits behind it follows
     └─ discard ─> given up; what waits behind it goes on without it

Only administrators: payloads hold names and addresses, and a verdict needs a person who answers for it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Identity, Text, func, literal, select
from sqlalchemy.orm import Mapped, Session, defer, mapped_column

from shared.domain.actor import Actor
from shared.domain.database import MessagingBase, Moment
from shared.domain.policy import EVERYTHING, permit
from shared.domain.refusals import NotFound, Refused

from .dead_letter_store import InboxShelf, Letter, OutboxShelf, Shelf, Source, Wish
from .outbox import Counter
from .subscriptions import OnDead

AT_ONCE = 100  # replayed in one transaction, so that consumers do not wait long for the keys it holds
MOST_COUNTED = 10_000

ANYWHERE = Wish()
IN_THE_FEED = "The broker will not get it. The feed of this service still shows it: who pulls may have taken it."


class Verdict(MessagingBase):
    """What an operator decided about a dead letter, and why. Never changed, never deleted."""

    __tablename__ = "dead_letter_verdict"

    seq: Mapped[int] = mapped_column(Counter, Identity(cache=1), primary_key=True)
    letter_id: Mapped[UUID] = mapped_column(index=True)
    source: Mapped[str]
    subscription: Mapped[str | None]
    type: Mapped[str]
    verdict: Mapped[str]
    reason: Mapped[str] = mapped_column(Text)
    given_by: Mapped[str]
    given_at: Mapped[datetime] = mapped_column(Moment)


class Letters(NamedTuple):
    """One page of a list; `next` is where the one after it begins."""

    items: list[Letter]
    next: str | None


class Judged(NamedTuple):
    """A letter with all verdicts on it, the latest last, and what else its operator should know."""

    letter: Letter
    verdicts: Sequence[Verdict]
    note: str | None = None


class Replayed(NamedTuple):
    """`left` are those behind `next`, counted up to `MOST_COUNTED`."""

    replayed: int
    left: int
    next: str | None


Found = tuple[Shelf, Any]


class DeadLetters:
    """Of one service, whose subscriptions go on after a dead letter as `on_dead` says."""

    def __init__(self, on_dead: OnDead = OnDead.BLOCK_KEY) -> None:
        # In the order of the list: what could not leave here may be why others wait.
        self._shelves: tuple[Shelf, ...] = (OutboxShelf(), InboxShelf(on_dead))

    def letters(self, session: Session, actor: Actor, wish: Wish, after: str | None = None, limit: int = 50) -> Letters:
        permit(session, actor, "list_dead_letters", EVERYTHING)
        found, next = self._page(session, wish, after, limit)
        return Letters([shelf.read(row) for shelf, row in found], next)

    def show(self, session: Session, actor: Actor, id: UUID, wish: Wish) -> Judged:
        """Also one that is no longer dead, if there was a verdict on it."""
        permit(session, actor, "get_dead_letter", EVERYTHING)
        verdicts = _verdicts(session, id, wish)
        if found := self._dead(session, id, wish):
            shelf, row = _the_only(found)
            return Judged(shelf.read(row, payload=True), verdicts)
        if not verdicts:
            raise _unknown(id)
        return Judged(self._once_dead(session, verdicts[-1]), verdicts)

    def replay(self, session: Session, actor: Actor, id: UUID, wish: Wish, reason: str) -> Judged:
        """Try it again, at once or when it is its turn."""
        permit(session, actor, "replay_dead_letter", EVERYTHING)
        shelf, row = self._hold(session, id, wish)
        _judge(session, actor, "replay", reason, shelf, row)
        shelf.replay(session, row)
        return Judged(shelf.read(row), _verdicts(session, id))

    def discard(self, session: Session, actor: Actor, id: UUID, wish: Wish, reason: str) -> Judged:
        permit(session, actor, "discard_dead_letter", EVERYTHING)
        shelf, row = self._hold(session, id, wish)
        _judge(session, actor, "discard", reason, shelf, row)
        shelf.discard(session, row, f"given up by {actor.id}: {reason}")
        note = IN_THE_FEED if shelf.name == "outbox" else None
        return Judged(shelf.read(row), _verdicts(session, id), note)

    def replay_all(self, session: Session, actor: Actor, wish: Wish, reason: str, after: str | None = None) -> Replayed:
        """The first of those that are wished for. Called again with `next` it ends, even if they all die again."""
        permit(session, actor, "replay_dead_letters", EVERYTHING)
        found, next = self._page(session, wish, after, AT_ONCE)
        replayed = 0
        for shelf, rows in groupby(found, key=lambda pair: pair[0]):
            held = shelf.hold(session, [row for _, row in rows])
            for row in held:
                _judge(session, actor, "replay", reason, shelf, row)
                shelf.replay(session, row)
            replayed += len(held)
        return Replayed(replayed, self._count(session, wish, next) if next else 0, next)

    def _page(self, session: Session, wish: Wish, after: str | None, limit: int) -> tuple[list[Found], str | None]:
        found: list[Found] = []
        for shelf, seq in self._from(after):
            more = shelf.dead(wish).where(shelf.row.seq > seq).order_by(shelf.row.seq).limit(limit + 1 - len(found))
            found += [(shelf, row) for row in session.scalars(more.options(defer(shelf.row.payload)))]
        return found[:limit], _place(*found[limit - 1]) if len(found) > limit else None

    def _from(self, after: str | None) -> list[tuple[Shelf, int]]:
        """The shelves from a place on, and where to begin on each."""
        names = [shelf.name for shelf in self._shelves]
        name, _, seq = (after or f"{names[0]}.0").partition(".")
        first, *others = self._shelves[names.index(name) :]
        return [(first, int(seq)), *((shelf, 0) for shelf in others)]

    def _count(self, session: Session, wish: Wish, after: str) -> int:
        wanted = [shelf.dead(wish).where(shelf.row.seq > seq) for shelf, seq in self._from(after)]
        some = [rows.with_only_columns(literal(1)).limit(MOST_COUNTED).subquery() for rows in wanted]
        return sum(session.scalar(select(func.count()).select_from(each)) for each in some)

    def _dead(self, session: Session, id: UUID, wish: Wish) -> list[Found]:
        """The same event may be dead in more than one place."""
        return [
            (shelf, row)
            for shelf in self._shelves
            for row in session.scalars(shelf.dead(wish).where(shelf.of(id)).options(defer(shelf.row.payload)))
        ]

    def _hold(self, session: Session, id: UUID, wish: Wish) -> Found:
        found = self._dead(session, id, wish)
        if found:
            shelf, row = _the_only(found)
            if held := shelf.hold(session, [row]):
                return shelf, held[0]
        raise _settled(session, id)

    def _once_dead(self, session: Session, verdict: Verdict) -> Letter:
        outbox, inbox = self._shelves
        shelf = outbox if verdict.source == Source.OUTBOX else inbox
        row = session.scalars(shelf.ever(verdict.letter_id, verdict.subscription)).one_or_none()
        if row:
            return shelf.read(row, payload=True)
        return _forgotten(verdict)


def _forgotten(verdict: Verdict) -> Letter:
    id, source, subscription = verdict.letter_id, verdict.source, verdict.subscription
    return Letter(id=id, source=source, type=verdict.type, status="forgotten", subscription=subscription)


def _place(shelf: Shelf, row: Any) -> str:
    return f"{shelf.name}.{row.seq}"


def _the_only(found: Sequence[Found]) -> Found:
    if len(found) > 1:
        places = [" ".join(filter(None, _where(shelf.read(row)))) for shelf, row in found]
        raise Refused("dead_letter.ambiguous", places=places)
    return found[0]


def _where(letter: Letter) -> tuple[str, str | None]:
    return letter.source, letter.subscription


def _unknown(id: UUID) -> NotFound:
    return NotFound("dead_letter.not_found", id=id)


def _settled(session: Session, id: UUID) -> NotFound | Refused:
    """Somebody else may have been faster."""
    verdicts = _verdicts(session, id)
    if not verdicts:
        return _unknown(id)
    last = verdicts[-1]
    by, at = last.given_by, last.given_at
    return Refused("dead_letter.settled", verdict=last.verdict, by=by, at=at, why=last.reason)


def _judge(session: Session, actor: Actor, verdict: str, reason: str, shelf: Shelf, row: Any) -> None:
    letter = shelf.read(row)
    about = {"letter_id": letter.id, "source": letter.source, "subscription": letter.subscription, "type": letter.type}
    given = {"verdict": verdict, "reason": reason, "given_by": actor.id, "given_at": datetime.now(UTC)}
    session.add(Verdict(**about, **given))


def _verdicts(session: Session, id: UUID, wish: Wish = ANYWHERE) -> Sequence[Verdict]:
    named = {Verdict.source: wish.source, Verdict.subscription: wish.subscription}
    where = [column == value for column, value in named.items() if value]
    return session.scalars(select(Verdict).where(Verdict.letter_id == id, *where).order_by(Verdict.seq)).all()
