"""Whoever changes, removes, moves or inserts an entry of the audit trail by hand is found out, on both databases."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from trails import by_hand, deed, faults, found, seal_all, sealed_id, trail, write

from shared.domain import audit
from shared.domain.actor import Actor, Role
from shared.domain.audit import AuditEntry, AuditPerson, hash_of, persons_of
from shared.running.audit import cut_oldest, verify

A_YEAR = timedelta(days=365)
CHANGED = "entry {0} is not what was sealed after {1}: changed or moved"

TAMPERED = {
    "a field changed": (["UPDATE audit_entry SET verb = 'nothing' WHERE sequence = 4"], [CHANGED.format(4, 3)]),
    "the moment changed": (
        ["UPDATE audit_entry SET at = '2020-01-01 00:00:00.000000' WHERE sequence = 1"],
        [CHANGED.format(1, 0)],
    ),
    "one in the middle removed": (
        [
            f"DELETE FROM audit_person WHERE entry_id = {sealed_id(5)}",
            f"DELETE FROM audit_reason WHERE entry_id = {sealed_id(5)}",
            "DELETE FROM audit_entry WHERE sequence = 5",
        ],
        ["entry 5 was removed"],
    ),
    "the last ones removed": (
        [
            f"DELETE FROM audit_person WHERE entry_id IN ({sealed_id(7)}, {sealed_id(8)})",
            f"DELETE FROM audit_reason WHERE entry_id IN ({sealed_id(7)}, {sealed_id(8)})",
            "DELETE FROM audit_entry WHERE sequence > 6",
        ],
        ["entries 7 to 8 were removed from the end"],
    ),
    "removed, its persons left": (
        ["DELETE FROM audit_entry WHERE sequence = 2"],
        ["entry 2 was removed", "2 persons belong to no entry: an entry was removed, or they were inserted"],
    ),
    "two moved": (
        [
            "UPDATE audit_entry SET sequence = -1 WHERE sequence = 3",
            "UPDATE audit_entry SET sequence = 3 WHERE sequence = 6",
            "UPDATE audit_entry SET sequence = 6 WHERE sequence = -1",
        ],
        [CHANGED.format(place, place - 1) for place in (3, 4, 6, 7)],
    ),
    "a person added": (
        ["INSERT INTO audit_person (person_id, entry_id) SELECT id, id FROM audit_entry WHERE sequence = 2"],
        [CHANGED.format(2, 1)],
    ),
    "a person removed": (
        [f"DELETE FROM audit_person WHERE entry_id = {sealed_id(6)}"],
        [CHANGED.format(6, 5)],
    ),
    "a person exchanged": (
        [f"UPDATE audit_person SET person_id = entry_id WHERE entry_id = {sealed_id(6)} AND person_id = "
         f"(SELECT person_id FROM audit_person WHERE entry_id = {sealed_id(6)} LIMIT 1)"],
        [CHANGED.format(6, 5)],
    ),
    "a reason changed": (
        [f"UPDATE audit_reason SET text = 'none' WHERE entry_id = {sealed_id(4)}"],
        ["entry 4 was given another reason"],
    ),
    "the head set back": (
        ["UPDATE audit_chain SET sequence = 5"],
        ["entries 6 to 8 were added after the end"],
    ),
    "the head exchanged": (
        [f"UPDATE audit_chain SET hash = '{'f' * 64}'"],
        ["the head is not the hash of entry 8: one of them was changed"],
    ),
    "the head removed": (["DELETE FROM audit_chain"], ["the row that says where the trail ends is gone"]),
}  # fmt: skip


def test_a_trail_that_nobody_touched_fits(sessions):
    trail(sessions)
    write(sessions, deed())
    finding = found(sessions)
    assert (finding.faults, finding.checked, finding.sequence, finding.unsealed) == ([], 8, 8, 1)


@pytest.mark.parametrize("case", TAMPERED)
def test_tampering_is_found_and_named(sessions, case):
    statements, expected = TAMPERED[case]
    trail(sessions)
    by_hand(sessions, *statements)
    assert faults(sessions) == expected


def test_an_entry_inserted_between_two_is_found(sessions):
    trail(sessions)
    constraint = "ALTER TABLE audit_entry DROP CONSTRAINT uq_audit_entry_sequence"
    columns = "at, actor_role, actor_id, verb, person_count, hash"
    forged = f"INSERT INTO audit_entry (id, sequence, {columns}) SELECT %s, %s, {columns} FROM audit_entry"
    last = forged % ("'ffffffffffffffffffffffffffffffff'", 9) + " WHERE sequence = 8"
    on_postgresql = sessions.engine.dialect.name == "postgresql"
    same = [constraint, forged % ("'ffffffffffffffffffffffffffffffff'", 4) + " WHERE sequence = 4"]
    by_hand(sessions, *(same if on_postgresql else [last]))
    inserted = "entry 4 stands where none can be: inserted"
    assert faults(sessions) == (
        [inserted] if on_postgresql else [CHANGED.format(9, 8), "entry 9 was added after the end"]
    )


def test_a_hash_calculated_anew_for_one_entry_does_not_fit_the_next(sessions):
    trail(sessions)
    by_hand(sessions, "UPDATE audit_entry SET verb = 'nothing' WHERE sequence = 4")
    with sessions.transaction() as session:
        before, entry = (session.scalars(select(AuditEntry).where(AuditEntry.sequence == n)).one() for n in (3, 4))
        person_ids = persons_of(session, [entry.id])[entry.id]
        entry.seal(4, hash_of(entry, person_ids, sequence=4, previous=before.hash))
    assert faults(sessions) == [CHANGED.format(5, 4)]


def test_a_trail_rewritten_to_its_end_is_found_by_a_head_that_was_kept_elsewhere(sessions):
    trail(sessions)
    kept = found(sessions)
    by_hand(sessions, "UPDATE audit_entry SET verb = 'nothing' WHERE sequence = 4")
    rewrite(sessions)
    assert faults(sessions) == []
    assert faults(sessions, expected=[(kept.sequence, kept.hash)]) == [
        "entry 8 has another hash than was expected: the trail was rewritten"
    ]


def rewrite(sessions) -> None:
    with sessions.transaction() as session:
        chain = session.get_one(audit.AuditChain, 1)
        chain.sequence, chain.hash = 0, audit.NO_HASH
        for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)).all():
            ids = persons_of(session, [entry.id])[entry.id]
            hash = hash_of(entry, ids, sequence=chain.sequence + 1, previous=chain.hash)
            entry.seal(chain.grow(hash), hash)


def test_a_trail_cut_short_with_its_head_is_found_by_a_head_that_was_kept_elsewhere(sessions):
    trail(sessions)
    kept = found(sessions)
    by_hand(sessions, *TAMPERED["the last ones removed"][0])
    by_hand(sessions, "UPDATE audit_chain SET sequence = 6, hash = (SELECT hash FROM audit_entry WHERE sequence = 6)")
    assert faults(sessions) == []
    assert faults(sessions, expected=[(kept.sequence, kept.hash)]) == ["entry 8, which was expected, is not there"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET verb = 'nothing' WHERE sequence = 4",
        "DELETE FROM audit_entry WHERE sequence = 4",
        f"DELETE FROM audit_person WHERE entry_id = {sealed_id(4)}",
        f"UPDATE audit_person SET person_id = entry_id WHERE entry_id = {sealed_id(4)}",
    ],
)
def test_the_database_itself_refuses(sessions, statement):
    trail(sessions, length=4)
    with pytest.raises(DBAPIError, match="the audit trail is final"):
        by_hand(sessions, statement, disarmed=False)
    assert faults(sessions) == []


def test_what_is_sealed_later_follows_what_was_sealed_before(sessions):
    for _ in range(3):
        trail(sessions, length=2)
    assert (found(sessions).sequence, faults(sessions)) == (6, [])


def test_so_many_are_sealed_at_once_and_no_more(sessions, monkeypatch):
    monkeypatch.setattr("shared.running.audit.sealing.AT_ONCE", 3)
    monkeypatch.setattr("shared.running.audit.verify.PAGE", 2)
    write(sessions, *(deed() for _ in range(5)))
    for sealed in (3, 5, 5):
        seal_all(sessions)
        assert (found(sessions).sequence, faults(sessions)) == (sealed, [])


def test_the_oldest_are_cut_off_and_the_rest_still_fits(sessions):
    now = datetime.now(UTC)
    old = [deed(UUID(int=1), at=now - A_YEAR, reason="once") for _ in range(4)]
    write(sessions, *old, *(deed() for _ in range(3)))
    seal_all(sessions)
    kept = found(sessions)
    for cut, most in ((3, 3), (1, 3), (0, 3)):
        with sessions.transaction() as session:
            assert cut_oldest(session, now - timedelta(days=30), most) == cut
        assert faults(sessions, expected=[(kept.sequence, kept.hash)]) == []
    with sessions.reader() as session:
        left = [session.scalar(text(f"SELECT count(*) FROM audit_{what}")) for what in ("entry", "person", "reason")]
    assert (left, found(sessions).cut_at) == ([3, 6, 0], 4)
    by_hand(
        sessions,
        f"DELETE FROM audit_person WHERE entry_id = {sealed_id(5)}",
        "DELETE FROM audit_entry WHERE sequence = 5",
    )
    assert faults(sessions) == ["entry 5 was removed"]


def test_what_is_not_sealed_is_never_cut_off(sessions):
    write(sessions, deed(at=datetime.now(UTC) - A_YEAR))
    with sessions.transaction() as session:
        assert cut_oldest(session, datetime.now(UTC), 10) == 0


def test_reasons_can_be_taken_away_from_a_trail_that_still_fits(sessions):
    rachida, other = UUID(int=1), UUID(int=2)
    write(sessions, deed(rachida, reason="Rachida asked"), deed(other, reason="no name"))
    seal_all(sessions)
    with sessions.transaction() as session:
        audit.take_away_reasons(session, rachida)
        assert session.scalars(select(audit.AuditReason.text)).all() == ["no name"]
    assert faults(sessions) == []


def test_an_entry_of_a_read_is_the_same_written_at_once(postgres_databases, open_database):
    sessions = open_database(postgres_databases.new("membership"))
    persons = sorted([UUID(int=5), UUID(int=6)])
    nobody = audit.Deed(Actor(id="a", role=Role.SERVICE), "get_dead_letter", None, None, [])
    for one in (deed(*persons), nobody):
        with sessions.reader() as session:
            audit.write_at_once(session, one)
    seal_all(sessions)
    with sessions.reader() as session:
        assert session.scalars(select(AuditPerson.person_id).order_by(AuditPerson.person_id)).all() == persons
        assert session.scalars(select(AuditEntry.person_count).order_by(AuditEntry.id)).all() == [0, 2]
    assert faults(sessions) == []


def test_many_faults_are_counted_and_the_first_told(sessions, monkeypatch):
    monkeypatch.setattr(verify, "MOST_TOLD", 3)
    trail(sessions)
    by_hand(sessions, "UPDATE audit_entry SET verb = 'nothing'")
    finding = found(sessions)
    assert (finding.fault_count, len(finding.faults)) == (8, 3)
