"""What the documents name exists."""

import re
from pathlib import Path

import pytest

from architecture.generated import BEGIN, END, SECTION, documents, hears
from architecture.rules import ROOT

DOCUMENTS = sorted(
    path
    for pattern in (
        "*.md",
        "docs/**/*.md",
        "services/*/README.md",
        "shared/README.md",
        "console/README.md",
        "deploy/*.md",
    )
    for path in ROOT.glob(pattern)
)
A_PATH = re.compile(r"(?<![\w/.:-])((?:services|shared|console|tests|deploy|docs|requirements)/[\w./-]*\w)")
A_TARGET = re.compile(r"\bmake ([a-z][a-z-]*)")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_file_that_a_document_names_exists(document):
    named = set(A_PATH.findall(document.read_text()))
    places = (ROOT, document.parent)
    assert [path for path in sorted(named) if not any((place / path).exists() for place in places)] == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_make_target_that_a_document_names_exists(document):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(A_TARGET.findall(document.read_text())) <= targets


def test_a_missing_file_is_seen():
    assert A_PATH.findall("see `services/meetings/meetings/nowhere.py`, or https://x/shared/y") == [
        "services/meetings/meetings/nowhere.py"
    ]


def test_the_readme_tells_the_walk_of_a_meeting():
    walk = (ROOT / "README.md").read_text()
    words = ("schedule_meeting", "Meeting.schedule", "MeetingScheduled", "write_letters", "meeting_scheduled.fr.txt")
    assert [word for word in words if word not in walk] == []


@pytest.mark.parametrize(
    ("path", "text"), list(documents()), ids=lambda each: each.name if isinstance(each, Path) else ""
)
def test_what_is_written_from_the_tables_is_what_they_say(path, text):
    assert path.read_text() == text, "run `make docs`"


def test_a_table_that_says_something_else_is_seen():
    told = hears("meetings")
    assert "| `MemberLeft` | `roster.let_member_go` | `convening.withdraw_invitations` |" in told
    assert SECTION.sub("anew", f"a\n{BEGIN}\nold\n{END}\nb") == "a\nanew\nb"
