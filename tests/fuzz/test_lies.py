"""That the checks find what they are there for: the same application, lying in one way at a time."""

from collections.abc import Callable

import pytest
from permissions import notifications_world
from permissions.matrix import Person
from werkzeug.wrappers import Response

from shared.testing.databases import SqliteDatabases

from .play import Script, play
from .stage import Stage

ASKED = "GET /v1/messages"


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    return Stage(notifications_world, SqliteDatabases(tmp_path_factory.mktemp("fuzz")))


def undocumented(answer: Response) -> None:
    answer.status_code = 418 if answer.status_code == 200 else answer.status_code


def broken(answer: Response) -> None:
    answer.status_code = 500 if answer.status_code == 200 else answer.status_code


def misshapen(answer: Response) -> None:
    if answer.status_code == 200:
        answer.set_data(b'{"items": 1}')


def of_another_kind(answer: Response) -> None:
    answer.content_type = "text/html" if answer.status_code == 200 else answer.content_type


def open_to_anybody(answer: Response) -> None:
    answer.status_code = 200 if answer.status_code == 401 else answer.status_code


def blind(answer: Response) -> None:
    answer.status_code = 200 if answer.status_code == 422 else answer.status_code


def deaf(answer: Response) -> None:
    if answer.status_code == 200:
        answer.status_code = 422
        answer.set_data(b'{"code": "request.invalid"}')


def silent_about_methods(answer: Response) -> None:
    if answer.status_code == 405:
        del answer.headers["Allow"]


LIES = {
    undocumented: "status_code_conformance",
    broken: "not_a_server_error",
    misshapen: "response_schema_conformance",
    of_another_kind: "content_type_conformance",
    open_to_anybody: "ignored_auth",
    blind: "negative_data_rejection",
    deaf: "positive_data_acceptance",
    silent_about_methods: "unsupported_method",
}


@pytest.mark.parametrize("lie", LIES, ids=lambda lie: lie.__name__)
def test_a_lie_is_found_by_the_check_that_is_there_for_it(stage, lie, monkeypatch):
    monkeypatch.setattr(stage, "app", lying(stage.app, lie))
    played = play(stage, named(stage, "the ministry"), Script(1, examples=3, scenarios=0, only=frozenset({ASKED})))
    assert (LIES[lie], ASKED) in {(wrong.check, wrong.asked) for wrong in played.wrong.values()}


def test_the_same_seed_asks_the_same_and_is_answered_the_same_in_another_world(stage, tmp_path):
    script = Script(5, examples=3, scenarios=0, only=frozenset({ASKED, "PUT /v1/me/unsubscriptions/{kind}"}))
    another = Stage(notifications_world, SqliteDatabases(tmp_path))
    first, second = (play(each, named(each, "the reader"), script) for each in (stage, another))
    assert first.answers == second.answers
    assert first.cases > 40


def named(stage: Stage, name: str) -> Person:
    return next(person for person in stage.cast() if person.name == name)


def lying(app: Callable, lie: Callable[[Response], None]) -> Callable:
    def answer(environ, start_response):
        told = Response.from_app(app, environ)
        lie(told)
        return told(environ, start_response)

    return answer
