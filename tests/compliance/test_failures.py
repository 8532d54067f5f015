"""What cannot be applied holds back its own key, and nothing else; once it can, everything is applied in order."""

import pytest

from shared.domain.actor import Actor, Role
from shared.messaging.dead_letter_store import Wish
from shared.messaging.dead_letters import DeadLetters
from shared.messaging.subscriptions import Unrecoverable
from shared.testing.waiting import eventually

from .hostile import altered
from .ways import Way


def retry_hours_later(way: Way) -> None:
    way.let_time_pass()


def replay(way: Way) -> None:
    operator = Actor(id="amina", role=Role.MINISTRY_ADMINISTRATOR)
    with way.sessions.transaction() as session:
        assert DeadLetters().replay_all(session, operator, Wish(), "mended").replayed == 1


@pytest.mark.parametrize(
    ("failure", "status", "then"),
    [(RuntimeError("a bug"), "retry", retry_hours_later), (Unrecoverable("no such bell"), "dead", replay)],
    ids=["retry", "dead, replay"],
)
def test_a_failing_handler_parks_its_key_only_and_after_the_fix_all_is_applied_in_order(way, failure, status, then):
    way.start()
    broken, whole = way.hang(), way.hang()
    way.ring(1, broken)
    way.hears(1, bell=broken)
    way.ear.bugs[broken] = failure
    way.ring(3, broken)
    way.ring(3, whole)
    way.hears(1, 2, 3, bell=whole)
    eventually(lambda: way.statuses() == {"done": 4, status: 1, "blocked": 2})
    way.ear.bugs.clear()
    way.ring(1, broken)
    eventually(lambda: way.statuses()["blocked"] == 3)
    then(way)
    way.hears(1, 2, 3, 4, 5, bell=broken)
    assert way.statuses() == {"done": 8}


def test_what_cannot_be_read_as_the_event_it_says_it_is_dies_at_once_and_others_go_on(way):
    way.start()
    way.tell(altered(data={"bell_id": "the big one", "number": []}))
    way.ring(2)
    way.hears(1, 2)
    assert way.statuses() == {"dead": 1, "done": 2}


def test_an_event_of_a_type_that_nobody_here_knows_is_skipped_and_counted(way):
    way.start()
    way.tell(altered(type="bells.moon_landed.v1"))
    way.ring(2)
    way.hears(1, 2)
    assert way.statuses() == {"skipped": 1, "done": 2}
    assert way.count("received", status="skipped") == 1


def test_an_event_that_was_not_asked_for_does_not_come(way):
    way.start()
    way.tower.tell_something_else(3)
    way.ring(2)
    way.hears(1, 2)
    assert way.statuses() == {"done": 2}
