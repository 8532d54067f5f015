"""Rebuilding that fails: it says why, nothing was switched, and the next attempt goes on."""

from collections.abc import Callable
from typing import Any

import pytest
from bells import Bell, BellRung, write_down
from keepers import Killed, before_the_switch, damage, loudest, rings, side_is_there
from sqlalchemy.orm import Session
from towers import heard, steps

from shared.messaging.rebuild import BegunAnew, NotKept, NotRebuilt


def test_one_that_was_killed_half_way_goes_on_where_it_was(tower, live, rebuild, sessions, keeper):
    tower.ring(410)

    def die_at_300(_session: Session, event: BellRung) -> None:
        if event.number == 300:
            raise Killed

    keeper.before = die_at_300
    with pytest.raises(Killed):
        rebuild().run()
    assert rings(sessions) == []
    keeper.kept.clear()
    keeper.before = lambda _session, _event: None
    rebuild().run()
    assert (keeper.kept, rings(sessions)) == (list(range(201, 411)), list(range(1, 411)))


def test_one_that_is_to_begin_afresh_forgets_what_another_has_read(tower, live, rebuild, sessions, keeper, monkeypatch):
    tower.ring(3)

    def die() -> None:
        raise Killed

    with before_the_switch(monkeypatch, die), pytest.raises(Killed):
        rebuild().run()
    keeper.kept.clear()
    rebuild().run(afresh=True)
    assert keeper.kept == [1, 2, 3]


def test_a_publisher_that_does_not_answer_is_named_and_nothing_is_switched(tower, live, rebuild, sessions):
    tower.ring(3)
    steps(live)
    damage(sessions)
    with pytest.raises(NotRebuilt, match=r"bells does not answer .*nothing was switched"):
        rebuild("http://127.0.0.1:1").run()
    assert loudest(sessions) == [77]


def test_a_publisher_that_goes_away_before_the_switch_costs_nothing_that_was_read(
    tower, server, live, rebuild, sessions, keeper, monkeypatch
):
    tower.ring(3)
    app = server.app
    with (
        before_the_switch(monkeypatch, lambda: setattr(server, "app", unable)),
        pytest.raises(NotRebuilt, match="503"),
    ):
        rebuild().run()
    server.app = app
    assert rings(sessions) == []
    keeper.kept.clear()
    rebuild().run()
    assert (keeper.kept, rings(sessions)) == ([], [1, 2, 3])


def unable(_environ: Any, start_response: Callable[..., Any]) -> list[bytes]:
    start_response("503 Service Unavailable", [])
    return []


def test_what_cannot_be_kept_is_named_and_nothing_is_switched(tower, live, rebuild, sessions, keeper):
    tower.ring(3)
    steps(live)
    damage(sessions)

    def refuse_two(_session: Session, event: BellRung) -> None:
        if event.number == 2:
            raise ValueError("two is too many")

    keeper.before = refuse_two
    with pytest.raises(NotKept, match=r"bells\.bell_rung\.v1 .* cannot be kept .*two is too many"):
        rebuild().run()
    assert loudest(sessions) == [77]


def test_a_keeper_that_tells_something_is_refused(tower, live, rebuild, sessions, keeper):
    tower.ring(1)

    def ring_too(session: Session, _event: BellRung) -> None:
        bell = Bell.hang()
        session.add(bell)
        bell.ring()

    keeper.before = ring_too
    with pytest.raises(NotKept, match="BellRung was recorded: mark the handler `on`"):
        rebuild().run()


def test_a_keeper_that_writes_beyond_its_projections_is_refused(tower, live, rebuild, sessions, keeper):
    tower.ring(1)
    keeper.before = write_down
    with pytest.raises(NotKept, match="heard"):
        rebuild().run()
    assert heard(sessions) == []


def test_a_publisher_that_begins_anew_meanwhile_is_read_from_the_beginning_next_time(
    tower, server, live, rebuild, sessions, database_url, build_tower, monkeypatch
):
    tower.ring(3)
    anew = build_tower()
    anew.ring(5)
    with before_the_switch(monkeypatch, lambda: setattr(server, "app", anew.app)), pytest.raises(BegunAnew):
        rebuild().run()
    assert (rings(sessions), side_is_there(sessions, database_url)) == ([], False)
    rebuild().run()
    assert rings(sessions) == [1, 2, 3, 4, 5]


def test_one_at_a_time(tower, live, rebuild, monkeypatch):
    tower.ring(1)
    refused: list[str] = []

    def another() -> None:
        with pytest.raises(NotRebuilt) as reason:
            rebuild().run()
        refused.append(str(reason.value))

    with before_the_switch(monkeypatch, another):
        rebuild().run()
    assert refused == ["another rebuild of this service is running"]
