"""How far an office reaches: its unit and all below; of one unit or of a whole list, the answer is the same."""

from uuid import UUID

import pytest
from sqlalchemy import select

from shared.domain import units
from shared.domain.actor import Actor, Role
from shared.domain.units import Unit

MINISTRY, NORTH, SOUTH, FES, TAZA, ZONE, ROUND, AND_ROUND, ALONE = (UUID(int=number) for number in range(1, 10))
TREE = {MINISTRY: None, NORTH: MINISTRY, SOUTH: MINISTRY, FES: NORTH, TAZA: NORTH, ZONE: FES}
CIRCLE = {ROUND: AND_ROUND, AND_ROUND: ROUND}  # which nobody should tell, and somebody will
EVERYWHERE = {*TREE, *CIRCLE}

REACH = {
    (Role.MINISTRY_ADMINISTRATOR, None): EVERYWHERE,
    (Role.ACADEMY_OFFICER, NORTH): {NORTH, FES, TAZA, ZONE},
    (Role.ACADEMY_OFFICER, SOUTH): {SOUTH},
    (Role.DELEGATION_OFFICER, FES): {FES, ZONE},
    (Role.PORTAL, TAZA): {TAZA},
    (Role.PORTAL, ROUND): {ROUND, AND_ROUND},
    (Role.DELEGATION_OFFICER, ALONE): set(),
    (Role.DELEGATION_OFFICER, None): set(),
    (Role.SERVICE, FES): set(),
}


@pytest.fixture
def tree(sessions):
    with sessions.transaction() as session:
        for unit, parent in {**TREE, **CIRCLE}.items():
            units.place(session, unit, parent)
    return sessions


@pytest.mark.parametrize(("office", "reach"), REACH.items(), ids=lambda value: "-".join(map(str, value))[:40])
def test_an_office_reaches_its_unit_and_all_below(tree, office, reach):
    role, unit_id = office
    actor = Actor("somebody", role, unit_id)
    with tree.reader() as session:
        one_by_one = {unit for unit in EVERYWHERE if units.reaches(session, actor, unit)}
        in_a_list = set(session.scalars(select(Unit.id).where(units.in_reach_of(actor, Unit.id))))
    assert (one_by_one, in_a_list) == (reach, reach)


def test_a_unit_of_which_nothing_was_told_is_reached_by_its_own_office_alone(tree):
    own, other = Actor("o", Role.DELEGATION_OFFICER, ALONE), Actor("o", Role.ACADEMY_OFFICER, NORTH)
    with tree.reader() as session:
        assert [units.reaches(session, actor, ALONE) for actor in (own, other)] == [True, False]


def test_a_unit_that_moves_is_reached_from_where_it_is_now(tree):
    with tree.transaction() as session:
        units.place(session, FES, SOUTH)
    north, south = (Actor("o", Role.ACADEMY_OFFICER, unit) for unit in (NORTH, SOUTH))
    with tree.reader() as session:
        assert [units.reaches(session, actor, ZONE) for actor in (north, south)] == [False, True]
