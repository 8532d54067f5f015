"""Mouvements: many principals change posts on one day; what must hold of such a list, and what follows from it."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
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
        return Post(self.school and self.school.id, self.absence)


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
    def principal_id(self) -> UUID:
        return self.move.principal.id

    @property
    def changes_cycle(self) -> bool:
        return self.move.school is not None and self.move.school.cycle is not self.move.principal.cycle

    @property
    def changes_delegation(self) -> bool:
        return self.move.school is not None and self.move.school.delegation_id != self.move.principal.delegation_id


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
        held |= {span.school_id for span in takers if span.principal_id not in movers}
        self.vacated = [school for school in left if school.id not in held]

    @property
    def operation_id(self) -> UUID | None:
        return self.operation and self.operation.id

    @property
    def state(self) -> OperationState | None:
        return self.operation and self.operation.state

    def is_decided(self, operation: Operation) -> None:
        self.operation = operation


def faults_of(moves: Sequence[Move], ground: Ground, day: date) -> Iterator[Fault]:
    """All that is wrong with a list, line by line."""
    people = Counter(move.principal.id for move in moves if move.principal)
    schools = Counter(move.school.id for move in moves if move.school)
    held = {span.school_id for span in ground.takers if span.principal_id not in people}
    for move in moves:
        yield from _unknown(move)
        if move.principal:
            yield from _of_person(move, people, ground.careers.get(move.principal.id), day)
        if move.school:
            yield from _of_school(move, schools, held, ground.closed_ids)


def _unknown(move: Move) -> Iterator[Fault]:
    if move.principal is None:
        yield Fault("mouvement.unknown_principal", field="ppr", line=move.line, value=move.who)
    if move.school is None and move.absence is None:
        yield Fault("mouvement.unknown_school", field="school_code", line=move.line, value=move.where)


def _of_person(move: Move, people: Counter, career: Career | None, day: date) -> Iterator[Fault]:
    named = {"field": "ppr", "line": move.line, "value": move.who}
    if people[move.principal.id] > 1:
        yield Fault("mouvement.principal_twice", **named)
    if career is None:
        yield Fault("mouvement.no_post", **named)
    elif career.last.starts_on >= day:
        since = {"since": career.last.starts_on.isoformat()}
        is_decided = career.last.operation_id is not None
        code = "mouvement.later_operation" if is_decided else "mouvement.posted_since"
        yield Fault(code, **named, facts=since | ({"operation": career.last.operation_id} if is_decided else {}))
    elif move.is_known and career.last.post == move.post:
        yield Fault("mouvement.same_post", **named)


def _of_school(move: Move, schools: Counter, held: Collection[UUID], closed_ids: Collection[UUID]) -> Iterator[Fault]:
    named = {"field": "school_code", "line": move.line, "value": move.where}
    if schools[move.school.id] > 1:
        yield Fault("mouvement.school_twice", **named)
    if move.school.id in held:
        yield Fault("mouvement.post_held", **named)
    if move.school.id in closed_ids:
        yield Fault("mouvement.school_closed", **named)
