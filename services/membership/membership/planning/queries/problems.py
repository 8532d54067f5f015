"""A plan put to the planner: its people, wishes and parameters as arrays; and what is missed of its bounds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np

from membership.organisation import Cycle
from membership.people import Gender

from ..model.plan_parts import PlanWish, WishKind
from ..planner.bounds import groups_for
from ..planner.problem import Mix, Problem, Shortfall, Wishes
from .ground import Array, Ground

NONE = -1  # no group, no zone, free


@dataclass(frozen=True)
class Draft:
    """All that the planner needs, read in one go, and what its answer will be written down by.

    `previous` are the groups, counted from 1, that an earlier computation of this plan has given.
    """

    ground: Ground
    problem: Problem
    parameters: Mapping[str, Any]
    fixed: frozenset[UUID]
    previous: Mapping[UUID, int]


def how_many_groups(parameters: Mapping[str, Any], people: int) -> int:
    wanted = parameters["groups"] or groups_for(people, parameters["least"], parameters["most"], parameters["wanted"])
    return max(wanted, len(parameters["hosts"]), 1)


def problem_of(
    ground: Ground,
    parameters: Mapping[str, Any],
    groups: int,
    wishes: Sequence[PlanWish] = (),
    *,
    fixed: Mapping[UUID, int] | None = None,
    previous: Mapping[UUID, int] | None = None,
    hosts: Mapping[int, str] | None = None,
) -> Problem:
    """`fixed`, `previous` and the groups of `hosts` are counted from 1."""
    return Problem(
        distances=ground.distances,
        groups=groups,
        least=parameters["least"],
        most=parameters["most"],
        weights=np.ones(len(ground.people)),
        mixes=mixes_of(ground, parameters),
        zones=_numbered([person.zone_id for person in ground.people]),
        previous=_groups(ground, previous or {}),
        fixed=_groups(ground, fixed or {}),
        hosts_fixed=_hosts(ground, hosts or {}, groups),
        wishes=_wishes(ground, parameters, wishes),
    )


def mixes_of(ground: Ground, parameters: Mapping[str, Any]) -> tuple[Mix, ...]:
    cycles = [_mix(ground, "cycle", cycle) for cycle in Cycle] if parameters["mix_cycles"] else []
    genders = [_mix(ground, "gender", gender) for gender in Gender] if parameters["mix_genders"] else []
    return (*cycles, *genders)


def _mix(ground: Ground, name: str, word: Cycle | Gender) -> Mix:
    return Mix(word.value, np.array([getattr(person, name) is word for person in ground.people], dtype=bool))


def _numbered(ids: Sequence[UUID | None]) -> Array:
    numbers = {id: number for number, id in enumerate(dict.fromkeys(id for id in ids if id))}
    return np.array([numbers[id] if id else NONE for id in ids], dtype=int)


def _groups(ground: Ground, numbers: Mapping[UUID, int]) -> Array:
    return np.array([numbers.get(person.id, NONE + 1) - 1 for person in ground.people], dtype=int)


def _hosts(ground: Ground, codes: Mapping[int, str], groups: int) -> tuple[int, ...] | None:
    """Some groups meet at schools that were asked for; the others wherever is best."""
    if not codes:
        return None
    places = {number: ground.hosts.index(code) for number, code in codes.items()}
    return tuple(places.get(number, NONE) for number in range(1, groups + 1))


def _wishes(ground: Ground, parameters: Mapping[str, Any], wishes: Sequence[PlanWish]) -> Wishes:
    weighed = {name: parameters[name] for name in ("zone", "stay", "farthest", "farthest_km")}
    rows = ground.rows
    here = [wish for wish in wishes if wish.principal_id in rows and wish.other_id in rows]
    return Wishes(
        **weighed,
        together=tuple(_pairs(rows, here, WishKind.TOGETHER)),
        apart=tuple(_pairs(rows, here, WishKind.APART)),
    )


def _pairs(rows: Mapping[UUID, int], wishes: Sequence[PlanWish], kind: WishKind) -> list[tuple[int, int, float]]:
    return [
        (rows[wish.principal_id], rows[wish.other_id], wish.km)
        for wish in wishes
        if wish.kind is kind and wish.other_id is not None and wish.km is not None
    ]


def told(shortfall: Shortfall) -> dict[str, Any]:
    """As it is saved; groups are counted from 1 wherever people read them."""
    return {
        "bound": shortfall.bound,
        "name": shortfall.name,
        "group": None if shortfall.group is None else int(shortfall.group) + 1,
        "missing": float(shortfall.missing),
    }
