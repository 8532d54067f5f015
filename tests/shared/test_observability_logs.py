"""The log: an object a line for programs, a line for people; what belongs together can be found, no person can."""

import io
import json
import logging
import os
import signal
import subprocess
import sys
from uuid import UUID, uuid4

import msgspec
import psutil
import pytest
from bells import BellRung, on_sqlite
from roles import running
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shared.domain import trace
from shared.domain.actor import Actor, Role
from shared.domain.correlation import Correlation, current
from shared.messaging.inbox import Inbox
from shared.messaging.subscriptions import Subscriptions
from shared.running import logs
from shared.running.settings import MissingSettings, Settings
from shared.testing.harness import wrap
from shared.testing.issuer import token as token_of
from shared.testing.waiting import eventually

TRACE = "0af7651916cd43dd8448eb211c80319c"
GIVEN = f"00-{TRACE}-b7ad6b7169203331-01"


@pytest.fixture(params=["text", "json"])
def style(request) -> str:
    return request.param


@pytest.fixture
def write():
    """Write one line in a style; returns it as it was written."""
    log, written = logging.getLogger(f"test.{uuid4()}"), io.StringIO()
    log.propagate = False

    def one(style: str, message: str, *args: object, **more: object) -> str:
        log.handlers = [logs.handler("bells", "work", style, written)]
        log.error(message, *args, **more)
        return written.getvalue()

    return one


@pytest.fixture
def _handling_an_event():
    token = current.set(Correlation("story", cause="an-event", traceparent=GIVEN))
    yield
    current.reset(token)


@pytest.mark.usefixtures("_handling_an_event")
def test_a_line_says_when_who_and_what_it_belongs_to(write):
    told = json.loads(write("json", "the bell %s rang", "Maria"))
    assert told.pop("time").endswith("+00:00")
    assert told.pop("logger").startswith("test.")
    assert told == {
        "level": "ERROR",
        "service": "bells",
        "role": "work",
        "message": "the bell Maria rang",
        "correlation_id": "story",
        "event_id": "an-event",
        "trace_id": TRACE,
    }


@pytest.mark.usefixtures("_handling_an_event")
def test_people_read_the_same_on_one_line(write):
    line = write("text", "the bell rang")
    assert " ERROR bells/work test." in line
    assert line.endswith(f": the bell rang [correlation=story event=an-event trace={TRACE}]\n")


def test_what_belongs_to_nothing_says_nothing_of_it(write):
    assert not {"correlation_id", "event_id", "trace_id"} & set(json.loads(write("json", "the bell hangs")))


def test_a_line_break_makes_no_second_line(write):
    assert write("json", "one\ntwo").count("\n") == 1


def test_a_traceback_is_a_field(write):
    try:
        raise ValueError("cracked")
    except ValueError:
        told = json.loads(write("json", "the bell fell", exc_info=True))
    assert told["message"] == "the bell fell"
    assert told["traceback"].startswith("Traceback") and told["traceback"].endswith(
        "ValueError: (what it says is left out)"
    )


@pytest.mark.parametrize("said", ["550 <rachida@example.org>: no", "to=rachida@example.org\nnext", "r.m+x@a.example"])
def test_no_line_shows_an_address(write, style, said):
    line = write(style, "refused: %s", said)
    assert "example" not in line and "(address)" in line
    assert style == "text" or json.loads(line)["message"].startswith("refused: ")


def test_no_line_shows_a_row_that_the_database_repeats(write, style, postgres_url):
    engine, name = create_engine(f"{postgres_url}/postgres", hide_parameters=True), f"Rachida {uuid4()}"
    with engine.connect() as connection:
        connection.execute(text("CREATE TEMPORARY TABLE person (name text, born_on date NOT NULL)"))
        with pytest.raises(IntegrityError) as raised:
            connection.execute(text("INSERT INTO person VALUES (:name, NULL)"), {"name": name})
    engine.dispose()
    line = write(style, "failed: %s", raised.value, exc_info=raised.value)
    assert name in str(raised.value) and name not in line
    assert line.count("DETAIL: (left out)") == 3  # the message, the driver's error, SQLAlchemy's
    assert "NotNullViolation" in line and "INSERT INTO person" in line


@pytest.mark.usefixtures("_handling_an_event")
def test_what_follows_a_row_that_is_left_out_stays(write):
    assert write("text", "it failed\nDETAIL:  Key (name)=(Rachida) exists.").endswith(
        f"it failed\nDETAIL: (left out) [correlation=story event=an-event trace={TRACE}]\n"
    )


CRASHING = """
import threading
from shared.running import logs
from shared.testing.issuer import token as token_of
logs.set_up("bells", "work", "json", "INFO")
def crash():
    raise RuntimeError("crashed")
thread = threading.Thread(target=crash)
thread.start()
thread.join()
crash()
"""


def test_what_nobody_catches_is_a_line_too():
    ended = subprocess.run([sys.executable, "-c", CRASHING], capture_output=True, text=True, timeout=60)
    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    assert ended.returncode == 1
    assert [(line["level"], line["traceback"].splitlines()[-1]) for line in lines] == [
        ("CRITICAL", "RuntimeError: (what it says is left out)")
    ] * 2


def test_a_style_or_level_that_is_none_is_named_at_the_start():
    wrong = {"HALQA_LOG_FORMAT": "xml", "HALQA_LOG_LEVEL": "loud"}
    with pytest.raises(MissingSettings) as raised:
        Settings.read({"HALQA_DATABASE_URL": "sqlite:///a.db", "HALQA_ISSUER": "https://issuer.invalid"} | wrong)
    assert str(raised.value).splitlines() == [
        "HALQA_LOG_FORMAT is none of text, json",
        "HALQA_LOG_LEVEL is none of DEBUG, INFO, WARNING, ERROR",
    ]


@on_sqlite
def test_a_real_web_leaves_a_line_for_each_request_by_its_route(databases, tmp_path):
    token = token_of(Actor(id="a", role=Role.MINISTRY_ADMINISTRATOR))
    headers = {"Authorization": f"Bearer {token}", "Correlation-Id": "story", "traceparent": GIVEN}
    school = uuid4()
    style = {"HALQA_LOG_FORMAT": "json", "HALQA_WORKERS": "2"}
    with running("membership", "web", tmp_path, databases.new("membership"), **style) as web:
        answer = web.get(f"/v1/delegations/{school}/schools?name=Rachida", **headers)
        web.get("/v1/nobody/Rachida")
        (worker, *_) = psutil.Process(web.process.pid).children()
        os.kill(worker.pid, signal.SIGKILL)
        eventually(lambda: any(line["logger"] == "gunicorn.error" for line in web.lines()), what="gunicorn's own word")
    lines = web.lines()
    asked, unknown = [line for line in lines if line["logger"] == "shared.web.request_log"]
    assert asked["route"] == "/v1/delegations/<uuid:delegation_id>/schools"
    assert (asked["method"], asked["status"], asked["level"]) == ("GET", answer.status_code, "INFO")
    assert (asked["correlation_id"], asked["trace_id"]) == ("story", TRACE)
    assert asked["duration_ms"] > 0
    assert (unknown["route"], unknown["status"]) == ("(none)", 404)
    assert all({"time", "level", "service", "role", "logger", "message"} <= set(line) for line in lines)
    assert {(line["service"], line["role"]) for line in lines} == {("membership", "web")}
    assert "Rachida" not in web.log.read_text() and str(school) not in web.log.read_text()


@on_sqlite
def test_the_level_is_a_setting(databases, tmp_path):
    with running("membership", "web", tmp_path, databases.new("membership"), HALQA_LOG_LEVEL="WARNING") as web:
        web.get("/v1/nothing")
    assert web.log.read_text() == ""


def test_a_failure_is_told_with_the_event_and_the_trace_that_it_belongs_to(sessions):
    def fail(_session: Session, _event: BellRung) -> None:
        raise LookupError("not there yet")

    subscriptions = Subscriptions("bells.ear", on={BellRung: fail})
    envelope = msgspec.structs.replace(
        wrap(BellRung(bell_id=UUID(int=1), number=1)), correlationid="all", traceparent=trace.begin()
    )
    stream = io.StringIO()
    writer = logs.handler("bells", "work", "json", stream)
    logging.getLogger("shared.messaging").addHandler(writer)
    Inbox(sessions, subscriptions).receive([envelope])
    logging.getLogger("shared.messaging").removeHandler(writer)
    (line,) = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert (line["event_id"], line["correlation_id"]) == (str(envelope.id), "all")
    assert line["trace_id"] == trace.trace_id(envelope.traceparent)
