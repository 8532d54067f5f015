"""Mouvements: many principals change posts on one day; what must hold of such a list, and what follows from it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from uuid import UUID

from membership.organisation import Operation, OperationState, School
from membership.people import Absence, Career, Post, Posting, Principal
from shared.domain.refusals import Fault

from .transfer import Home


@dataclass(frozen=True)
class Move:
    """One line of the list: who goes where. What it names and is not there, or is out of reach, is None."""

    line: int
    who: str
    where: str | None
    principal: Principal | None
    school: School | None
    absence: Absence | None
    follows: bool

    @property
    def is_known(self) -> bool:
        return self.principal is not None and (self.school is not None or self.absence is not None)

    @property
    def post(self) -> Post:
        return Post(self.school.id if self.school else None, self.absence)


@dataclass(frozen=True)
class Ground:
    """What stands before the list is applied. `takers` hold, or will hold, one of its schools from that day on."""

    careers: Mapping[UUID, Career]
    takers: Collection[Posting]
    closed_ids: Collection[UUID]


@dataclass(frozen=True)
class PlannedMove:
    """What one line will do. Of the home community: kept, left, or none; and to which one they are invited."""

    move: Move
    before: Posting
    from_school: School | None
    home_id: UUID | None
    home: Home
    invited_to_id: UUID | None

    @property
    def principal(self) -> Principal:
        """Planned is only what has no fault, and so for somebody who is known."""
        if self.move.principal is None:
            raise ValueError("a line about nobody known cannot be planned")
        return self.move.principal

    @property
    def principal_id(self) -> UUID:
        return self.principal.id

    @property
    def changes_cycle(self) -> bool:
        return self.move.school is not None and self.move.school.cycle is not self.principal.cycle

    @property
    def changes_delegation(self) -> bool:
        return self.move.school is not None and self.move.school.delegation_id != self.principal.delegation_id


@dataclass
class MouvementPlan:
    """What a list will do, and why it cannot, where it cannot. `operation` is None as long as nothing is decided."""

    effective_on: date
    moves: list[PlannedMove] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    vacated: list[School] = field(default_factory=list)
    filled: list[School] = field(default_factory=list)
    operation: Operation | None = None

    def foresee_vacancies(self, left: Iterable[School], takers: Iterable[Posting]) -> None:
        """`left` are the schools that the movers head now, `takers` all who hold or will hold one of these."""
        movers = {planned.principal_id for planned in self.moves}
        self.filled = [planned.move.school for planned in self.moves if planned.move.school]
        held = {school.id for school in self.filled}
        held |= _held(takers, movers)
        self.vacated = [school for school in left if school.id not in held]

    @property
    def operation_id(self) -> UUID | None:
        return self.operation.id if self.operation else None

    @property
    def state(self) -> OperationState | None:
        return self.operation.state if self.operation else None

    def is_decided(self, operation: Operation) -> None:
        self.operation = operation


def faults_of(moves: Sequence[Move], ground: Ground, day: date) -> Iterator[Fault]:
    """All that is wrong with a list, line by line."""
    people = Counter(move.principal.id for move in moves if move.principal)
    schools = Counter(move.school.id for move in moves if move.school)
    held = _held(ground.takers, people)
    for move in moves:
        yield from _unknown(move)
        if move.principal:
            yield from _of_person(move, people[move.principal.id], ground.careers.get(move.principal.id), day)
        if move.school:
            id = move.school.id
            yield from _of_school(move, schools[id], is_held=id in held, is_closed=id in ground.closed_ids)


def _held(takers: Iterable[Posting], movers: Collection[UUID]) -> set[UUID]:
    """The schools that somebody keeps or gets who is not on the list."""
    return {span.school_id for span in takers if span.school_id and span.principal_id not in movers}


def _unknown(move: Move) -> Iterator[Fault]:
    if move.principal is None:
        yield Fault("mouvement.unknown_principal", field="ppr", line=move.line, value=move.who)
    if move.school is None and move.absence is None:
        yield Fault("mouvement.unknown_school", field="school_code", line=move.line, value=move.where)


def _of_person(move: Move, times: int, career: Career | None, day: date) -> Iterator[Fault]:
    fault = partial(Fault, field="ppr", line=move.line, value=move.who)
    if times > 1:
        yield fault("mouvement.principal_twice")
    if career is None:
        yield fault("mouvement.no_post")
    elif career.last.starts_on >= day:
        since = {"since": career.last.starts_on.isoformat()}
        is_decided = career.last.operation_id is not None
        code = "mouvement.later_operation" if is_decided else "mouvement.posted_since"
        yield fault(code, facts=since | ({"operation": career.last.operation_id} if is_decided else {}))
    elif move.is_known and career.last.post == move.post:
        yield fault("mouvement.same_post")


def _of_school(move: Move, times: int, *, is_held: bool, is_closed: bool) -> Iterator[Fault]:
    fault = partial(Fault, field="school_code", line=move.line, value=move.where)
    if times > 1:
        yield fault("mouvement.school_twice")
    if is_held:
        yield fault("mouvement.post_held")
    if is_closed:
        yield fault("mouvement.school_closed")
