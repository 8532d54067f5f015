"""What a map of a plan shows: where people and hosts are, which group is theirs, and the outline of each group."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from membership.organisation import Delegation, School
from shared.domain.actor import Actor
from shared.domain.policy import permit

from ..model.plan import Plan
from ..model.plan_parts import PlacedBy, PlanGroup, PlanPlace
from .ground import located, people_in
from .reading import groups_of, places_by_person, plan

Point = tuple[float, float]  # longitude, latitude


@dataclass(frozen=True)
class Spot:
    """One principal on the map: no name, and no exact place where none is known."""

    principal_id: UUID
    school_code: str
    point: Point
    group: int
    km: float
    is_far: bool
    is_fixed: bool
    placed_by: PlacedBy


@dataclass(frozen=True)
class Territory:
    """One group with its people; `host` is None where nobody knows where its host school lies."""

    group: PlanGroup
    host: Point | None
    spots: Sequence[Spot]

    @property
    def outline(self) -> list[Point]:
        return hull([spot.point for spot in self.spots if spot.placed_by is PlacedBy.SCHOOL])


@dataclass(frozen=True)
class PlanMap:
    plan: Plan
    delegation: Delegation
    territories: Sequence[Territory]

    @property
    def spots(self) -> list[Spot]:
        """Those that have a place on earth."""
        every = (spot for territory in self.territories for spot in territory.spots)
        return [spot for spot in every if spot.placed_by is not PlacedBy.NOWHERE]

    @property
    def person_ids(self) -> list[UUID]:
        return [spot.principal_id for territory in self.territories for spot in territory.spots]

    @property
    def nowhere(self) -> int:
        return len(self.person_ids) - len(self.spots)


def plan_geojson(session: Session, actor: Actor, plan_id: UUID) -> PlanMap:
    return _map(session, permit(session, actor, "show_plan_geojson", plan(session, plan_id)))


def plan_map(session: Session, actor: Actor, plan_id: UUID) -> PlanMap:
    return _map(session, permit(session, actor, "show_plan_map", plan(session, plan_id)))


def _map(session: Session, found: Plan) -> PlanMap:
    groups = groups_of(session, found.id)
    hosts, spots = _schools(session, [group.host_code for group in groups]), _spots(session, found)
    territories = [
        Territory(group, hosts.get(group.host_code), [spot for spot in spots if spot.group == group.number])
        for group in groups
    ]
    return PlanMap(found, session.get_one(Delegation, found.delegation_id), territories)


def _schools(session: Session, codes: list[str]) -> dict[str, Point]:
    found = session.execute(select(School.code, School.longitude, School.latitude).where(School.code.in_(codes)))
    return {code: (lon, lat) for code, lon, lat in found if lon is not None and lat is not None}


def _spots(session: Session, found: Plan) -> list[Spot]:
    people, places = people_in(session, found.id), places_by_person(session, found.id)
    points, placed_by = located(people)
    return [
        _spot(person.school_code, (float(lon), float(lat)), places[person.id], by, found.parameters["farthest_km"])
        for person, (lon, lat), by in zip(people, points, placed_by, strict=True)
        if person.id in places
    ]


def _spot(code: str, point: Point, place: PlanPlace, by: PlacedBy, farthest_km: float) -> Spot:
    return Spot(
        principal_id=place.principal_id,
        school_code=code,
        point=point,
        group=place.number,
        km=place.km,
        is_far=place.km > farthest_km,
        is_fixed=place.is_fixed,
        placed_by=by,
    )


def hull(points: Sequence[Point]) -> list[Point]:
    """The corners of the smallest convex outline, against the clock; fewer than three where all lie in a line."""
    ordered = sorted(set(points))
    if len(ordered) < 3:
        return ordered
    lower, upper = _chain(ordered), _chain(ordered[::-1])
    return [*lower[:-1], *upper[:-1]]


def _chain(points: Sequence[Point]) -> list[Point]:
    chain: list[Point] = []
    for point in points:
        while len(chain) >= 2 and _turn(chain[-2], chain[-1], point) <= 0:
            chain.pop()
        chain.append(point)
    return chain


def _turn(a: Point, b: Point, c: Point) -> float:
    """Above 0 to the left, below 0 to the right."""
    return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
