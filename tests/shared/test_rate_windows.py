"""What this process counts for itself is forgotten once its window is over."""

from shared.web.rate_windows import Windows


def test_a_window_that_is_over_is_forgotten_and_does_not_pile_up(monkeypatch):
    windows, now = Windows(), [1000.0]
    monkeypatch.setattr("shared.web.rate_windows.time.time", lambda: now[0])
    monkeypatch.setattr("shared.web.rate_windows.MOST", 3)
    assert [windows.incr(key, 60) for key in "aab"] == [1, 2, 1]
    now[0] += 61
    assert (windows.get("a"), windows.incr("a", 60), windows.incr("c", 60), windows.incr("d", 60)) == (0, 1, 1, 1)
    assert "b" not in windows._counts
