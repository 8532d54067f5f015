"""No row, event, answer or log links a voter to a choice."""

import logging
import secrets
from collections import Counter
from contextlib import closing

import pytest
from sqlalchemy import MetaData

from membership.elections.model.election import ElectionState
from shared.events import CoordinatorElected

pytestmark = pytest.mark.both_databases


def dump(sessions) -> dict[str, Counter[str]]:
    """Every row of every table, whatever tables there are."""
    tables = MetaData()
    tables.reflect(sessions.engine)
    with closing(sessions.engine.connect()) as connection:
        return {
            table.name: Counter(repr(tuple(row)) for row in connection.execute(table.select()))
            for table in tables.sorted_tables
        }


def new_rows(before: dict[str, Counter[str]], after: dict[str, Counter[str]]) -> dict[str, list[str]]:
    return {name: list((after[name] - before[name]).elements()) for name in after if after[name] != before[name]}


def test_a_vote_leaves_a_mark_on_the_roll_a_ballot_in_the_box_and_nothing_else(province, caplog):
    caplog.set_level(logging.DEBUG)
    circle = province.circle(6)
    election = circle.opened(4, 5)
    before = dump(province.driven.sessions)
    receipts = {voter: secrets.token_urlsafe(24) for voter in range(3)}
    for voter, receipt in receipts.items():
        answer = circle.vote(election, voter, 4, receipt, headers={"Idempotency-Key": f"key {voter}"})
        assert (answer.status_code, answer.data) == (204, b"")
    rows = new_rows(before, dump(province.driven.sessions))

    assert set(rows) == {"voter", "ballot_box"}  # no outbox, no kept_answer, not the election itself
    (box,) = rows["ballot_box"]
    assert all(receipt in box for receipt in receipts.values())
    assert not any(named(member_id, box) for member_id in circle.member_ids[:4])
    assert len(rows["voter"]) == 3
    assert not any(receipt in row for receipt in receipts.values() for row in rows["voter"])
    assert not any(named(circle.member_ids[4], row) for row in rows["voter"])
    assert not any(receipt in caplog.text for receipt in receipts.values())


def named(principal_id, row: str) -> bool:
    return str(principal_id) in row or principal_id.hex in row


def test_a_mark_on_the_roll_is_yes_or_no_without_a_time(province):
    circle = province.circle(3)
    circle.vote(circle.opened(2), 0, 2)
    tables = MetaData()
    tables.reflect(province.driven.sessions.engine)
    assert set(tables.tables["voter"].c.keys()) == {"election_id", "principal_id", "has_voted"}
    assert set(tables.tables["ballot_box"].c.keys()) == {"election_id", "ballots"}


def test_a_refused_vote_leaves_no_trace_at_all(province):
    circle = province.circle(4)
    election = circle.opened(3)
    circle.vote(election, 0, 3, "r" * 22)
    before = dump(province.driven.sessions)
    key = {"headers": {"Idempotency-Key": "k"}}
    assert circle.vote(election, 0, 3, "s" * 22, **key).json["code"] == "election.already_voted"
    assert circle.vote(election, 1, 1, "s" * 22, **key).json["code"] == "election.unknown_candidate"
    assert circle.vote(election, 1, 3, "r" * 22, **key).json["code"] == "election.receipt_taken"
    assert new_rows(before, dump(province.driven.sessions)) == {}


def test_nobody_sees_a_ballot_before_the_count_and_nobody_a_voter_after_it(province):
    circle = province.circle(3)
    election, receipts = circle.opened(2), [secrets.token_urlsafe(24) for _ in range(3)]
    for voter in range(2):
        circle.vote(election, voter, 2, receipts[voter])
    for reader in (province.ministry, province.officer, province.portal, circle.member(0)):
        seen = reader.get(election)
        assert (seen.json["voted"], seen.json["ballots"]) == (2, [])
        assert not any(receipt in seen.text for receipt in receipts)
    circle.vote(election, 2, 2, receipts[2])
    counted = circle.member(0).get(election)
    assert counted.json["state"] == ElectionState.ELECTED
    assert {ballot["receipt"] for ballot in counted.json["ballots"]} == set(receipts)
    assert {ballot["choice"] for ballot in counted.json["ballots"]} == {str(circle.member_ids[2])}
    assert not any(str(member_id) in counted.text for member_id in circle.member_ids[:2])


def test_what_others_are_told_of_an_election_names_the_winner_only(province):
    circle = province.circle(4)
    circle.elected(winner=3)
    (told,) = province.driven.told(CoordinatorElected)
    assert (told.principal_id, told.voted, told.entitled) == (circle.member_ids[3], 4, 4)
    assert set(vars(told)) == {
        *("election_id", "community_id", "delegation_id", "principal_id", "voted", "entitled", "decided_by")
    }
