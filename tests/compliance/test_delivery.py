"""Every committed event takes effect once and in order, however often it is told and whoever listens."""

from contextlib import suppress

from bells import Bell


class ChangedMind(Exception):
    pass


def test_every_committed_event_takes_effect_once_and_in_order_per_key(way):
    way.start()
    bells = [way.hang() for _ in range(3)]
    for _ in range(5):
        for bell in bells:
            way.ring(3, bell)
    for bell in bells:
        way.hears(*range(1, 16), bell=bell)
    assert len(way.heard()) == 45


def test_what_was_not_committed_is_never_heard(way):
    way.start()
    with suppress(ChangedMind), way.tower.sessions.transaction() as session:
        session.get_one(Bell, way.tower.bell_id).ring()
        session.flush()
        raise ChangedMind
    way.ring(1, way.hang())
    way.hears(1)


def test_ten_deliveries_of_the_same_are_one_effect_and_are_counted(way):
    way.start()
    way.ring(3)
    way.hears(1, 2, 3)
    for times in range(1, 10):
        way.tell_all_again()
        way.is_counted(done=3, duplicates=3 * times)
    way.ring()
    way.hears(1, 2, 3, 4)
    way.is_counted(done=4, duplicates=27)


def test_two_processes_of_a_subscriber_are_one_effect_each(way):
    way.start()
    way.start()
    for _ in range(10):
        way.ring(3)
    way.hears(*range(1, 31))
    way.subscribers.pop(0).stop()
    way.ring(3)
    way.hears(*range(1, 34))


def test_a_subscriber_added_today_gets_the_past_first(way):
    way.ring(5)
    way.start()
    way.ring(2)
    way.hears(1, 2, 3, 4, 5, 6, 7)
