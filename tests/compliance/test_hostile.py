"""Nothing that others send can stop a subscriber, or keep good events from it."""


def test_what_is_hostile_harms_nothing_and_ends_where_it_must(way):
    way.start()
    for number, name in enumerate(way.hostile, 1):
        way.harm(name)
        way.ring()
        way.hears(*range(1, number + 1))
