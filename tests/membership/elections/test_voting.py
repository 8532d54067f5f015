"""The rules of an election, with nothing around them: whole events, no database."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from peers import code_of, new_community, new_principal

from membership.elections.model.ballots import Candidate
from membership.elections.model.election import Election
from membership.organisation.model.organisation import Cycle
from membership.people.model.people import Principal
from shared.domain.refusals import Invalid
from shared.events import (
    CoordinatorConfirmed,
    CoordinatorElected,
    CoordinatorRefused,
    ElectionFailed,
    ElectionOpened,
)

pytestmark = pytest.mark.both_databases

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
IN_A_WEEK = NOW + timedelta(days=7)


def called(*candidates: Principal, **rules) -> Election:
    election = Election.call(new_community(**rules), is_under_way=False)
    for candidate in candidates:
        election.stand(candidate, "À votre service")
    return election


def opened(candidate: Principal, voters: list[UUID], **rules) -> Election:
    election = called(candidate, **rules)
    election.open([candidate.id, *voters], closes_at=IN_A_WEEK, now=NOW)
    election.forget_recorded()
    return election


def test_the_roll_is_frozen_and_told_when_the_vote_opens():
    stays, leaves, voter = new_principal(), new_principal(), uuid4()
    election = called(stays, leaves)
    election.open([stays.id, voter], closes_at=IN_A_WEEK, now=NOW)
    ids = {"election_id": election.id, "community_id": election.community_id}
    assert election.recorded == [ElectionOpened(**ids, voter_ids=[stays.id, voter], closes_at=IN_A_WEEK)]
    assert [candidate.principal_id for candidate in election.candidates] == [stays.id]
    assert (election.entitled, election.voted, election.needed) == (2, 0, 1)


def test_a_vote_does_not_open_without_somebody_who_still_is_a_member():
    election = called(new_principal())
    assert code_of(lambda: election.open([uuid4()], closes_at=IN_A_WEEK, now=NOW)) == "election.no_candidate"


@pytest.mark.parametrize("lasts", [timedelta(), timedelta(minutes=59), timedelta(days=61), -timedelta(days=1)])
def test_a_vote_is_open_for_an_hour_to_sixty_days(lasts):
    person = new_principal()
    election = called(person)
    assert code_of(lambda: election.open([person.id], closes_at=NOW + lasts, now=NOW)) == "election.bad_closing"


def test_nobody_stands_twice_and_no_election_begins_while_one_is_under_way():
    person = new_principal()
    assert code_of(lambda: called(person, person)) == "election.already_stands"
    assert code_of(lambda: Election.call(new_community(), is_under_way=True)) == "election.under_way"


def test_one_vote_each():
    candidate, voter = new_principal(), uuid4()
    election = opened(candidate, [voter])
    election.vote(voter, choice=candidate.id, receipt="a" * 22, now=NOW)
    again = {"choice": candidate.id, "receipt": "b" * 22, "now": NOW}
    assert code_of(lambda: election.vote(voter, **again)) == "election.already_voted"
    assert code_of(lambda: election.vote(uuid4(), **again)) == "election.not_on_roll"
    assert (election.voted, len(election.box.ballots)) == (1, 1)


def test_the_same_vote_sent_twice_counts_once_even_after_the_closing():
    candidate, voter = new_principal(), uuid4()
    election = opened(candidate, [voter])
    vote = {"choice": candidate.id, "receipt": "a" * 22}
    election.vote(voter, **vote, now=NOW)
    election.vote(voter, **vote, now=NOW)
    election.close(None, lot_seed="seed")
    election.vote(voter, **vote, now=IN_A_WEEK)
    assert election.ballots == [{"receipt": "a" * 22, "choice": str(candidate.id)}]


def test_what_is_no_good_vote_leaves_the_voter_free_to_vote():
    candidate, first, voter = new_principal(), uuid4(), uuid4()
    election = opened(candidate, [first, voter])
    election.vote(first, choice=candidate.id, receipt="a" * 22, now=NOW)
    for choice, receipt, now, code in (
        (uuid4(), "b" * 22, NOW, "election.unknown_candidate"),
        (candidate.id, "a" * 22, NOW, "election.receipt_taken"),
        (candidate.id, "b" * 22, IN_A_WEEK, "election.not_open"),
    ):
        assert code_of(lambda wish=(choice, receipt, now): vote(election, voter, *wish)) == code
    vote(election, voter, candidate.id, "b" * 22, NOW)
    assert election.voted == 2


def vote(election, voter, choice, receipt, now):
    election.vote(voter, choice=choice, receipt=receipt, now=now)


@pytest.mark.parametrize(
    ("entitled", "percent", "needed"),
    [(1, 1, 1), (1, 100, 1), (2, 50, 1), (3, 50, 2), (20, 50, 10), (21, 50, 11), (20, 33, 7), (20, 100, 20), (7, 1, 1)],
)
def test_the_quorum_is_rounded_up_and_never_nobody(entitled, percent, needed):
    election = opened(new_principal(), [uuid4() for _ in range(entitled - 1)], quorum_percent=percent)
    assert (election.entitled, election.needed) == (entitled, needed)


@pytest.mark.parametrize(("votes", "state"), [(1, "failed"), (2, "elected"), (3, "elected")])
def test_the_count_needs_the_quorum_and_no_more(votes, state):
    candidate, voters = new_principal(), [uuid4(), uuid4(), uuid4()]
    election = opened(candidate, voters)
    for number in range(votes):
        vote(election, voters[number], candidate.id, f"{number}" * 22, NOW)
    election.close(None, lot_seed="seed")
    ids = {"election_id": election.id, "community_id": election.community_id}
    elected = {"delegation_id": election.delegation_id, "principal_id": candidate.id, "decided_by": "votes"}
    told = {
        "failed": ElectionFailed(**ids, voted=votes, needed=2),
        "elected": CoordinatorElected(**ids, **elected, voted=votes, entitled=4),
    }
    assert (election.state, election.recorded) == (state, [told[state]])


def test_the_ballots_are_published_with_the_count_and_not_before():
    candidate, voter = new_principal(), uuid4()
    election = opened(candidate, [voter])
    vote(election, voter, candidate.id, "a" * 22, NOW)
    assert election.ballots == []
    election.close(None, lot_seed="seed")
    assert len(election.ballots) == 1


# -- the Delegation's word


@pytest.mark.parametrize(
    ("today", "months", "ends_on"),
    [
        (date(2026, 3, 1), 12, date(2027, 3, 1)),
        (date(2027, 12, 31), 2, date(2028, 2, 29)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 12, 5), 1, date(2027, 1, 5)),
        (date(2026, 1, 15), 60, date(2031, 1, 15)),
    ],
)
def test_a_mandate_is_counted_in_months_of_the_calendar(today, months, ends_on):
    home, chosen = new_community(mandate_months=months), new_principal()
    election = Election.call(home, is_under_way=False)
    election.state = "elected"
    election.confirm(home, chosen, is_member=True, today=today)
    names = {"name_fr": chosen.name_fr, "name_ar": chosen.name_ar}
    assert (home.coordinator_id, home.mandate_ends_on) == (chosen.id, ends_on)
    told = CoordinatorConfirmed(community_id=home.id, principal_id=chosen.id, **names, mandate_ends_on=ends_on)
    assert election.recorded == [told]


def test_who_has_left_is_not_confirmed_and_a_refusal_is_told_with_its_reason():
    home, chosen = new_community(), new_principal()
    election = Election.call(home, is_under_way=False)
    election.state, election.elected_id = "elected", chosen.id
    confirm = lambda: election.confirm(home, chosen, is_member=False, today=NOW.date())  # noqa: E731
    assert code_of(confirm) == "election.elected_has_left"
    assert home.coordinator_id is None
    election.refuse("A quitté la communauté")
    told = CoordinatorRefused(community_id=home.id, principal_id=chosen.id, reason="A quitté la communauté")
    assert (election.state, election.recorded) == ("refused", [told])


def test_a_candidate_is_known_as_they_were_when_they_stood():
    person = new_principal()
    election = called(person)
    person.correct(cycle=Cycle.UPPER_SECONDARY)
    assert [type(candidate) for candidate in election.candidates] == [Candidate]
    assert election.candidates[0].cycle is Cycle.PRIMARY


def test_a_refusal_of_the_form_is_no_refusal_of_the_state():
    person = new_principal()
    with pytest.raises(Invalid):
        called(person).open([person.id], closes_at=NOW, now=NOW)
