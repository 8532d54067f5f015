"""`halqa import`, typed against a running service: what it prints, what it saves, how it ends."""

import json
from collections.abc import Iterator
from threading import Event, Thread

import pytest
from click.testing import CliRunner, Result
from importing import SCHOOL_COLUMNS, SCHOOLS, xlsx
from openpyxl import load_workbook

from console import main
from console.importing import KINDS
from membership.organisation.model.organisation import Delegation
from membership.registry.model import ImportKind
from shared.domain.actor import Actor, Role
from shared.testing.issuer import token
from shared.testing.serving import served

AMINA = token(Actor(id="amina", role=Role.MINISTRY_ADMINISTRATOR))


@pytest.fixture
def url(sqlite_province) -> Iterator[str]:
    """Of the service, beside whose answers jobs are done."""
    over = Event()

    def work() -> None:
        while not over.wait(0.05):
            sqlite_province.driven.work()

    worker = Thread(target=work)
    with served(sqlite_province.driven.app) as server:
        worker.start()
        yield server.url
        over.set()
        worker.join()


@pytest.fixture
def halqa(url, sqlite_province):
    with sqlite_province.driven.sessions.reader() as session:
        code = session.get_one(Delegation, sqlite_province.delegation_id).code

    def type_in(*words: str) -> Result:
        typed = ["import", *words, "--kind=schools", f"--delegation={code}", f"--url=membership={url}", "--as=amina"]
        return CliRunner().invoke(main, typed, env={"HALQA_TOKEN": AMINA})

    return type_in


def test_a_clerk_sees_what_is_wrong_corrects_it_and_has_it_in(halqa, sqlite_province, tmp_path):
    wrong, right = tmp_path / "wrong.xlsx", tmp_path / "right.csv"
    columns, report = tmp_path / "columns.json", tmp_path / "report.xlsx"
    wrong.write_bytes(xlsx(SCHOOLS.replace("collegial", "maternelle")))
    right.write_text(SCHOOLS, encoding="utf-8")
    columns.write_text(json.dumps(SCHOOL_COLUMNS))

    refused = halqa(str(wrong), f"--mapping={columns}", f"--report={report}")
    assert refused.exit_code == 1, refused.output
    assert "refused: 3 rows, 0 created" in refused.stdout and "format xlsx" in refused.stdout
    assert "LINE" in refused.stdout and "maternelle" in refused.stdout
    assert "À corriger" in [cell.value for cell in load_workbook(report).active[1]]

    tried = halqa(str(right), f"--mapping={columns}", "--dry-run", "--json")
    assert (tried.exit_code, json.loads(tried.stdout)["state"], json.loads(tried.stdout)["created"]) == (
        0,
        "checked",
        3,
    )
    assert set(sqlite_province.stored("schools")) == {"15395H"}
    done = halqa(str(right), f"--mapping={columns}")
    assert (done.exit_code, "done: 3 rows, 3 created" in done.stdout) == (0, True)
    assert len(sqlite_province.stored("schools")) == 4

    assert set(KINDS) == set(ImportKind)
    unknown = halqa(str(right), "--mapping=nobodys")
    assert (unknown.exit_code, "import.no_such_mapping" in unknown.output or "nobodys" in unknown.output) == (1, True)
    assert halqa(str(tmp_path / "missing.csv")).exit_code == 2
