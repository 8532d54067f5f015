"""What the computation of a plan begins with, read in one go; and the names that are proposed for its groups."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from membership.organisation import School, Zone
from membership.people import Principal
from shared.domain import units
from shared.domain.actor import Actor
from shared.domain.database import among

from ..model.dispersion import Distance
from ..model.plan import Plan
from ..model.plan_parts import PlanGroup, PlanPlace, PlanWish, WishKind
from ..planner.problem import Problem
from .comparison import current_homes
from .ground import Ground, Person, count_absent, people_to_plan, present, survey
from .problems import Draft, how_many_groups, problem_of
from .reading import groups_of, places_by_person, wishes_of

NAMES = {"name_fr": "CPP {}", "name_ar": "جماعة {}"}  # of a group: the word for a community, then a place


def draft_of(session: Session, plan: Plan, today: date) -> Draft:
    """At first by the wishes; computed anew, by who is fixed now and by who was where."""
    wishes, places = wishes_of(session, plan.id), places_by_person(session, plan.id)
    people, excluded = _wanted(people_to_plan(session, plan.delegation_id, today), wishes)
    fixed = _fixed(wishes) | {id: place.number for id, place in places.items() if place.is_fixed}
    fixed = {id: number for id, number in fixed.items() if id not in places or places[id].is_fixed}
    previous = {id: place.number for id, place in places.items()}
    before = groups_of(session, plan.id)
    groups, hosts = _groups(plan, len(people), len(before), fixed), _hosts(plan, before, fixed)
    ground = survey(session, plan.delegation_id, people, hosts=hosts.values())
    ground = replace(ground, absent=count_absent(session, plan.delegation_id, today), excluded=excluded)
    known = previous or _numbered(current_homes(session, plan.delegation_id))
    problem = problem_of(ground, plan.parameters, groups, wishes, fixed=fixed, previous=known, hosts=hosts)
    return Draft(ground, problem, plan.parameters, frozenset(fixed), previous)


def _wanted(people: Sequence[Person], wishes: Sequence[PlanWish]) -> tuple[list[Person], tuple[UUID, ...]]:
    without = {wish.principal_id for wish in wishes if wish.kind is WishKind.EXCLUDED}
    return [person for person in people if person.id not in without], tuple(without)


def _fixed(wishes: Sequence[PlanWish]) -> dict[UUID, int]:
    fixed = [wish for wish in wishes if wish.kind is WishKind.FIXED]
    return {wish.principal_id: wish.number for wish in fixed if wish.number is not None}


def _groups(plan: Plan, people: int, before: int, fixed: Mapping[UUID, int]) -> int:
    """As many as before, as long as that is possible."""
    least, most, wanted = (plan.parameters[name] for name in ("least", "most", "groups"))
    is_kept = before > 0 and wanted is None and before * least <= people <= before * most
    return max(before if is_kept else how_many_groups(plan.parameters, people), *fixed.values(), 1)


def _hosts(plan: Plan, before: Sequence[PlanGroup], fixed: Mapping[UUID, int]) -> dict[int, str]:
    """Those that were asked for. A group in which somebody is fixed stays where it met: else it would be any group."""
    kept = {group.number: group.host_code for group in before if group.number in fixed.values()}
    return kept | dict(enumerate(plan.parameters["hosts"], 1))


def as_it_stands(
    session: Session,
    plan: Plan,
    ground: Ground,
    places: Mapping[UUID, PlanPlace],
    *,
    groups: int,
    fixed: Mapping[UUID, int] | None = None,
) -> Problem:
    """The problem of a plan that was computed: what it weighs of its people as they are placed now."""
    before = {id: place.previous for id, place in places.items() if place.previous is not None}
    if not before and plan.parameters["stay"]:
        before = _numbered(current_homes(session, plan.delegation_id))
    wishes = wishes_of(session, plan.id)
    return problem_of(ground, plan.parameters, groups, wishes, fixed=fixed, previous=before)


def _numbered(homes: Mapping[UUID, UUID]) -> dict[UUID, int]:
    numbers = {home: number for number, home in enumerate(sorted(set(homes.values())), 1)}
    return {id: numbers[home] for id, home in homes.items()}


def names_of_groups(session: Session, delegation_id: UUID, hosts: Sequence[str]) -> list[dict[str, str]]:
    """By the zone of the host where no other group meets in that zone, else by the host itself."""
    found = select(School.code, School.name_fr, School.name_ar, School.zone_id, Zone.name_fr, Zone.name_ar)
    rows = session.execute(found.outerjoin(Zone, Zone.id == School.zone_id).where(among(session, School.code, hosts)))
    schools = {row[0]: row for row in rows}
    zones = [schools[code][3] if code in schools else None for code in hosts]
    return _told_apart(
        [
            _named(code, schools.get(code), zone and zones.count(zone) == 1)
            for code, zone in zip(hosts, zones, strict=True)
        ]
    )


def _told_apart(names: list[dict[str, str]]) -> list[dict[str, str]]:
    """Many schools bear one and the same name: groups that would, too, are numbered."""
    counts = Counter(name for each in names for name in each.values())
    return [
        {key: f"{name} ({number})" if counts[name] > 1 else name for key, name in each.items()}
        for number, each in enumerate(names, 1)
    ]


def _named(code: str, row: Sequence | None, is_by_zone: object) -> dict[str, str]:
    if row is None:
        return {name: form.format(code) for name, form in NAMES.items()}
    name_fr, name_ar = row[4:6] if is_by_zone else row[1:3]
    return {"name_fr": NAMES["name_fr"].format(name_fr), "name_ar": NAMES["name_ar"].format(name_ar)}


def count_plannable(session: Session, delegation_id: UUID, today: date, *, without: Collection[UUID]) -> int:
    here = select(func.count()).select_from(Principal).where(Principal.delegation_id == delegation_id, present(today))
    return session.scalar(here.where(Principal.id.not_in(without))) or 0


def delegations_to_plan(session: Session, actor: Actor, today: date) -> list[tuple[UUID, int]]:
    """Those in the caller's reach that have principals, and how many."""
    counted = select(Principal.delegation_id, func.count()).group_by(Principal.delegation_id)
    mine = counted.where(units.in_reach_of(actor, Principal.delegation_id), present(today))
    return [(id, people) for id, people in session.execute(mine.order_by(Principal.delegation_id))]


def living_principals(session: Session, delegation_id: UUID, principal_ids: Collection[UUID]) -> Sequence[UUID]:
    """Those who belong to the Delegation; held until the end of the transaction, so that nobody is erased meanwhile."""
    here = among(session, Principal.id, list(principal_ids))
    living = here & (Principal.delegation_id == delegation_id) & Principal.erased_at.is_(None)
    return session.scalars(select(Principal.id).where(living).order_by(Principal.id).with_for_update(read=True)).all()


def known_schools(session: Session, delegation_id: UUID, codes: Sequence[str]) -> set[str]:
    here = select(School.code).where(School.delegation_id == delegation_id, among(session, School.code, list(codes)))
    return set(session.scalars(here))


def ways_known(session: Session, delegation_id: UUID, ways: Sequence[tuple[str, str]]) -> dict[tuple[str, str], float]:
    """Of these, from one school to the other; call it with no more than a thousand."""
    here = (Distance.delegation_id == delegation_id) & tuple_(Distance.from_code, Distance.to_code).in_(ways)
    found = session.execute(select(Distance.from_code, Distance.to_code, Distance.km).where(here))
    return {(start, end): km for start, end, km in found}


def count_distances(session: Session, delegation_id: UUID) -> int:
    mine = select(func.count()).select_from(Distance).where(Distance.delegation_id == delegation_id)
    return session.scalar(mine) or 0
