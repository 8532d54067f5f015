"""What the documents name exists."""

import re

import pytest

from architecture.rules import ROOT

DOCUMENTS = sorted(
    path
    for pattern in ("*.md", "docs/**/*.md", "services/*/README.md", "shared/README.md", "deploy/*.md")
    for path in ROOT.glob(pattern)
)
A_PATH = re.compile(r"(?<![\w/.:-])((?:services|shared|tests|deploy|docs|requirements)/[\w./-]*\w)")
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
    words = ("schedule_meeting", "Meeting.schedule", "MeetingScheduled", "invite_members", "meeting_scheduled.fr.txt")
    assert [word for word in words if word not in walk] == []
