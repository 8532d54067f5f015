"""A small country whose units and people are changed at random, beside a record that is kept by hand."""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from uuid import UUID

from movers import random_moves
from peers import new_principal
from presents import Stands, demand_present, holding, spans_of_people, spans_of_units
from sqlalchemy import select
from sqlalchemy.orm import Session

from membership.moves.use_cases.deciding import close_unit, merge_units, move_unit, open_unit, rename_unit, split_unit
from membership.moves.use_cases.mouvements import plan_mouvement
from membership.moves.use_cases.taking import take_due_effects, undo_operation
from membership.organisation.model.levels import Level
from membership.organisation.model.organisation import MINISTRY_ID, Academy, Cycle, Delegation, School, Zone, ZoneKind
from membership.organisation.model.standing import Standing
from membership.organisation.queries.tree import due_operations
from membership.organisation.use_cases import place_units
from membership.people.model.posting import Posting
from membership.people.use_cases import post
from shared.domain import units
from shared.domain.actor import Actor, Role
from shared.domain.refusals import Refusal

MINISTRY = Actor("test", Role.MINISTRY_ADMINISTRATOR)
NAMES = {"name_fr": "Atlas", "name_ar": "أطلس"}
EVER = date(1900, 1, 1)
TODAY = datetime.now(UTC).date()
DAYS = [EVER, *(TODAY + timedelta(days=count) for count in (-10, -3, -1, 0, 1, 5))]
AHEAD = [day for day in DAYS if day > TODAY]


@dataclass
class Record:
    """What each unit was on each day on which anything was ever decided: no spans, all days written out."""

    days: dict[date, dict[UUID, Stands]] = field(default_factory=dict)
    undone: dict[UUID, dict[date, dict[UUID, Stands]]] = field(default_factory=dict)

    def change(self, operation_id: UUID, day: date, change) -> None:
        """`change` is done to the units of that day, and of every later one."""
        self.undone[operation_id] = {when: dict(stands) for when, stands in self.days.items()}
        for when, stands in self.days.items():
            if when >= day:
                change(stands)

    def take_back(self, operation_id: UUID, touched: set[UUID]) -> None:
        """Those that it touched are what they were before it; what others did since stays."""
        for when, before in self.undone[operation_id].items():
            for unit_id in touched:
                self.days[when].pop(unit_id, None)
                if unit_id in before:
                    self.days[when][unit_id] = before[unit_id]


class Country:
    """A small one, changed at random through the use cases and in the record alike."""

    def __init__(self, session: Session) -> None:
        self.session, self.dice = session, random.Random(0)
        self.record = Record({day: {} for day in DAYS})
        self.levels: dict[UUID, Level | None] = {MINISTRY_ID: Level.MINISTRY}
        self.decided: list[tuple[UUID, set[UUID]]] = []
        self.refused: list[str] = []
        self.made = 0
        self._enter()

    def _enter(self) -> None:
        academies = [Academy.register(code=f"A{n}", **NAMES) for n in range(2)]
        self._stand(academies)
        delegations = [Delegation.register(code=f"D{n}", academy_id=academies[n % 2].id, **NAMES) for n in range(3)]
        self._stand(delegations)
        more = {"kind": ZoneKind.PEDAGOGICAL_ZONE, **NAMES}
        zones = [Zone.register(d.id, code=f"Z{d.code}{n}", around_id=None, **more) for d in delegations for n in "ab"]
        self._stand(zones)
        mains = [self._school(zone.delegation_id, f"S{zone.code}{n}", zone_id=zone.id) for zone in zones for n in "12"]
        self._stand(mains)
        self._stand([self._school(main.delegation_id, f"{main.code}s", main_code=main.code) for main in mains[::3]])
        people = [new_principal(main.delegation_id, school_code=main.code) for main in mains[::2]]
        self.session.add_all(people)
        post(self.session, people)
        self.people = [person.id for person in people]
        rows = {row.unit_id: (row.parent_id, row.name_fr) for row in self.session.scalars(select(Standing))}
        posts = {row.principal_id: (row.school_id, "") for row in self.session.scalars(select(Posting))}
        self.record.days = {day: {**rows, **(posts if day > EVER else {})} for day in DAYS}
        self.levels |= dict.fromkeys(self.people, None)
        self._close_some(academies[0].id, delegations[0].id)

    def _close_some(self, academy_id: UUID, delegation_id: UUID) -> None:
        """Units that stood once, and can be opened again."""
        delegation = Delegation.register(code="DX", academy_id=academy_id, **NAMES)
        zone = Zone.register(delegation_id, code="ZX", around_id=None, kind=ZoneKind.SCHOOL_BASIN, **NAMES)
        entered = [delegation, zone, self._school(delegation_id, "SX")]
        parents = (academy_id, delegation_id, delegation_id)
        for unit, parent_id in zip(entered, parents, strict=True):
            self._stand([unit])
            self.record.days[EVER][unit.id] = (parent_id, NAMES["name_fr"])
            close_unit(self.session, MINISTRY, unit.id, effective_on=DAYS[1], note=None, dry_run=False)

    def _school(self, delegation_id: UUID, code: str, **more) -> School:
        return School.register(delegation_id, code=code, cycle=Cycle.PRIMARY, **{"zone_id": None, **NAMES, **more})

    def _stand(self, entered: list) -> None:
        self.session.add_all(entered)
        place_units(self.session, entered)
        for unit in entered:
            self.levels[unit.id] = unit.level
            if not isinstance(unit, School):
                parent = getattr(unit, "academy_id", None) or getattr(unit, "parent_id", None)
                units.place(self.session, unit.id, parent)
        self.session.flush()

    def life(self, seed: int) -> Self:
        """The same country before anything was decided."""
        other = copy(self)
        other.dice, other.decided, other.refused, other.levels = random.Random(seed), [], [], dict(self.levels)
        other.in_order = True
        other.record = Record({day: dict(stands) for day, stands in self.record.days.items()})
        return other

    def step(self) -> None:
        """One thing at random; what is refused leaves no trace."""
        kinds = [self.split, self.merge, self.move, self.rename, self.close, self.open, self.transfer, self.undo]
        kinds.append(self.undo)
        with self._refusable():
            self.dice.choice(kinds)(self.dice.choice(DAYS[1:]))

    @contextmanager
    def _refusable(self) -> Iterator[None]:
        try:
            with self.session.begin_nested():
                yield
        except Refusal as refusal:
            self.refused.append(refusal.code)

    def one(self, day: date, *levels: Level) -> UUID:
        return self.dice.choice(sorted(id for id in self.record.days[day] if self.levels[id] in levels))

    def children(self, day: date, unit_id: UUID) -> list[UUID]:
        stands = self.record.days[day].items()
        return sorted(id for id, (parent_id, _) in stands if parent_id == unit_id and self.levels[id])

    def _decided(self, decision, day: date, change) -> None:
        operation = decision.operation
        touched = {UUID(each["unit_id"]) for each in operation.changes if "unit_id" in each}
        for each in decision.changes:
            self.levels.setdefault(each.unit_id, each.level)
        self.record.change(operation.id, day, change)
        self.decided.append((operation.id, touched))

    def split(self, day: date) -> None:
        whole = self.one(day, Level.ACADEMY, Level.DELEGATION, Level.ZONE)
        children = self.children(day, whole)
        taken = [child for child in children if self.dice.random() < 0.6]
        self.made += 1
        part = {"code": f"N{self.made}", **NAMES, "takes": taken}
        closes = len(taken) == len(children)
        decision = split_unit(
            self.session, MINISTRY, whole, parts=[part], closes=closes, effective_on=day, note=None, dry_run=False
        )
        new = next(each.unit_id for each in decision.changes if each.what == "opened")

        def change(stands: dict[UUID, Stands]) -> None:
            stands[new] = (stands[whole][0], NAMES["name_fr"])
            stands.update({child: (new, stands[child][1]) for child in taken})
            if closes:
                del stands[whole]

        self._decided(decision, day, change)

    def merge(self, day: date) -> None:
        level = self.dice.choice([Level.ACADEMY, Level.DELEGATION, Level.ZONE, Level.ZONE])
        target, source = self.one(day, level), self.one(day, level)
        children = self.children(day, source)
        decision = merge_units(
            self.session, MINISTRY, target, merged=[source], effective_on=day, note=None, dry_run=False
        )

        def change(stands: dict[UUID, Stands]) -> None:
            del stands[source]
            stands.update({child: (target, stands[child][1]) for child in children})

        self._decided(decision, day, change)

    def move(self, day: date) -> None:
        unit_id = self.one(day, Level.DELEGATION, Level.ZONE, Level.SCHOOL)
        goal = self.one(day, Level.ACADEMY, Level.DELEGATION, Level.ZONE, Level.SCHOOL)
        decision = move_unit(
            self.session, MINISTRY, unit_id, parent_id=goal, effective_on=day, note=None, dry_run=False
        )
        self._decided(decision, day, lambda stands: stands.update({unit_id: (goal, stands[unit_id][1])}))

    def rename(self, day: date) -> None:
        unit_id, name = self.one(day, *Level), f"Nom {self.dice.random()}"
        decision = rename_unit(
            self.session, MINISTRY, unit_id, name_fr=name, name_ar="اسم", effective_on=day, note=None, dry_run=False
        )
        self._decided(decision, day, lambda stands: stands.update({unit_id: (stands[unit_id][0], name)}))

    def close(self, day: date) -> None:
        unit_id = self.one(day, *Level, Level.ZONE, Level.SCHOOL)
        decision = close_unit(self.session, MINISTRY, unit_id, effective_on=day, note=None, dry_run=False)
        self._decided(decision, day, lambda stands: stands.pop(unit_id))

    def open(self, day: date) -> None:
        """What stood before and stands no more, where it stood last; every second time below something else."""
        gone = {id: stands for when in DAYS if when < day for id, stands in self.record.days[when].items()}
        closed = sorted(id for id in gone if id not in self.record.days[day] and self.levels[id])
        unit_id = self.dice.choice(closed or [self.one(day, Level.ZONE)])
        parent_id = self.dice.choice([None, self.one(day, Level.ACADEMY, Level.DELEGATION, Level.ZONE)])
        decision = open_unit(
            self.session, MINISTRY, unit_id, parent_id=parent_id, effective_on=day, note=None, dry_run=False
        )
        last_parent_id, name = gone[unit_id]
        self._decided(decision, day, lambda stands: stands.update({unit_id: (parent_id or last_parent_id, name)}))

    def transfer(self, day: date) -> None:
        """A mouvement: to schools where nobody is, to each other's, or to none."""
        day = max(day, TODAY)
        codes = {school.id: school.code for school in self.session.scalars(select(School)) if school.is_main}
        heads = {id: codes[self.record.days[day][id][0]] for id in self.people if self.record.days[day][id][0] in codes}
        moves = random_moves(self.dice, heads, sorted({*codes.values()} - {*heads.values()}))
        plan = plan_mouvement(
            self.session, MINISTRY, MINISTRY_ID, effective_on=day, note=None, moves=moves, dry_run=False
        )
        ids = dict(map(reversed, codes.items()))
        goals = {move.principal_id: (ids.get(move.school_code), move.absence or "") for move in moves}
        self.record.change(plan.operation.id, day, lambda stands: stands.update(goals))
        self.decided.append((plan.operation.id, set(goals)))

    def undo(self, _day: date) -> None:
        """Any of the last ones; what was decided last can always be taken back, unless an earlier one was already."""
        if not self.decided:
            return
        chosen = self.dice.choice(self.decided[-3:])
        operation_id, touched = chosen
        is_last, self.in_order = chosen is self.decided[-1], self.in_order and chosen is self.decided[-1]
        with self._accepted(is_last and self.in_order):
            undo_operation(self.session, MINISTRY, operation_id)
            self.session.flush()
        self.record.take_back(operation_id, touched)
        self.decided.remove(chosen)

    @contextmanager
    def _accepted(self, must_be: bool) -> Iterator[None]:
        try:
            yield
        except Refusal as refusal:
            if must_be:
                raise AssertionError(refusal.code) from refusal
            raise

    def live_on(self) -> None:
        """The days that are ahead come, one after the other, and the present follows."""
        for day in AHEAD:
            take_due_effects(self.session, datetime.combine(day, time(), UTC))
            self.session.flush()
            assert due_operations(self.session, day) == []
            demand_present(self.session, self.record.days[day])

    def demand_right(self) -> None:
        """As of every day, units and people; no unit without a parent; the present is how it stands today."""
        spans, posts = spans_of_units(self.session), spans_of_people(self.session)
        for day, expected in self.record.days.items():
            found = dict(holding(day, spans))
            assert all(parent in found for parent, _ in found.values() if parent)
            heads = holding(day, posts)
            assert len(heads) == len(dict(heads)) == (len(self.people) if day > EVER else 0)
            assert {**found, **dict(heads)} == expected, day
        demand_present(self.session, self.record.days[TODAY])
