"""Officers, mouvements and answers at the same moment on the same people: nothing is lost, nobody is in two places."""

import random
from collections import Counter
from itertools import pairwise
from uuid import UUID

import pytest
from crowds import at_once, loaded_by_all_before_any_goes_on, statuses
from movers import Movers, in_days, movers_in
from sqlalchemy import func, select

from membership.joining.model.membership import Membership, MembershipState
from membership.joining.model.stay import Stay
from membership.people.model.people import Principal
from membership.people.model.posting import Posting
from shared.events import MemberJoined, MemberLeft

pytestmark = pytest.mark.both_databases

ROUNDS = 12


@pytest.fixture
def movers(postgres_province) -> Movers:
    movers = movers_in(postgres_province)
    movers.schools("ABCDEFGH")
    movers.heads("ABCDEF")
    return movers


def test_two_mouvements_at_once_of_one_principal_are_one(movers):
    with loaded_by_all_before_any_goes_on(Principal, 2):
        answers = at_once(lambda: movers.move({"a": "G"}, days=1), lambda: movers.move({"a": "H"}, days=1))
    assert statuses(answers) == [200, 422]
    assert [len(held) for held in (movers.history("a"), movers.history("b"))] == [2, 1]


def test_two_mouvements_at_once_into_one_post_are_one(movers):
    answers = at_once(lambda: movers.move({"a": "G"}), lambda: movers.move({"b": "G"}))
    assert statuses(answers) == [200, 422]
    assert Counter("".join(movers.posts().values())) == Counter("abcdef")


def test_a_correction_and_a_mouvement_at_once_leave_one_post(movers):
    answers = at_once(lambda: movers.move({"a": "G"}, days=3), lambda: movers.enter({"a": "H"}))
    assert sound(movers) == []
    assert answers and movers.posts(4)["G"] + movers.posts(4)["H"] == "a"


def test_who_is_erased_while_being_moved_gets_no_post(movers, postgres_province):
    ministry, person = postgres_province.ministry, movers.ids["a"]
    with loaded_by_all_before_any_goes_on(Principal, 2):
        answers = at_once(
            lambda: movers.move({"a": "G"}, days=1),
            lambda: ministry.post(f"/v1/principals/{person}/erase", {"reason": "own_wish"}),
        )
    assert {answer.status_code for answer in answers} <= {200, 409, 422}
    if any("erased_at" in (answer.json or {}) for answer in answers):
        assert movers.history("a") == [("erased", "2010-01-01", None)]


def test_two_officers_and_a_mouvement_at_once_on_one_community(movers, postgres_province, attitudes):
    """Round after round: invitations to two homes, answers to them, mouvements and their undoing, all at once."""
    province, chance = postgres_province, random.Random(4)
    homes, free = [province.plan(), province.plan()], ["G", "H"]
    posts, done = {ppr: ppr.upper() for ppr in "abcdef"}, 0
    for _ in range(ROUNDS):
        ppr, other = chance.sample(sorted(posts), 2)
        moves = {ppr: chance.choice(free), other: posts[ppr]}
        answers = at_once(
            lambda moves=moves: movers.move(moves, days=0, community="follow"),
            lambda who=movers.ids[other]: province.invite(homes[0], who, movers.ids["a"]),
            lambda who=movers.ids[ppr]: province.invite(homes[1], who, movers.ids["a"]),
            *[lambda home=home, who=who: says_yes(province, home, who, attitudes)
              for home in homes for who in (movers.ids[ppr], movers.ids[other])],
        )  # fmt: skip
        # 403: whoever was invited between the two questions of the guard may know of it, and was not asked before.
        assert {answer.status_code for answer in answers} <= {200, 403, 404, 409, 422}
        assert sound(movers) == []
        moved = next(answer for answer in answers if "moves" in (answer.json or {}))
        done += 1
        assert movers.undo(moved.json["operation_id"]).status_code == 200
        assert sound(movers) == []
        assert {ppr: code for code, ppr in movers.posts().items() if ppr} == posts
    assert done == ROUNDS
    told = [len(province.driven.told(kind)) for kind in (MemberJoined, MemberLeft)]
    assert told[0] - told[1] == len(members(movers)) and told[0] > 0 and told[1] > 0


def says_yes(province, home: str, person: UUID, attitudes):
    return province.principal(person).post(f"{home}/invitations/accept", {"attitudes": attitudes})


def sound(movers: Movers) -> list[str]:
    """What is wrong: two posts on one day, two homes, a membership without its stay, a stay without its membership."""
    wrong = []
    with movers.driven.sessions.reader() as session:
        open_posts = select(Posting.principal_id).where(Posting.ends_on.is_(None))
        per_person = open_posts.group_by(Posting.principal_id).having(func.count() != 1)
        wrong += [f"{id} has not one post" for id in session.scalars(per_person)]
        spans = session.scalars(select(Posting).order_by(Posting.principal_id, Posting.starts_on)).all()
        wrong += [
            f"{one.principal_id} has a gap or two posts at once"
            for one, next_one in pairwise(spans)
            if one.principal_id == next_one.principal_id and one.ends_on != next_one.starts_on
        ]
        open_stays = select(Stay.community_id, Stay.principal_id).where(Stay.left_at.is_(None))
        stays = {tuple(row) for row in session.execute(open_stays)}
    at_home = Counter(person for _, person in members(movers))
    wrong += [f"{person} has {count} homes" for person, count in at_home.items() if count > 1]
    return wrong + [f"{pair} differs" for pair in stays ^ members(movers)]


def members(movers: Movers) -> set[tuple[UUID, UUID]]:
    with movers.driven.sessions.reader() as session:
        current = select(Membership.community_id, Membership.principal_id)
        return {tuple(row) for row in session.execute(current.where(Membership.state == MembershipState.MEMBER))}


def test_accepted_while_being_transferred_is_told_in_one_order(movers, postgres_province, attitudes):
    province, person = postgres_province, movers.ids["a"]
    home = province.plan()
    province.invite(home, person)
    at_once(
        lambda: movers.move({"a": "retired"}, community="follow"),
        lambda: says_yes(province, home, person, attitudes),
    )
    assert sound(movers) == []
    answer = province.officer.get(f"/v1/principals/{person}/history").json
    assert answer["postings"][0]["absence"] == "retired" and answer["postings"][0]["starts_on"] == in_days(0)
