"""The count notices: each promise of the real code is broken once, on purpose, and the damage must be reported."""

import pytest

from .deaths import after, before
from .stage import Way

pytestmark = pytest.mark.long

CAST = {"writer": 2, "publisher": 1, "feed": 1, "subscriber": 1}
SHORT = {"seconds": 3, "trouble_every": 0, "patience": 1.5, "cast": CAST}
UNHURT = {"kills": 0, "told_again": 0.5}
DYING = {"kills": 3, "told_again": 0}  # what is told again would heal what was lost


def test_duplicate_effects_are_seen_when_the_inbox_takes_everything_as_new(run):
    report = run(Way.QUEUE, sabotage="without_deduplication", **UNHURT, **SHORT)
    assert report.verdict.duplicates > 0
    assert report.verdict.lost == 0


def test_duplicate_effects_are_seen_when_the_inbox_of_a_reader_takes_everything_as_new(run):
    report = run(Way.PULL, sabotage="without_deduplication", **UNHURT, **SHORT)
    assert report.verdict.duplicates > 0
    assert report.verdict.lost == 0


def test_loss_is_seen_when_the_consumer_acknowledges_before_the_commit(run):
    points = {"subscriber": (before("what the queue brought"),)}
    report = run(Way.QUEUE, sabotage="acknowledge_early", points=points, **DYING, **SHORT)
    assert report.verdict.lost > 0


def test_loss_is_seen_when_the_relay_marks_before_it_sends(run):
    points = {"publisher": (after("the mark of what was sent"),)}
    report = run(Way.QUEUE, sabotage="mark_early", points=points, **DYING, **SHORT)
    assert report.verdict.lost > 0


def test_loss_is_seen_when_a_reader_saves_its_place_before_the_effects(run):
    points = {"subscriber": (after("a page"),)}
    report = run(Way.PULL, sabotage="save_place_early", points=points, **DYING, **SHORT)
    assert report.verdict.lost > 0


def test_disorder_is_seen_when_the_relay_sends_the_latest_first(run):
    report = run(Way.QUEUE, sabotage="publish_unordered", kills=0, told_again=0, **SHORT)
    assert report.verdict.disorder > 0


def test_a_process_is_seen_of_which_a_thread_has_ended(run):
    report = run(Way.PULL, sabotage="end_a_thread", kills=0, **SHORT)
    assert report.unwanted > 0
    assert not report.is_clean
