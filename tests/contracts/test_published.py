"""What is committed is what is declared; an edition, once published, stays; what is incompatible is not written."""

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from uuid import UUID

import pytest
from bells import BellRung, listeners
from click.testing import CliRunner
from msgspec import Meta

from console import main
from contracts.copies import PUBLISHED
from shared.contracts.published import Incompatible, Published, subscriptions_of_installed
from shared.events import declared, upcast

RUNG = BellRung.wire_type
RUNG_V2 = "bells.bell_rung.v2"


@dataclass
class Described:
    """In other words."""

    bell_id: UUID
    number: int


@dataclass
class Later:
    bell_id: UUID
    number: int
    mood: str = ""


@dataclass
class Going:
    bell_id: UUID
    number: int
    mood: Annotated[str, Meta(extra_json_schema={"deprecated": True})] = ""


@dataclass
class Broken:
    bell_id: str
    number: int
    tower: str


@dataclass
class BellRungV2:
    bell_id: UUID
    ring: int


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the bells were published once."""
    published(tmp_path).write()
    return tmp_path


def published(folder: Path, classes: Mapping[str, type] | None = None, hears=()) -> Published:
    return Published(folder, {RUNG: BellRung} if classes is None else classes, hears)


def written(folder: Path, event_class: type) -> list[str]:
    return [str(file.relative_to(folder)) for file in published(folder, {RUNG: event_class}).write()]


def contents(folder: Path) -> dict[Path, str]:
    return {file: file.read_text() for file in folder.rglob("*") if file.is_file()}


def refusal(folder: Path, classes: Mapping[str, type], hears=()) -> str:
    """Why it may not be written; nothing is."""
    before = contents(folder)
    with pytest.raises(Incompatible) as refused:
        published(folder, classes, hears).write()
    assert contents(folder) == before
    return str(refused.value)


def test_what_is_committed_is_what_is_declared():
    behind = Published(PUBLISHED, declared, subscriptions_of_installed()).stale()
    assert list(behind) == [], "run `halqa contracts write`"


def test_what_was_written_is_up_to_date(folder):
    assert written(folder, BellRung) == []


def test_an_optional_field_makes_a_new_edition_and_leaves_the_old_one(folder):
    first = (folder / f"schemas/{RUNG}/1.json").read_text()
    assert written(folder, Later) == [f"schemas/{RUNG}/2.json", "asyncapi.json", "README.md"]
    assert (folder / f"schemas/{RUNG}/1.json").read_text() == first
    assert "`mood?` text" in (folder / "README.md").read_text()


def test_other_words_change_the_edition_in_place(folder):
    assert written(folder, Described)[0] == f"schemas/{RUNG}/1.json"
    assert "In other words." in (folder / "README.md").read_text()


def test_a_field_goes_in_two_editions(folder):
    written(folder, Later)
    assert "mood: an optional field may be removed only once" in refusal(folder, {RUNG: BellRung})
    written(folder, Going)
    assert "~~`mood?` text~~" in (folder / "README.md").read_text()
    written(folder, BellRung)
    assert sorted(published(folder).editions()) == [RUNG]
    assert len(published(folder).editions()[RUNG]) == 4


def test_a_field_that_went_may_not_come_back_as_another(folder):
    for event_class in (Later, Going, BellRung):
        written(folder, event_class)
    other = dataclass(type("Other", (), {"__annotations__": {**BellRung.__annotations__, "mood": int}, "mood": 0}))
    assert f"{RUNG}, mood: `type`" in refusal(folder, {RUNG: other})


def test_what_is_incompatible_is_refused_with_what_to_do_and_nothing_is_written(folder):
    said = refusal(folder, {RUNG: Broken}).splitlines()
    way_out = f"Undo it, or declare {RUNG_V2} and upcast this type to that."
    assert said == [
        f"{RUNG}, bell_id: `format` may not change. {way_out}",
        f"{RUNG}, tower: a required field may not be added: older events lack it. {way_out}",
    ]


def test_an_event_that_was_published_may_not_disappear(folder):
    assert f"{RUNG}: its events are in the logs" in refusal(folder, {})


def test_an_event_may_disappear_once_it_is_read_as_another(folder, declare):
    upcast(RUNG, to=RUNG_V2)(lambda told: {"bell_id": told["bell_id"], "ring": told["number"]})
    published(folder, {RUNG_V2: BellRungV2}).write()
    assert sorted(published(folder).editions()) == [RUNG, RUNG_V2]
    assert f"Read as this: `{RUNG}`" in (folder / "README.md").read_text()


def test_a_hearer_of_what_is_read_as_another_is_told_so(folder, declare):
    upcast(RUNG, to=RUNG_V2)(dict)
    both = {RUNG: BellRung, RUNG_V2: BellRungV2}
    assert f"bells.ear hears it, but it is read as {RUNG_V2}" in refusal(folder, both, hears=[listeners()])


def test_a_missing_edition_is_noticed(folder):
    written(folder, Later)
    (folder / f"schemas/{RUNG}/1.json").unlink()
    assert "schemas/bells.bell_rung.v1/1.json: it is missing" in refusal(folder, {RUNG: Later})


def halqa(*arguments: str) -> tuple[int, str]:
    answer = CliRunner().invoke(main, ["contracts", *arguments])
    return answer.exit_code, answer.output


@pytest.fixture
def committed(tmp_path: Path) -> Path:
    return Path(shutil.copytree(PUBLISHED, tmp_path / "events"))


def test_the_command_is_content_with_what_is_committed(committed):
    assert halqa("check", "--folder", str(committed)) == (0, "The contracts are what is declared.\n")
    assert halqa("write", "--folder", str(committed)) == (0, "Nothing has changed.\n")


@pytest.mark.parametrize("name", ["README.md", "asyncapi.json", "schemas/meetings.meeting_held.v1/2.json"])
def test_the_command_says_which_file_is_behind_and_what_to_run(committed, name):
    file = committed / name
    right = file.read_text()
    file.write_text(right.replace("Meeting", "Gathering"))
    status, said = halqa("check", "--folder", str(committed))
    assert status == 1
    assert said == f"{file}: differs from the declarations.\nRun `halqa contracts write`.\n"
    assert halqa("write", "--folder", str(committed)) == (0, f"{file}\n")
    assert file.read_text() == right


def test_the_command_refuses_an_incompatible_change(committed, monkeypatch):
    monkeypatch.setitem(declared, "meetings.meeting_held.v1", Broken)
    for verb in ("check", "write"):
        status, said = halqa(verb, "--folder", str(committed))
        assert status == 1
        assert "meetings.meeting_held.v1, tower: a required field may not be added" in said
        assert "declare meetings.meeting_held.v2" in said
