"""The ground of a plan: who is to be placed, where they are, how far it is from each to each host."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

import numpy as np
from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from membership.organisation import Cycle, School
from membership.people import Gender, Posting, Principal
from shared.domain.database import among

from ..model.dispersion import Distance
from ..model.plan_parts import PlacedBy, PlanPlace
from ..planner.distances import great_circle

Array = np.ndarray
Point = tuple[float, float]  # longitude, latitude
Ways = dict[tuple[str, str], float]  # kilometres from school to school


class Person(NamedTuple):
    """What of a principal counts for a plan: no name."""

    id: UUID
    school_code: str
    cycle: Cycle
    gender: Gender
    zone_id: UUID | None
    longitude: float | None
    latitude: float | None

    @property
    def point(self) -> Point | None:
        if self.longitude is None or self.latitude is None:
            return None
        return self.longitude, self.latitude


@dataclass(frozen=True)
class Ground:
    """`points` are longitude and latitude of people, `distances` kilometres from people (rows) to hosts (columns).

    `given` of the `pairs` distances were given by the Delegation; the others are great circles.
    """

    people: Sequence[Person]
    points: Array
    placed_by: Sequence[PlacedBy]
    hosts: Sequence[str]
    host_points: Array
    distances: Array
    given: int = 0
    absent: int = 0
    excluded: Sequence[UUID] = field(default_factory=tuple)

    @property
    def rows(self) -> dict[UUID, int]:
        return {person.id: row for row, person in enumerate(self.people)}


def people_to_plan(session: Session, delegation_id: UUID, today: date) -> list[Person]:
    """Those who head a school today; whoever is away by their posting is not planned for."""
    return _people(session, _persons().where(Principal.delegation_id == delegation_id, present(today)))


def present(today: date) -> ColumnElement[bool]:
    return Principal.erased_at.is_(None) & ~_is_absent(today)


def people_in(session: Session, plan_id: UUID) -> list[Person]:
    """Those who have a place in the plan already, wherever they head a school now."""
    places = select(PlanPlace.principal_id).where(PlanPlace.plan_id == plan_id)
    return _people(session, _persons().where(Principal.id.in_(places)))


def people_of(session: Session, principal_ids: Select) -> list[Person]:
    return _people(session, _persons().where(Principal.id.in_(principal_ids), Principal.erased_at.is_(None)))


def count_absent(session: Session, delegation_id: UUID, today: date) -> int:
    here = (Principal.delegation_id == delegation_id) & Principal.erased_at.is_(None)
    return session.scalar(select(func.count()).select_from(Principal).where(here, _is_absent(today))) or 0


def _is_absent(today: date) -> ColumnElement[bool]:
    on_the_day = (Posting.starts_on <= today) & or_(Posting.ends_on.is_(None), Posting.ends_on > today)
    return exists().where(Posting.principal_id == Principal.id, on_the_day, Posting.absence.is_not(None))


def _persons() -> Select:
    main = aliased(School)
    about = (Principal.id, Principal.school_code, Principal.cycle, Principal.gender, main.zone_id)
    found = select(*about, main.longitude, main.latitude).outerjoin(School, School.code == Principal.school_code)
    return found.outerjoin(main, main.code == School.main_code).order_by(Principal.id)


def _people(session: Session, rows: Select) -> list[Person]:
    return [Person(*row) for row in session.execute(rows)]


def survey(session: Session, delegation_id: UUID, people: Sequence[Person], *, hosts: Collection[str] = ()) -> Ground:
    """Beside all schools of these people; `hosts` are others that must be among those to choose from."""
    points, placed_by = located(people)
    where = _where(session, people, points, hosts)
    return _measured(people, points, placed_by, where, _given(session, delegation_id))


def survey_beside(session: Session, delegation_id: UUID, people: Sequence[Person], hosts: Sequence[str]) -> Ground:
    """Beside these hosts alone, where they are chosen already: within a request there is no time for all ways."""
    points, placed_by = located(people)
    where = _where(session, people, points, hosts)
    chosen = {code: where[code] for code in hosts}
    return _measured(people, points, placed_by, chosen, _given(session, delegation_id))


def survey_parts(
    session: Session,
    delegation_id: UUID,
    people: Sequence[Person],
    parts: Mapping[UUID, list[int]],
    hosts: Mapping[UUID, str],
) -> Iterator[tuple[UUID, Ground]]:
    """Each part of the people (rows) beside its own schools and its host, if it has one: ways between all would be as
    many as the square of their number."""
    points, placed_by = located(people)
    where, ways = _where(session, people, points, hosts.values()), _given(session, delegation_id)
    for part, rows in parts.items():
        mine = [people[row] for row in rows]
        codes = dict.fromkeys(person.school_code for person in mine) | ({hosts[part]: None} if part in hosts else {})
        near = {code: where[code] for code in codes}
        yield part, _measured(mine, points[rows], [placed_by[row] for row in rows], near, ways)


def _measured(
    people: Sequence[Person], points: Array, placed_by: Sequence[PlacedBy], hosts: Mapping[str, Point], ways: Ways
) -> Ground:
    host_points = np.array(list(hosts.values()), dtype=float).reshape(-1, 2)
    distances = great_circle(points[:, ::-1], host_points[:, ::-1])  # it wants latitudes first
    given = _take_given(ways, [person.school_code for person in people], list(hosts), distances)
    return Ground(people, points, placed_by, list(hosts), host_points, distances, given)


def located(people: Sequence[Person]) -> tuple[Array, list[PlacedBy]]:
    """Who has no position of their own stands in the middle of their zone, or else of the Delegation."""
    known = [(person.zone_id, point) for person in people if (point := person.point)]
    inhabited = {zone for zone, _ in known if zone}
    zones = {zone: _middle([point for near, point in known if near == zone]) for zone in inhabited}
    middle = _middle([point for _, point in known]) if known else None
    found = [_placed(person, zones, middle) for person in people]
    return np.array([point for point, _ in found], dtype=float).reshape(-1, 2), [by for _, by in found]


def _middle(points: Sequence[Point]) -> Point:
    return sum(lon for lon, _ in points) / len(points), sum(lat for _, lat in points) / len(points)


def _placed(person: Person, zones: Mapping[UUID, Point], middle: Point | None) -> tuple[Point, PlacedBy]:
    if person.point:
        return person.point, PlacedBy.SCHOOL
    if person.zone_id and person.zone_id in zones:
        return zones[person.zone_id], PlacedBy.ZONE
    return (middle, PlacedBy.DELEGATION) if middle else ((0.0, 0.0), PlacedBy.NOWHERE)


def _where(session: Session, people: Sequence[Person], points: Array, wanted: Collection[str]) -> dict[str, Point]:
    """The schools of these people, and those that are asked for."""
    where = {person.school_code: tuple(point) for person, point in zip(people, points, strict=True)}
    missing = [code for code in dict.fromkeys(wanted) if code not in where]
    return where | _schools(session, missing, fallback=tuple(points.mean(axis=0)) if len(points) else (0.0, 0.0))


def _schools(session: Session, codes: list[str], fallback: Point) -> dict[str, Point]:
    asked = select(School.code, School.longitude, School.latitude).where(among(session, School.code, codes))
    known = {code: (lon, lat) for code, lon, lat in session.execute(asked) if lon is not None and lat is not None}
    return {code: known.get(code, fallback) for code in codes}


def _take_given(ways: Ways, froms: Sequence[str], hosts: Sequence[str], distances: Array) -> int:
    """A way that is given in one direction alone is as long in the other. Returns how many pairs were given."""
    if not ways:
        return 0
    given = 0
    for row, code in enumerate(froms):
        for column, host in enumerate(hosts):
            km = ways.get((code, host), ways.get((host, code)))
            if km is not None and code != host:
                distances[row, column] = km
                given += 1
    return given


def _given(session: Session, delegation_id: UUID) -> Ways:
    """Bounded where they are taken in: see `MOST_DISTANCES` of the use case."""
    mine = select(Distance.from_code, Distance.to_code, Distance.km).where(Distance.delegation_id == delegation_id)
    return {(a, b): km for a, b, km in session.execute(mine)}
