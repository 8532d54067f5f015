"""Counting: most votes, then rotation, then seniority, then a lot that anyone can draw again."""

import hashlib
from collections import Counter
from datetime import date
from uuid import UUID

import pytest

from membership.elections.model.ballots import BallotBox, Candidate
from membership.elections.model.counting import Predecessor, choose, lot
from membership.organisation.model.organisation import Cycle
from membership.people.model.people import Gender

A, B, C, D = (UUID(int=number) for number in range(1, 5))
WOMAN, MAN = Gender.FEMALE, Gender.MALE
PRIMARY, LOWER, UPPER = Cycle.PRIMARY, Cycle.LOWER_SECONDARY, Cycle.UPPER_SECONDARY


def stands(principal_id: UUID, gender=WOMAN, cycle=PRIMARY, since: int = 2010) -> Candidate:
    return Candidate(
        principal_id=principal_id, statement="", gender=gender, cycle=cycle, appointed_on=date(since, 9, 1)
    )


def chosen(votes: dict[UUID, int], *candidates: Candidate, before: Predecessor | None = None, seed: str = "seed"):
    forwards = choose(Counter(votes), list(candidates), before, seed)
    assert choose(Counter(votes), list(reversed(candidates)), before, seed) == forwards
    return forwards


def test_most_votes_win_whoever_came_before():
    before = Predecessor(WOMAN, PRIMARY)
    candidates = (stands(A), stands(B, MAN, UPPER, since=1999), stands(C))
    assert chosen({A: 3, B: 2}, *candidates, before=before) == (A, "votes")
    assert chosen({C: 1}, *candidates, before=before) == (C, "votes")


@pytest.mark.parametrize(
    ("before", "winner"),
    [
        (Predecessor(WOMAN, LOWER), (B, "rotation")),
        (Predecessor(MAN, LOWER), (A, "rotation")),
    ],
)
def test_a_tie_goes_first_to_the_other_gender(before, winner):
    candidates = (stands(A, WOMAN, LOWER, since=2015), stands(B, MAN, LOWER, since=2015))
    assert chosen({A: 2, B: 2}, *candidates, before=before) == winner


def test_among_the_same_gender_a_tie_goes_to_another_cycle():
    candidates = (stands(A, MAN, PRIMARY), stands(B, MAN, UPPER), stands(C, WOMAN, UPPER))
    tied = {A: 2, B: 2, C: 2}
    assert chosen(tied, *candidates, before=Predecessor(WOMAN, PRIMARY)) == (B, "rotation")
    assert chosen({A: 2, B: 2, C: 1}, *candidates, before=Predecessor(MAN, PRIMARY)) == (B, "rotation")


def test_gender_comes_before_cycle():
    candidates = (stands(A, MAN, PRIMARY), stands(B, WOMAN, UPPER))
    assert chosen({A: 1, B: 1}, *candidates, before=Predecessor(WOMAN, PRIMARY)) == (A, "rotation")


def test_what_rotation_cannot_tell_apart_seniority_does():
    candidates = (stands(A, since=2012), stands(B, since=2008), stands(C, since=2001))
    for before in (None, Predecessor(WOMAN, PRIMARY), Predecessor(MAN, UPPER)):
        assert chosen({A: 2, B: 2, C: 1}, *candidates, before=before) == (B, "seniority")


def test_rotation_narrows_before_seniority_decides():
    candidates = (stands(A, WOMAN, since=1990), stands(B, MAN, since=2008), stands(C, MAN, since=2001))
    assert chosen({A: 1, B: 1, C: 1}, *candidates, before=Predecessor(WOMAN, UPPER)) == (C, "seniority")


def test_the_lot_can_be_drawn_again_by_anybody():
    candidates = (stands(A), stands(B), stands(C), stands(D, since=2020))
    winners = set()
    for number in range(40):
        seed = f"seed {number}"
        drawn = {person: hashlib.sha256(f"{seed}:{person}".encode()).hexdigest() for person in (A, B, C)}
        winner, decided_by = chosen({A: 1, B: 1, C: 1, D: 1}, *candidates, seed=seed)
        assert (winner, decided_by) == (min(drawn, key=drawn.get), "lot")
        assert lot(seed, A) == drawn[A]
        winners.add(winner)
    assert winners == {A, B, C}


def test_the_box_tells_nothing_of_the_order_of_voting():
    orders: Counter[str] = Counter()
    for _ in range(1200):
        box = BallotBox(ballots=[])
        for receipt in "abc":
            box.take(receipt, A)
        orders["".join(ballot["receipt"] for ballot in box.ballots)] += 1
    assert set(orders) == {"abc", "acb", "bac", "bca", "cab", "cba"}
    assert min(orders.values()) > 120  # 200 expected; by chance this fails once in some thousand million runs


def test_the_box_finds_a_receipt_with_its_choice():
    box = BallotBox(ballots=[])
    box.take("a", A)
    assert (box.holds("a"), box.holds("a", A), box.holds("a", B), box.holds("b")) == (True, True, False, False)
    box.take("b", A)
    assert box.tally() == Counter({A: 2})
