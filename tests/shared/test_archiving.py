"""A person's data are told in parts that any broker takes, once, and blanked when the archive is deleted."""

import json
from uuid import uuid4

from sqlalchemy import select

from practices.app import service
from shared.events import ArchiveAsked, ArchiveDeleted, PracticesPartGathered, decode
from shared.messaging.archiving import LARGEST_PART, Gathering, packed
from shared.messaging.outbox import LARGEST, OutboxRow

HARD = '"\\'  # what costs most to quote


def asked(archive_id=None) -> ArchiveAsked:
    return ArchiveAsked(archive_id=archive_id or uuid4(), principal_id=uuid4())


def put_together(parts: list[str]) -> dict[str, list]:
    whole: dict[str, list] = {}
    for part in parts:
        for kind, records in json.loads(part).items():
            whole.setdefault(kind, []).extend(records)
    return whole


def test_what_is_much_is_told_in_parts_and_nothing_is_lost():
    found = [(kind, {"n": n, "text": "ع" * 1000}) for kind in ("messages", "practices") for n in range(400)]
    parts = packed(iter(found))
    assert len(parts) > 4
    assert all(len(part.encode()) < LARGEST_PART + 10_000 for part in parts)
    assert put_together(parts) == {
        kind: [record for other, record in found if other == kind] for kind in ("messages", "practices")
    }


def test_who_is_not_known_here_is_answered_too():
    assert packed(iter([])) == ["{}"]


def test_a_part_stays_below_what_a_broker_takes_however_it_is_quoted(drive):
    driven = drive(service)
    parts = packed(("things", {"text": HARD * 10_000}) for _ in range(50))
    question = asked()
    with driven.sessions.transaction() as session:
        session.add(Gathering.answer(question, PracticesPartGathered, parts))
    with driven.sessions.reader() as session:
        sizes = [len(payload.encode()) for payload in session.scalars(select(OutboxRow.payload))]
    assert len(sizes) == len(parts) > 4
    assert max(sizes) < LARGEST


def test_one_larger_than_a_part_goes_alone():
    large = {"text": "x" * (LARGEST_PART + 1)}
    parts = packed([("a", {"n": 1}), ("a", large), ("a", {"n": 2})])
    assert [json.loads(part) for part in parts] == [{"a": [{"n": 1}]}, {"a": [large]}, {"a": [{"n": 2}]}]


def test_it_is_told_once_however_often_it_is_asked(drive):
    driven, question = drive(service), asked()
    driven.hear(question)
    driven.hear(question)
    (part,) = driven.told(PracticesPartGathered)
    assert (part.archive_id, part.number, part.parts, part.content) == (question.archive_id, 1, 1, "{}")


def rows(driven) -> dict:
    with driven.sessions.reader() as session:
        return {row.aggregateid: row.payload for row in session.scalars(select(OutboxRow))}


def test_once_the_archive_is_deleted_its_content_is_blank_and_all_else_stays(drive):
    driven, mine, others = drive(service), asked(), asked()
    with driven.sessions.transaction() as session:
        for question in (mine, others):
            session.add(Gathering.answer(question, PracticesPartGathered, ['{"practices":[{"title":"Un jardin"}]}']))
    before = rows(driven)
    driven.hear(ArchiveDeleted(archive_id=mine.archive_id, principal_id=mine.principal_id))
    after = rows(driven)

    assert after[str(others.archive_id)] == before[str(others.archive_id)]
    was, now = (json.loads(told[str(mine.archive_id)]) for told in (before, after))
    assert "jardin" not in after[str(mine.archive_id)]
    assert now == was | {"data": was["data"] | {"content": "{}"}}
    decode(after[str(mine.archive_id)])


def test_deleted_again_or_unknown_it_is_no_matter(drive):
    driven, question = drive(service), asked()
    gone = ArchiveDeleted(archive_id=question.archive_id, principal_id=question.principal_id)
    driven.hear(gone, question, gone)
    driven.hear(gone)
    assert [part.content for part in driven.told(PracticesPartGathered)] == ["{}"]
