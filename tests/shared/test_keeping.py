"""How long each kind of data is kept: declared in a table, changed by a setting, applied by the clock, counted."""

import logging
import re
from datetime import UTC, datetime, timedelta
from importlib.metadata import entry_points

import bells
import pytest
from click.testing import CliRunner
from prometheus_client import REGISTRY
from sqlalchemy import func, select
from trails import deed, faults, found, seal_all, trail, write

from shared.domain.audit import AuditEntry
from shared.messaging.leadership import Leadership
from shared.running import retention
from shared.running.audit.command import audit_of
from shared.running.clock import Clock, Deadline
from shared.running.retention import Keeping, Outcome
from shared.running.settings import Settings
from shared.testing import issuer
from shared.web.idempotency import KeptAnswer

SERVICES = sorted(entry.name for entry in entry_points(group="halqa.services"))


def keepings(name: str) -> tuple[list[Keeping], type[Settings]]:
    (entry,) = entry_points(group="halqa.services", name=name)
    service = entry.load()
    return service.keepings, service.settings


@pytest.mark.parametrize("name", SERVICES)
def test_each_kind_has_a_period_a_reason_and_a_setting_named_after_it(name):
    declared, settings = keepings(name)
    for keeping in declared:
        fixed = not isinstance(keeping.period, str)
        expected = "-" if fixed else f"HALQA_RETENTION_{keeping.kind.upper()}_DAYS"
        assert retention.variable(keeping, settings) == expected
        assert (keeping.end is None) == (keeping.outcome is Outcome.KEPT) == (keeping.period is None)
        assert len(keeping.why) > 20
    assert len({keeping.kind for keeping in declared}) == len(declared)


def test_every_kind_that_the_law_asks_about_is_there():
    told = {keeping.kind for name in SERVICES for keeping in keepings(name)[0]}
    assert told == {
        "kept_answers",
        "inbox_rows",
        "audit_entries",
        "erased_persons",
        "mail_bodies",
        "ended_invitations",
        "archives",
        "jobs",
        "import_files",
    }


def test_the_table_can_be_read():
    table = retention.as_table(retention.OF_EVERY_SERVICE, bells.settings("", retention_kept_answers_days=3))
    lines = table.splitlines()
    assert lines[0].split() == ["kind", "days", "then", "setting", "why"]
    assert lines[1].split()[:4] == ["kept_answers", "3", "deleted", "HALQA_RETENTION_KEPT_ANSWERS_DAYS"]
    assert lines[2].split()[:4] == ["inbox_rows", "90", "deleted", "-"]
    assert lines[5].split()[:4] == ["erased_persons", "-", "kept", "-"]


def test_the_clock_ends_what_is_over_a_bounded_number_at_a_time(sessions, monkeypatch, caplog):
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    keep_answers(sessions, [timedelta(hours=1), *[timedelta(days=4)] * 3])
    settings = bells.settings("", retention_kept_answers_days=3)
    before = counted("kept_answers")
    with caplog.at_level(logging.INFO, "shared.running.retention"):
        for left in (2, 1, 1):
            clock = Clock(sessions, leader := Leadership(sessions.engine, "clock"), deadlines_of(settings))
            clock.step()
            leader.release()
            assert answers(sessions) == left
    assert counted("kept_answers") - before == 3
    assert [record.getMessage() for record in caplog.records] == [
        "2 kept_answers deleted: kept for 3 days",
        "1 kept_answers deleted: kept for 3 days",
    ]


def deadlines_of(settings: Settings) -> list[Deadline]:
    return retention.deadlines(retention.OF_EVERY_SERVICE, settings)


def keep_answers(sessions, ages: list[timedelta]) -> None:
    blank = {"request_hash": "", "status": 200, "content_type": "", "body": b"", "headers": {}}
    with sessions.transaction() as session:
        for number, age in enumerate(ages):
            session.add(KeptAnswer(caller="a", key=str(number), kept_at=datetime.now(UTC) - age, **blank))


def answers(sessions) -> int:
    with sessions.reader() as session:
        return session.scalar(select(func.count()).select_from(KeptAnswer))


def counted(kind: str) -> float:
    return REGISTRY.get_sample_value("halqa_retention_ended_total", {"kind": kind, "outcome": "deleted"}) or 0


def test_the_audit_trail_is_kept_for_five_years_and_its_rest_still_fits(sessions):
    now = datetime.now(UTC)
    write(sessions, *(deed(at=now - timedelta(days=days)) for days in (1828, 1827, 1825, 1)))
    seal_all(sessions)
    (keeping,) = [one for one in retention.OF_EVERY_SERVICE if one.kind == "audit_entries"]
    with sessions.transaction() as session:
        assert retention.apply(keeping, keeping.days(bells.settings("")), session, now) == 2
    assert (found(sessions).cut_at, found(sessions).checked, faults(sessions)) == (2, 2, [])


def verified(database_url: str, *options: str):
    settings = bells.Settings(database_url=database_url, **issuer.settings())
    return CliRunner().invoke(audit_of(lambda _service, migrates: settings), ["verify", *options])


def test_the_command_says_whether_the_trail_is_what_was_written(sessions, database_url):
    trail(sessions)
    told = verified(database_url)
    head = re.search(r"^head (8:[0-9a-f]{64})$", told.stdout, re.MULTILINE)[1]
    assert (told.exit_code, "The trail is what was written." in told.stdout) == (0, True)
    assert verified(database_url, "--expect", head, "--json").exit_code == 0
    assert verified(database_url, "--expect", "8:" + "0" * 64).exit_code == 1
    assert verified(database_url, "--expect", "nonsense").exit_code == 2
    with sessions.transaction() as session:
        session.add(AuditEntry(**row(9, "f" * 64)))
    told = verified(database_url)
    assert told.exit_code == 1
    assert "FAULT: entry 9 was added after the end\nThe trail is NOT what was written.\nhead 8:" in told.stdout


def row(sequence: int, hash: str) -> dict:
    one = deed()
    who = {"actor_role": "service", "actor_id": "x", "actor_unit_id": None}
    what = {"verb": "x", "thing_kind": None, "thing_id": None, "person_count": 0, "correlation_id": None}
    return who | what | {"id": one.id, "at": one.at, "reason_digest": None, "sequence": sequence, "hash": hash}


def test_the_head_is_told_to_the_log_once_a_day(sessions, caplog):
    with caplog.at_level(logging.INFO, "shared.running.audit"):
        trail(sessions)
        trail(sessions)
    (line,) = [record.getMessage() for record in caplog.records]
    assert re.fullmatch(r"the audit trail ends with 8:[0-9a-f]{64}", line)
