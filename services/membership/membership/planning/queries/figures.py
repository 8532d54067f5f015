"""The figures of a division: sizes, mix, travel, who is far, which zones are cut."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from membership.organisation import Cycle
from membership.people import Gender

from ..model.plan_parts import PlacedBy
from .ground import Array, Ground


def figures_of(
    ground: Ground, numbers: Array, kilometres: Array, hosts: Sequence[str], parameters: Mapping[str, Any]
) -> dict[str, Any]:
    """`numbers` are groups counted from 1, one for each of the ground's people; `hosts` are codes, group by group."""
    groups = [_group(ground, numbers, kilometres, number, code) for number, code in enumerate(hosts, 1)]
    return {
        "people": len(ground.people),
        "groups": groups,
        **travel(kilometres),
        "far": int((kilometres > parameters["farthest_km"]).sum()),
        "zones_cut": _zones_cut(ground, numbers),
        "placed_by": {str(by): count for by, count in _counted(PlacedBy, ground.placed_by).items()},
        "distances_given": ground.given,
        "distances_as_the_crow_flies": _as_the_crow_flies(ground),
        "absent": ground.absent,
        "excluded": len(ground.excluded),
    }


def travel(kilometres: Array) -> dict[str, float]:
    is_empty = len(kilometres) == 0
    return {
        "total_km": round(float(kilometres.sum()), 1),
        "median_km": 0.0 if is_empty else round(float(np.median(kilometres)), 1),
        "worst_km": 0.0 if is_empty else round(float(kilometres.max()), 1),
    }


def _group(ground: Ground, numbers: Array, kilometres: Array, number: int, code: str) -> dict[str, Any]:
    mine = [person for person, theirs in zip(ground.people, numbers, strict=True) if theirs == number]
    return {
        "group": number,
        "host_code": code,
        "size": len(mine),
        "cycles": _counted(Cycle, [person.cycle for person in mine]),
        "genders": _counted(Gender, [person.gender for person in mine]),
        "zones": len({person.zone_id for person in mine if person.zone_id}),
        **travel(kilometres[numbers == number]),
    }


def _counted(words: Any, found: Sequence[Any]) -> dict[str, int]:
    counts = Counter(found)
    return {word.value: counts[word] for word in words}


def _zones_cut(ground: Ground, numbers: Array) -> int:
    """Zones whose people are in more than one group."""
    homes: dict[Any, set[int]] = {}
    for person, number in zip(ground.people, numbers, strict=True):
        homes.setdefault(person.zone_id, set()).add(int(number))
    return sum(len(groups) > 1 for zone, groups in homes.items() if zone)


def _as_the_crow_flies(ground: Ground) -> int:
    """Pairs that a matrix left out; where none was given there is nothing to count."""
    pairs = sum(person.school_code != code for person in ground.people for code in set(ground.hosts))
    return pairs - ground.given if ground.given else 0
