"""Each reading and changing of personal data leaves its entry; who asks who has read about them is answered."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import bells
import pytest
from flask_smorest import Blueprint
from sqlalchemy import select, text
from trails import by_hand, faults, seal_all

from shared.domain.actor import Role
from shared.domain.audit import AuditEntry, AuditReason, persons_of
from shared.domain.database import is_postgresql
from shared.domain.refusals import NotFound
from shared.testing.harness import Driven
from shared.web.audit import CALLER, audited
from shared.web.declared_refusals import raises

RACHIDA, KAMAL = UUID(int=1), UUID(int=2)


@dataclass(frozen=True)
class Ringer:
    principal_id: UUID


ringers = Blueprint("ringers", __name__, url_prefix="/v1/towers/<uuid:tower_id>")


@ringers.get("/ringers")
@ringers.response(200)
@audited(persons=("items.principal_id", "keeper.principal_id"))
def list_ringers(tower_id: UUID) -> Any:
    return {"items": [Ringer(RACHIDA), Ringer(KAMAL)], "keeper": Ringer(RACHIDA)}


@ringers.get("/nobody")
@ringers.response(200)
@audited(persons="items.principal_id")
def list_nobody(tower_id: UUID) -> Any:
    return {"items": []}


@ringers.get("/letter")
@ringers.response(200)
@audited()
def read_letter(tower_id: UUID) -> Any:
    return {}


@ringers.post("/leave")
@ringers.response(200)
@audited(persons=CALLER)
def leave_tower(tower_id: UUID) -> Any:
    return {}


@ringers.post("/dismiss")
@ringers.response(200)
@audited(persons="principal_id")
def dismiss_ringer(tower_id: UUID) -> Any:
    return Ringer(KAMAL)


@ringers.post("/fail")
@raises("audit.not_found")
@ringers.response(200)
def fail_later(tower_id: UUID) -> Any:
    audited(persons="principal_id")(dismiss)()
    raise NotFound("audit.not_found")


def dismiss() -> Ringer:
    return Ringer(KAMAL)


@pytest.fixture
def tower(database_url) -> Driven:
    driven = Driven(bells.service_with(ringers), database_url)
    yield driven
    driven.close()


PATH = f"/v1/towers/{uuid4()}"


def entries(tower: Driven) -> list[AuditEntry]:
    with tower.sessions.reader() as session:
        found = list(session.scalars(select(AuditEntry).order_by(AuditEntry.id)))
        session.expunge_all()
        return found


def persons(tower: Driven, entry: AuditEntry) -> list[UUID]:
    with tower.sessions.reader() as session:
        return sorted(persons_of(session, [entry.id])[entry.id])


@pytest.fixture
def officer(tower) -> Any:
    return tower.call(Role.DELEGATION_OFFICER, id="amina", unit_id=UUID(int=9))


def test_a_read_says_who_read_what_about_whom(tower, officer):
    assert officer.get(f"{PATH}/ringers", headers={"Correlation-Id": "story"}).status_code == 200
    (entry,) = entries(tower)
    assert (entry.actor_role, entry.actor_id, entry.actor_unit_id) == ("delegation_officer", "amina", UUID(int=9))
    assert (entry.verb, entry.thing_kind, entry.thing_id) == ("list_ringers", "tower", PATH.rpartition("/")[2])
    assert (entry.person_count, entry.correlation_id, entry.sequence) == (2, "story", None)
    assert persons(tower, entry) == [RACHIDA, KAMAL]


def test_who_reads_their_own_alone_or_nobodys_leaves_no_entry(tower, officer):
    officer.get(f"{PATH}/nobody")
    assert entries(tower) == []
    officer.get(f"{PATH}/letter")  # of which nobody knows whom it names
    assert [(e.verb, e.person_count) for e in entries(tower)] == [("read_letter", 0)]


def test_a_change_is_written_with_its_reason_also_by_oneself(tower, officer):
    tower.call(Role.PRINCIPAL, id=RACHIDA).post(f"{PATH}/leave")
    officer.post(f"{PATH}/dismiss", {"reason": "moved away"})
    first, second = entries(tower)
    assert (first.verb, persons(tower, first)) == ("leave_tower", [RACHIDA])
    assert (second.verb, persons(tower, second)) == ("dismiss_ringer", [KAMAL])
    with tower.sessions.reader() as session:
        assert session.scalars(select(AuditReason.text)).all() == ["moved away"]


def test_a_change_that_is_refused_leaves_no_entry(tower, officer):
    assert officer.post(f"{PATH}/fail").status_code == 404
    assert entries(tower) == []


@pytest.mark.parametrize("method", ["get", "post"])
def test_no_answer_without_its_entry(tower, officer, method):
    by_hand(tower.sessions, "ALTER TABLE audit_entry RENAME TO gone")
    answer = officer.get(f"{PATH}/ringers") if method == "get" else officer.post(f"{PATH}/dismiss")
    assert answer.status_code == (503 if method == "get" else 500)
    assert str(RACHIDA) not in answer.text and str(KAMAL) not in answer.text


def test_a_read_on_postgresql_waits_for_no_disk(postgres_databases, open_database):
    tower = Driven(bells.service_with(ringers), postgres_databases.new("membership"))
    asked = "SELECT pg_current_wal_insert_lsn() - pg_current_wal_flush_lsn() > 0"
    caller, behind = tower.call(Role.DELEGATION_OFFICER, id="amina"), []
    for _ in range(50):
        caller.get(f"{PATH}/ringers")
        with tower.sessions.reader() as session:
            behind.append(session.scalar(text(asked)))
    tower.close()
    assert any(behind)  # what was written was not yet flushed


def read_trail(tower: Driven, whose: UUID | None, role: Role, id: Any = None, **more: Any) -> Any:
    query = "&".join(f"{name}={value}" for name, value in ({"person_id": whose} | more).items() if value)
    return tower.call(role, id=id).get(f"/v1/audit?{query}")


def test_a_person_reads_who_has_read_about_them_a_page_at_a_time(tower, officer):
    for _ in range(3):
        officer.get(f"{PATH}/ringers")
    officer.post(f"{PATH}/dismiss", {"reason": "moved away"})
    seal_all(tower.sessions)
    first = read_trail(tower, None, Role.PRINCIPAL, KAMAL, limit=2).json
    rest = read_trail(tower, KAMAL, Role.PRINCIPAL, KAMAL, limit=2, after=first["next"]).json
    told = [(e["verb"], e["actor_id"], e["reason"], e["sequence"]) for e in first["items"] + rest["items"]]
    assert told == [("list_ringers", "amina", None, n) for n in (1, 2, 3)] + [
        ("dismiss_ringer", "amina", "moved away", 4)
    ]
    assert rest["next"] is None
    assert len(entries(tower)) == 4  # their own leaves no entry


def test_the_administrator_reads_anybodys_and_that_is_an_entry_too(tower, officer):
    officer.get(f"{PATH}/ringers")
    answer = read_trail(tower, RACHIDA, Role.MINISTRY_ADMINISTRATOR, "zineb")
    assert [e["verb"] for e in answer.json["items"]] == ["list_ringers"]
    last = entries(tower)[-1]
    assert (last.verb, last.actor_id, persons(tower, last)) == ("read_audit", "zineb", [RACHIDA])
    assert faults(tower.sessions) == []


@pytest.mark.parametrize("role", [Role.DELEGATION_OFFICER, Role.PORTAL, Role.PRINCIPAL, Role.COMPANION, Role.SERVICE])
def test_for_everybody_else_there_is_none(tower, role):
    assert read_trail(tower, RACHIDA, role).status_code == 404
    assert entries(tower) == []


def test_one_who_is_nobody_asks_about_somebody(tower):
    assert read_trail(tower, None, Role.MINISTRY_ADMINISTRATOR).status_code == 404


def test_who_has_read_about_me_is_found_by_an_index(tower):
    asked = f"SELECT entry_id FROM audit_person WHERE person_id = '{RACHIDA}' ORDER BY entry_id LIMIT 50"
    with tower.sessions.transaction() as session:
        if is_postgresql(session):  # which would rather scan a table that is empty
            session.execute(text("SET LOCAL enable_seqscan = off"))
            session.execute(text("SET LOCAL enable_bitmapscan = off"))
        explain = "EXPLAIN" if is_postgresql(session) else "EXPLAIN QUERY PLAN"
        plan = " ".join(str(row[-1]) for row in session.execute(text(f"{explain} {asked}")))
    assert "pk_audit_person" in plan or "sqlite_autoindex_audit_person_1" in plan
    assert "Sort" not in plan and "TEMP B-TREE" not in plan
