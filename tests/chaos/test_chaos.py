"""The short form of `make chaos`: every event has one effect, in order, whoever dies and whatever line fails."""

import pytest

from .stage import Way


@pytest.mark.parametrize("way", Way)
def test_every_change_has_one_effect_in_order_however_processes_die(run, way):
    report = run(way, seconds=6, kills=10, trouble_every=0.5, told_again=0.3, patience=20)
    assert report.is_clean
    assert report.kills >= 10
    assert report.verdict.committed > 20
    assert report.counts["duplicates suppressed"] > 0
