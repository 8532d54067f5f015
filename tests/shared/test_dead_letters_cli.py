"""`halqa dead-letters`, typed against running services: what it prints, what it does, how it ends."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from desk import ONE, OTHER, Desk
from sqlalchemy import update

from console import main
from shared.domain.actor import Actor, Role
from shared.messaging.inbox_row import InboxRow
from shared.testing.issuer import token as token_of
from shared.testing.servers import free_port
from shared.testing.serving import served

AMINA = token_of(Actor(id="amina", role=Role.MINISTRY_ADMINISTRATOR))
WHY = ("--reason", "the bell was hung again")


@pytest.fixture
def desks(databases, open_database) -> Iterator[dict[str, Desk]]:
    """Two services with a broken ear each; the other two do not run."""
    with ExitStack() as stack:
        found = {}
        for name in ("meetings", "practices"):
            url = databases.new("membership")
            found[name] = Desk(url, open_database(url))
            stack.callback(found[name].close)
            found[name].url = stack.enter_context(served(found[name].app)).url
        yield found


@pytest.fixture
def halqa(desks):
    def type_in(*words: str, token: str = "", services: tuple[str, ...] = ("meetings", "practices")) -> Result:
        silent = {name: f"http://127.0.0.1:{free_port()}" for name in ("membership", "notifications")}
        urls = silent | {name: desk.url for name, desk in desks.items()}
        told = [f"--url={name}={url}" for name, url in urls.items()]
        only = [f"--service={services[0]}"] if len(services) == 1 else []
        typed = ["dead-letters", words[0], *told, *only, "--as=amina", *words[1:]]
        return CliRunner().invoke(main, typed, env={"HALQA_TOKEN": token or AMINA})

    return type_in


def test_a_list_shows_all_services_and_names_those_that_are_silent(desks, halqa):
    (first,) = desks["meetings"].poison(1)
    (second,) = desks["practices"].poison(2)
    listed = halqa("list")
    assert listed.exit_code == 1
    assert "membership does not answer at http://127.0.0.1:" in listed.stderr and "notifications" in listed.stderr
    heads, *lines = listed.stdout.splitlines()
    assert heads.split() == ["AGE", "SERVICE", "SOURCE", "ID", "TYPE", "EXCEPTION", "ERROR"]
    assert [(line.split()[2], str(id) in line) for line, id in zip(lines, (first.id, second.id), strict=True)] == [
        ("meetings", True), ("practices", True),
    ]  # fmt: skip
    assert lines[0].endswith("Unrecoverable: no such bell")


def test_a_list_tells_programs_the_same_and_no_payload(desks, halqa):
    (dead,) = desks["meetings"].poison(1)
    listed = halqa("list", "--json", services=("meetings",))
    (letter,) = json.loads(listed.stdout)
    assert (listed.exit_code, letter["id"], letter["service"], "payload" in letter) == (
        0,
        str(dead.id),
        "meetings",
        False,
    )


def test_a_list_says_when_there_are_none_and_when_there_are_more(desks, halqa):
    assert halqa("list", services=("meetings",)).stdout == "No dead letters.\n"
    for number in range(1, 4):
        desks["meetings"].poison(number, bell=uuid4())
    listed = halqa("list", "--limit=2", services=("meetings",))
    assert (listed.exit_code, len(listed.stdout.splitlines())) == (0, 3)
    assert "There are more" in listed.stderr
    assert halqa("list", "--type=other", services=("meetings",)).stdout == "No dead letters.\n"


def test_one_is_shown_in_full_and_nothing_in_it_commands_the_terminal(desks, halqa):
    (dead,) = desks["meetings"].poison(1)
    with desks["meetings"].sessions.transaction() as session:
        session.execute(update(InboxRow).values(payload="\x1b[2Jrubbish\nof two lines"))
    shown = halqa("show", str(dead.id), services=("meetings",))
    assert shown.exit_code == 0
    assert "\\x1b[2Jrubbish\nof two lines" in shown.stdout and "\x1b" not in shown.stdout
    assert "Traceback" in shown.stdout and f"partition_key  {ONE}" in shown.stdout
    assert json.loads(halqa("show", str(dead.id), "--json", services=("meetings",)).stdout)["id"] == str(dead.id)


def test_one_is_replayed_in_order_and_the_audit_names_who_did(desks, halqa):
    desk = desks["meetings"]
    dead, _ = desk.poison(1, 2)
    desk.ear.bugs.clear()
    answer = halqa("replay", str(dead.id), *WHY, services=("meetings",))
    assert (answer.exit_code, answer.stdout) == (0, f"meetings: bells.bell_rung.v1 {dead.id} is now retry.\n")
    desk.inbox.retry_due()
    assert desk.heard() == [1, 2]
    shown = halqa("show", str(dead.id), services=("meetings",)).stdout
    assert "replay by amina at 20" in shown and WHY[1] in shown and "(not kept)" in shown


def test_one_is_discarded_and_a_second_verdict_is_refused_in_the_words_of_the_service(desks, halqa):
    (dead,) = desks["meetings"].poison(1)
    assert "is now discarded." in halqa("discard", str(dead.id), *WHY, services=("meetings",)).stdout
    again = halqa("discard", str(dead.id), *WHY, services=("meetings",))
    assert again.exit_code == 1
    assert "meetings refused it (409)" in again.stderr and "given by: amina" in again.stderr


def test_all_that_match_are_replayed_with_progress_even_if_they_die_again(desks, halqa, monkeypatch):
    monkeypatch.setattr("shared.messaging.dead_letters.AT_ONCE", 2)
    desk = desks["meetings"]
    for number in range(1, 6):
        desk.poison(number, bell=uuid4())
    answer = halqa("replay", "--all", "--exception=Unrecoverable", *WHY, services=("meetings",))
    assert (answer.exit_code, answer.stdout) == (0, "5 replayed.\n")
    assert answer.stderr.splitlines() == [
        "meetings: 2 replayed, 3 left", "meetings: 4 replayed, 1 left", "meetings: 5 replayed, 0 left",
    ]  # fmt: skip
    assert halqa("replay", "--all", "--source=outbox", *WHY, services=("meetings",)).stdout == "0 replayed.\n"


def test_one_that_is_dead_at_two_services_needs_the_name_of_one(desks, halqa):
    (dead,) = desks["meetings"].poison(1)
    desks["practices"].ear.bugs = desks["meetings"].ear.bugs
    desks["practices"].inbox.receive([dead])
    elsewhere = [f"--url={name}={desks['meetings'].url}" for name in ("membership", "notifications")]
    unsure = halqa("discard", str(dead.id), *WHY, *elsewhere)
    assert (unsure.exit_code, "meetings and practices" in unsure.stderr, "say --service" in unsure.stderr) == (
        1,
        True,
        True,
    )
    assert halqa("discard", str(dead.id), *WHY, services=("practices",)).exit_code == 0
    assert [desk.statuses() for desk in desks.values()] == [["dead"], ["discarded"]]


def test_a_service_that_is_silent_holds_up_no_verdict_elsewhere(desks, halqa):
    (dead,) = desks["practices"].poison(1)
    assert halqa("show", str(dead.id)).exit_code == 0
    answer = halqa("replay", "--all", *WHY)
    assert (answer.exit_code, answer.stdout) == (1, "1 replayed.\n")
    assert "membership does not answer" in answer.stderr
    nowhere = halqa("show", str(uuid4()))
    assert nowhere.exit_code == 1
    assert "at meetings, practices" in nowhere.stderr and "notifications does not answer" in nowhere.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["replay", *WHY], "name one ID, or say --all"),
        (["replay", str(OTHER), "--all", *WHY], "name one ID, or say --all"),
        (["replay", str(OTHER), "--type=x", *WHY], "--type and --exception go with --all"),
        (["replay", str(OTHER)], "Missing option '--reason'"),
        (["discard", "17", *WHY], "'17' is not a valid UUID"),
        (["list", "--url=moon=http://127.0.0.1:1"], "'moon' is none of membership"),
    ],
)
def test_what_cannot_be_meant_is_a_mistake_in_typing(halqa, words, told):
    answer = halqa(*words, services=("meetings",))
    assert (answer.exit_code, told in answer.stderr) == (2, True), answer.stderr


def test_an_unknown_letter_a_wrong_token_and_a_reason_too_short_are_told_in_one_line(desks, halqa):
    (dead,) = desks["meetings"].poison(1)
    unknown = halqa("show", str(uuid4()), services=("meetings",))
    assert (unknown.exit_code, unknown.stderr.startswith("Error: no dead letter")) == (1, True)
    stranger = halqa("list", services=("meetings",), token="of somebody else")
    assert (stranger.exit_code, "meetings refused it (401)" in stranger.stderr) == (1, True)
    short = halqa("discard", str(dead.id), "--reason=no", services=("meetings",))
    assert (short.exit_code, "reason: Minimum length: 3; maximum length: 500" in short.stderr) == (1, True)


def test_help_teaches_and_leaves_no_file_behind(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HALQA_TOKEN", raising=False)
    for words in ([], ["list"], ["show"], ["replay"], ["discard"]):
        told = CliRunner().invoke(main, ["dead-letters", *words, "--help"])
        assert told.exit_code == 0 and "Usage:" in told.stdout
    assert "--reason" in told.stdout and list(tmp_path.iterdir()) == []
