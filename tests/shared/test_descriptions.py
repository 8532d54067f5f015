"""The API descriptions: complete for every route, committed as they are, and binding for the services' tests."""

from uuid import uuid4

import pytest
from bells import on_sqlite, service_with, settings
from click.testing import CliRunner
from flask_smorest import Blueprint

from console import main
from shared.contracts.api import FOLDER, description, installed, stale
from shared.domain.actor import Actor, Role
from shared.domain.refusals import Refused
from shared.testing import issuer
from shared.testing.documented import HeldToItsWord
from shared.testing.harness import Caller
from shared.web.declared_refusals import raises

tower = Blueprint("described_tower", __name__, url_prefix="/v1/described")


@tower.post("/named")
@raises("request.stale")
@tower.response(204)
def refuse_as_named():
    raise Refused("request.stale")


@tower.post("/unnamed")
@tower.response(204)
def refuse_otherwise():
    raise Refused("feed.restored", known="x", after=1)


@tower.post("/other-status")
@tower.response(204)
def succeed_otherwise():
    return {}, 202


def test_what_is_committed_is_what_the_services_tell():
    assert list(stale(FOLDER)) == [], "run `halqa api write`"


def test_the_command_says_which_description_is_behind(tmp_path):
    halqa = CliRunner()
    assert halqa.invoke(main, ["api", "write", "--folder", str(tmp_path)]).exit_code == 0
    assert halqa.invoke(main, ["api", "check", "--folder", str(tmp_path)]).exit_code == 0
    (tmp_path / "meetings.json").write_text("{}")
    behind = halqa.invoke(main, ["api", "check", "--folder", str(tmp_path)])
    assert (behind.exit_code, f"{tmp_path}/meetings.json: differs" in behind.output) == (1, True)


def test_every_route_of_every_service_says_how_it_refuses():
    for each in installed():
        for path, item in description(each)["paths"].items():
            for method, told in ((name, told) for name, told in item.items() if name != "parameters"):
                assert {"429", "500", "503"} <= told["responses"].keys(), f"{each.name}: {method} {path}"
                problems = [answer for status, answer in told["responses"].items() if status >= "400"]
                assert all(answer["content"]["application/problem+json"]["examples"] for answer in problems)


@on_sqlite
def test_an_answer_that_is_not_described_fails_the_test_that_met_it(database_url, sessions):
    app = service_with(tower).create_app(settings(database_url))
    app.test_client_class = HeldToItsWord
    caller = Caller(app.test_client(), issuer.token(Actor(id=str(uuid4()), role=Role.PORTAL)))
    assert caller.post("/v1/described/named").status_code == 409
    with pytest.raises(AssertionError, match=r"answered 409 feed\.restored; is it missing among @raises"):
        caller.post("/v1/described/unnamed")
    with pytest.raises(AssertionError, match="answered 202"):
        caller.post("/v1/described/other-status")
    app.sessions.engine.dispose()
