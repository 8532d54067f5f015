"""What happens because time passed: votes are counted, late invitations lapse; each once."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from membership.elections.use_cases import close_due_elections
from membership.joining.use_cases import lapse_invitations
from shared.events import CoordinatorElected, ElectionFailed, InvitationLapsed

LATER = timedelta(days=8)  # circles open their votes for seven days


def tick(province, deadline, later: timedelta = LATER) -> None:
    with province.driven.sessions.transaction() as session:
        deadline(session, datetime.now(UTC) + later)


def test_a_vote_past_its_closing_is_counted_once(province):
    circle = province.circle(4)
    election = circle.opened(0, 1)
    for voter in range(2):
        circle.vote(election, voter, 1)
    tick(province, close_due_elections, timedelta(days=6))
    assert province.officer.get(election).json["state"] == "open"
    for _ in range(2):
        tick(province, close_due_elections)
    counted = province.officer.get(election).json
    assert (counted["state"], counted["elected_id"], counted["voted"]) == ("elected", str(circle.member_ids[1]), 2)
    assert len(province.driven.told(CoordinatorElected)) == 1


def test_too_few_votes_are_no_election_and_another_can_be_called(province):
    circle = province.circle(4)
    election = circle.opened(0)
    circle.vote(election, 1, 0)
    tick(province, close_due_elections)
    assert province.officer.get(election).json["state"] == "failed"
    (told,) = province.driven.told(ElectionFailed)
    assert (told.community_id, told.voted, told.needed) == (circle.community_id, 1, 2)
    assert province.officer.post(f"{election}/confirm").json["code"] == "election.nobody_elected"
    assert circle.called(2) != election


def test_a_vote_nobody_took_part_in_fails(province):
    circle = province.circle(2)
    circle.opened(0)
    tick(province, close_due_elections)
    assert [(told.voted, told.needed) for told in province.driven.told(ElectionFailed)] == [(0, 1)]


def test_a_tie_is_decided_by_lot_whose_seed_is_published(province):
    circle = province.circle(4)
    election = circle.opened(0, 1)
    circle.vote(election, 2, 0)
    circle.vote(election, 3, 1)
    tick(province, close_due_elections)
    counted = province.officer.get(election).json
    assert counted["decided_by"] == "lot"
    assert drawn(counted) == counted["elected_id"]


def drawn(counted: dict) -> str:
    """What anyone can do with the published count."""
    votes = Counter(ballot["choice"] for ballot in counted["ballots"])
    tied = [choice for choice, number in votes.items() if number == max(votes.values())]
    return min(tied, key=lambda choice: sha256(f"{counted['lot_seed']}:{choice}".encode()).hexdigest())


def test_a_tie_after_a_woman_goes_to_a_man(province):
    circle = province.circle(3)
    province.officer.post(f"{circle.elected(0)}/confirm")
    circle.joins(gender="male")
    election = circle.opened(1, 3)
    circle.vote(election, 0, 1)
    circle.vote(election, 2, 3)
    tick(province, close_due_elections)
    counted = province.officer.get(election).json
    assert (counted["elected_id"], counted["decided_by"]) == (str(circle.member_ids[3]), "rotation")
    assert counted["lot_seed"] is None


def test_many_votes_are_closed_in_turns(province, monkeypatch):
    monkeypatch.setattr("membership.elections.queries.AT_ONCE", 2)
    for _ in range(3):
        province.circle(1, is_home=False).opened(0)
    tick(province, close_due_elections)
    assert len(province.driven.told(ElectionFailed)) == 2
    tick(province, close_due_elections)
    assert len(province.driven.told(ElectionFailed)) == 3


def test_late_invitations_lapse_and_can_be_renewed(province, attitudes):
    late, punctual = province.people(2)
    community = province.plan()
    province.invite(community, late, punctual)
    province.principal(punctual).post(f"{community}/invitations/accept", {"attitudes": attitudes})
    tick(province, lapse_invitations)
    assert province.driven.told(InvitationLapsed) == []
    for _ in range(2):
        tick(province, lapse_invitations, timedelta(days=31))
    assert [told.principal_id for told in province.driven.told(InvitationLapsed)] == [late]
    answer = province.principal(late).post(f"{community}/invitations/accept", {"attitudes": attitudes})
    assert answer.json["code"] == "membership.wrong_state"
    assert province.invite(community, late).json["invited"] == [str(late)]
