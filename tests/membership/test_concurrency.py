"""What two do at the same moment, on the database that lets them."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from bells import somebody_waits_for_a_lock
from crowds import at_once, loaded_by_all_before_any_goes_on, statuses

from membership.communities import queries as communities_queries
from membership.communities.model.community import Community
from membership.elections.model.election import Election
from membership.joining.model.membership import Membership
from membership.organisation.model.organisation import Delegation
from shared.domain.actor import Role
from shared.events import CommunityPlanned, CoordinatorElected, DelegationRegistered, MemberInvited, MemberJoined
from shared.testing.waiting import eventually

pytestmark = pytest.mark.both_databases


def test_one_post_sent_ten_times_with_one_key_plans_one_community(postgres_province):
    province = postgres_province
    path, names = f"/v1/delegations/{province.delegation_id}/communities", {"name_fr": "Atlas", "name_ar": "أطلس"}
    officer = province.driven.call(Role.DELEGATION_OFFICER, id="rabia", unit_id=province.delegation_id)
    key = {"Idempotency-Key": "plan of 2026"}
    answers = at_once(*[lambda: officer.post(path, names, headers=dict(key))] * 10)
    assert statuses(answers) == [201] * 10
    assert len({answer.data for answer in answers}) == 1
    assert len(province.driven.told(CommunityPlanned)) == 1
    assert len(officer.get(path).json["items"]) == 1
    other = officer.post(path, names | {"name_fr": "Rif"}, headers=dict(key))
    assert (other.status_code, other.json["code"]) == (422, "request.key_reused")


def test_two_homes_accepted_at_once_are_one_home(postgres_province, attitudes):
    province = postgres_province
    (person,) = province.people(1)
    homes = [province.plan(), province.plan()]
    for home in homes:
        province.invite(home, person)
    yes = {"attitudes": attitudes}
    acceptances = [
        lambda home=home: province.principal(person).post(f"{home}/invitations/accept", yes) for home in homes
    ]
    with loaded_by_all_before_any_goes_on(Membership, 2):
        answers = at_once(*acceptances)
    assert statuses(answers) == [200, 409]
    assert len(province.driven.told(MemberJoined)) == 1


def test_yes_and_no_at_once_are_one_answer(postgres_province, attitudes):
    province = postgres_province
    (person,) = province.people(1)
    community = province.plan()
    province.invite(community, person)
    here = f"{community}/invitations"
    with loaded_by_all_before_any_goes_on(Membership, 2):
        answers = at_once(
            lambda: province.principal(person).post(f"{here}/accept", {"attitudes": attitudes}),
            lambda: province.principal(person).post(f"{here}/decline"),
        )
    assert statuses(answers) == [200, 409]


def test_nobody_asks_to_join_what_is_being_dissolved(postgres_province, attitudes):
    """Else they would wait for an answer that nobody can give any more."""
    province, (person,) = postgres_province, postgres_province.people(1)
    path, sessions = province.plan(), province.driven.sessions
    with ThreadPoolExecutor(1) as crew:
        with sessions.transaction() as session:
            community = communities_queries.community(session, UUID(path.split("/")[-1]), lock=True)
            community.dissolve("Trop peu de membres", now=datetime.now(UTC))
            session.flush()
            asking = crew.submit(province.principal(person).post, f"{path}/requests", {"attitudes": attitudes})
            eventually(lambda: asking.done() or somebody_waits_for_a_lock(sessions))
        assert asking.result().status_code == 404


def test_all_who_vote_at_once_are_counted_and_the_last_closes(postgres_province):
    province = postgres_province
    circle = province.circle(8)
    election, receipts = circle.opened(0, 1), [secrets.token_urlsafe(24) for _ in range(8)]
    votes = [lambda voter=voter: circle.vote(election, voter, voter % 2, receipts[voter]) for voter in range(8)]
    with loaded_by_all_before_any_goes_on(Election, 8):
        assert statuses(at_once(*votes)) == [204] * 8
    counted = province.officer.get(election).json
    assert (counted["state"], counted["voted"]) == ("elected", 8)
    assert {ballot["receipt"] for ballot in counted["ballots"]} == set(receipts)
    assert [told.voted for told in province.driven.told(CoordinatorElected)] == [8]


def test_two_votes_of_one_voter_at_once_are_one_vote(postgres_province):
    circle = postgres_province.circle(3)
    election = circle.opened(0, 1)
    with loaded_by_all_before_any_goes_on(Election, 2):
        answers = at_once(lambda: circle.vote(election, 2, 0), lambda: circle.vote(election, 2, 1))
    assert statuses(answers) == [204, 409]
    assert postgres_province.officer.get(election).json["voted"] == 1


def test_a_vote_sent_again_while_the_first_is_under_way_counts_once(postgres_province):
    circle = postgres_province.circle(3)
    election = circle.opened(0)
    answers = at_once(*[lambda: circle.vote(election, 2, 0, "r" * 22)] * 4)
    assert statuses(answers) == [204] * 4
    assert postgres_province.officer.get(election).json["voted"] == 1


def test_principals_invited_twice_at_once_are_invited_once(postgres_province):
    province = postgres_province
    people, community = province.people(5), province.plan()
    with loaded_by_all_before_any_goes_on(Community, 2):
        answers = at_once(*[lambda: province.invite(community, *people)] * 2)
    assert statuses(answers) == [200, 200]
    assert sorted(len(answer.json["invited"]) for answer in answers) == [0, 5]
    assert len(province.driven.told(MemberInvited)) == 5


def test_an_election_called_twice_at_once_is_called_once(postgres_province):
    circle = postgres_province.circle(2)
    answers = at_once(*[lambda: postgres_province.officer.post(f"{circle.path}/elections")] * 3)
    assert statuses(answers) == [201, 409, 409]


def test_a_coordinator_confirmed_while_leaving_is_no_coordinator(postgres_province):
    circle = postgres_province.circle(2)
    election = circle.elected(0)
    at_once(
        lambda: postgres_province.officer.post(f"{election}/confirm"),
        lambda: circle.member(0).post(f"{circle.path}/leave"),
    )
    assert postgres_province.officer.get(circle.path).json["coordinator_id"] is None


def test_one_file_imported_twice_at_once_is_imported_once(postgres_province):
    province = postgres_province
    file = "code,cycle,name_fr,name_ar\n" + "".join(f"A{number},primary,A,B\n" for number in range(100))
    answers = at_once(*[lambda: province.send("schools", file)] * 3)
    assert set(statuses(answers)) <= {200, 409} and 200 in statuses(answers)
    assert len(province.stored("schools")) == 101
    assert len(province.driven.told()) == 102


def test_a_delegation_entered_twice_at_once_is_there_once(postgres_province):
    province, wish = postgres_province, {"code": uuid4().hex[:8], "name_fr": "Fès", "name_ar": "فاس"}
    with loaded_by_all_before_any_goes_on(Delegation, 3):
        answers = at_once(*[lambda: province.ministry.post("/v1/delegations", wish)] * 3)
    assert set(statuses(answers)) <= {201, 409}
    assert len(province.driven.told(DelegationRegistered)) == 2
