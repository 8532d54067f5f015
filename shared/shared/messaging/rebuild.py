"""Rebuilding projections: what was told is played again into tables at the side, then the live ones are made equal.

    read      feeds ──> side            from 0 to where they end; keepers only; the running service goes on, untouched
    switch    hold the inbox: feeds ──> side ──> live, in one transaction, and only rows that differ are touched

At the switch the side holds all that the inbox has ever taken in, since feeds show an event before anybody gets it.
What the inbox has not taken in yet is kept twice, once here and once there: keepers must bear that.
"""

import logging
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import requests
from sqlalchemy import Executable, Table, and_, delete, exists, false, insert, or_, select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Session

from shared.domain.database import Sessions, is_passing, rows_changed, table_of
from shared.events import Envelope

from .dead_letters import Verdict
from .inbox import Inbox, nothing_else
from .leadership import Leadership
from .pull import Checkpoint, Place, Puller
from .shadow_tables import Side, copy_of, hold_inbox, opened
from .subscriptions import Subscriptions

HELD_WITHIN = 5  # seconds to wait for the inbox, or for a row that a request holds
ANSWERED_WITHIN = 3  # seconds
TELL_AFTER = 2  # seconds
FEW = 200  # positions that may be left to read while the inbox is held
NOTHING_SWITCHED = "nothing was switched"

log = logging.getLogger(__name__)


class NotRebuilt(Exception):
    """Says why; the live tables are as they were. What was read so far is kept for the next attempt."""


class NotKept(NotRebuilt):
    """A keeper cannot keep an event: for want of what another publisher tells, or for good."""


class BegunAnew(NotRebuilt):
    """A log is no longer the one that the side was read from, so the side is dropped."""


@dataclass(frozen=True)
class Difference:
    """What it took to make a live table equal to what was told: rows added, changed, removed."""

    table: str
    added: int
    changed: int
    removed: int

    @property
    def rows(self) -> int:
        return self.added + self.changed + self.removed


class Rebuild:
    """Of the projections of one service, from the logs at these addresses. `token` makes a service token."""

    def __init__(
        self,
        database_url: str,
        projections: Sequence[type[DeclarativeBase]],
        subscriptions: Subscriptions,
        addresses: Mapping[str, str],
        token: Callable[[], str],
    ) -> None:
        self._url, self._subscriptions, self._addresses = database_url, subscriptions, addresses
        self._tables: list[Table] = [table_of(projection) for projection in projections]
        self._side = Side(database_url, [*self._tables, table_of(Checkpoint)])
        self._token = token

    def run(self, *, compare_only: bool = False, afresh: bool = False) -> list[Difference]:
        """One difference for each table; `compare_only` switches nothing, `afresh` forgets an attempt before."""
        with self._alone():
            if afresh:
                self._side.drop()
            try:
                differences = self._read_and_switch(compare_only)
            except BegunAnew:
                self._side.drop()
                raise
            self._side.drop()
            return differences

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with opened(self._url) as sessions:
            leadership = Leadership(sessions.engine, "rebuild")
            if not leadership.is_mine():
                raise NotRebuilt("another rebuild of this service is running")
            try:
                yield
            finally:
                leadership.release()

    def _read_and_switch(self, compare_only: bool) -> list[Difference]:
        with ExitStack() as stack:
            side, live = stack.enter_context(self._side.open()), stack.enter_context(opened(self._url))
            keeper = _Keeper(side, self._subscriptions.only_keeping(f"{self._subscriptions.name}.rebuild"), live)
            readers = [
                stack.enter_context(_Reader(side, keeper, publisher, self._addresses[publisher], self._token))
                for publisher in keeper.subscriptions.publishers
            ]
            for reader in readers:
                reader.say_where_it_begins()
            while read_on(readers) > FEW:
                log.info("all was read; now what was told meanwhile")
            return self._switch(live, readers, compare_only)

    def _switch(self, live: Sessions, readers: "Sequence[_Reader]", compare_only: bool) -> list[Difference]:
        try:
            with live.transaction() as session:
                hold_inbox(session, HELD_WITHIN)
                read_on(readers)
                self._side.show_to(session)
                differences = [make_equal(session, table) for table in self._tables]
                if compare_only:  # the very switch, taken back
                    session.rollback()
                return differences
        except DBAPIError as error:
            if not is_passing(error):
                raise
            raise NotRebuilt(f"the service is too busy ({error.orig}): {NOTHING_SWITCHED}; try again") from error


class _Keeper(Inbox):
    """Takes the events of a log in order. It remembers no ids: nobody else writes here, and the checkpoint says all.

    What an operator gave up stays given up.
    """

    def __init__(self, side: Sessions, keeping: Subscriptions, live: Sessions) -> None:
        super().__init__(side, keeping)
        given_up = (Verdict.verdict == "discard") & (Verdict.subscription == keeping.name.removesuffix(".rebuild"))
        with live.reader() as session:
            self._given_up = set(session.scalars(select(Verdict.letter_id).where(given_up)))

    def receive(
        self, envelopes: Sequence[Envelope], then: Callable[[Session], None] = nothing_else, *, again: bool = False
    ) -> None:
        with self._sessions.transaction() as session:
            for envelope in envelopes:
                if envelope.id not in self._given_up and self.subscriptions.hears(envelope):
                    self._keep(envelope, session)
            then(session)

    def _keep(self, envelope: Envelope, session: Session) -> None:
        try:
            self.subscriptions.handle(envelope, session)
            session.flush()
        except Exception as error:
            said = getattr(error, "orig", error)  # a database's own words; further lines of them repeat the row
            what = f"{envelope.type} {envelope.id} cannot be kept ({type(said).__name__}: {_first_line(said)})"
            raise NotKept(f"{what}: {NOTHING_SWITCHED}") from error


def _first_line(error: object) -> str:
    return str(error).strip().partition("\n")[0]


class _Reader(Puller):
    """Reads the log of one publisher into the side, and knows where it ends."""

    def __init__(self, side: Sessions, keeper: _Keeper, publisher: str, url: str, token: Callable[[], str]) -> None:
        super().__init__(side, keeper, publisher, url, token)
        self._log_url = f"{url}/v1/log"

    def __enter__(self) -> "_Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def last_position(self) -> int:
        with self._answering():
            headers = {"Authorization": f"Bearer {self._token()}"}
            answer = self._http.get(self._log_url, headers=headers, timeout=ANSWERED_WITHIN)
            if answer.status_code == requests.codes.not_found:  # it has told nothing yet
                return 0
            answer.raise_for_status()
            return int(answer.json()["last_position"])

    def say_where_it_begins(self) -> None:
        if position := self.place().position:
            again = "going on after position %d of %s, where another attempt ended; --afresh begins anew"
            log.info(again, position, self.publisher)

    def read_to(self, last: int) -> None:
        began_at, first, tell_at = time.monotonic(), self.place().position, time.monotonic() + TELL_AFTER
        while (position := self.place().position) < last:
            if (now := time.monotonic()) > tell_at:
                tell_at, speed = now + TELL_AFTER, (position - first) / (now - began_at)
                log.info("%s: position %d of %d, %d events/s", self.publisher, position, last, speed)
            self._read_page()

    def _read_page(self) -> None:
        with self._answering():
            if not self.step():
                raise BegunAnew(f"the log of {self.publisher} ends before it should: {NOTHING_SWITCHED}; try again")

    @contextmanager
    def _answering(self) -> Iterator[None]:
        try:
            yield
        except requests.RequestException as error:
            raise NotRebuilt(f"{self.publisher} does not answer ({error}): {NOTHING_SWITCHED}") from error

    def _read_again(self, place: Place) -> Place:
        raise BegunAnew(f"{self.publisher} was restored from a backup meanwhile: {NOTHING_SWITCHED}; try again")


def read_on(readers: Collection[_Reader]) -> int:
    """Each log to where it ends now; returns how many positions that were.

    What needs something that another publisher tells is tried again after that.
    """
    last = {reader: reader.last_position() for reader in readers}
    ahead = sum(max(0, last[reader] - reader.place().position) for reader in readers)
    while behind := [reader for reader in readers if reader.place().position < last[reader]]:
        stood = [reader.place() for reader in behind]
        failed = [error for reader in behind if (error := _why_stuck(reader, last[reader]))]
        if failed and stood == [reader.place() for reader in behind]:
            raise failed[0]
    return ahead


def _why_stuck(reader: _Reader, last: int) -> NotKept | None:
    try:
        reader.read_to(last)
    except NotKept as error:
        return error
    return None


def make_equal(session: Session, table: Table) -> Difference:
    """Rows that are as told are not touched: who holds one, or reads it, notices nothing."""
    told = copy_of(table)
    keys = [column.name for column in table.primary_key]
    others = [column.name for column in table.columns if column.name not in keys]
    is_same_row = and_(*(table.c[key] == told.c[key] for key in keys))
    differs = or_(false(), *(table.c[name].is_distinct_from(told.c[name]) for name in others))
    missing = select(told).where(~exists().where(is_same_row).correlate(told))
    removed = _count(session, delete(table).where(~exists().where(is_same_row)))
    corrected = update(table).values({name: told.c[name] for name in others}).where(is_same_row, differs)
    changed = _count(session, corrected) if others else 0
    added = _count(session, insert(table).from_select(table.columns.keys(), missing))
    return Difference(table.name, added, changed, removed)


def _count(session: Session, change: Executable) -> int:
    return rows_changed(session, change, preserve_rowcount=True)
