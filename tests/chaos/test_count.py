"""The count itself: what it must find in a handful of effects."""

from uuid import UUID

from chaos.count import Verdict, judge

ONE, OTHER = UUID(int=1), UUID(int=2)
NO_DAMAGE = {"lost": 0, "duplicates": 0, "disorder": 0, "unfounded": 0, "withdrawn": 0}


def verdict(**damage: int) -> Verdict:
    return Verdict(**{"committed": 3, "effects": 3} | NO_DAMAGE | damage)


def test_each_change_once_and_in_order_is_clean():
    found = judge({ONE: 2, OTHER: 1}, [(ONE, 1), (OTHER, 1), (ONE, 2)])
    assert found == verdict()
    assert found.is_clean


def test_a_change_without_effect_is_lost():
    assert judge({ONE: 2, OTHER: 1}, [(ONE, 1), (OTHER, 1)]) == verdict(effects=2, lost=1)


def test_a_second_effect_is_a_duplicate_and_no_disorder():
    effects = [(ONE, 1), (ONE, 2), (OTHER, 1), (ONE, 1)]
    assert judge({ONE: 2, OTHER: 1}, effects) == verdict(effects=4, duplicates=1)


def test_an_effect_after_that_of_a_later_change_is_disorder():
    assert judge({ONE: 3}, [(ONE, 1), (ONE, 3), (ONE, 2)]) == verdict(disorder=1)


def test_a_gap_that_is_never_filled_is_lost_and_no_disorder():
    assert judge({ONE: 3}, [(ONE, 1), (ONE, 3)]) == verdict(effects=2, lost=1)


def test_an_effect_of_what_was_never_committed_is_unfounded():
    assert judge({ONE: 3}, [(ONE, 1), (ONE, 2), (ONE, 3), (ONE, 4)]) == verdict(effects=4, unfounded=1)


def test_a_commit_that_was_promised_and_is_not_there_was_withdrawn():
    effects = [(ONE, 1), (ONE, 2), (ONE, 3)]
    assert judge({ONE: 3}, effects, promised=[(ONE, 2), (ONE, 4)]) == verdict(withdrawn=1)


def test_any_damage_is_not_clean():
    assert not any(verdict(**{kind: 1}).is_clean for kind in NO_DAMAGE)
