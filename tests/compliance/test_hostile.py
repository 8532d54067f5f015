"""Nothing that others send can stop a subscriber, or keep good events from it."""

from towers import checkpoint

from shared.running import service
from shared.testing.waiting import eventually

from .hostile import page


def test_what_is_hostile_harms_nothing_and_ends_where_it_must(way):
    way.start()
    for number, name in enumerate(way.hostile, 1):
        way.harm(name)
        way.ring()
        way.hears(*range(1, number + 1))


def test_a_feed_that_leads_astray_for_a_while_is_read_again(way, monkeypatch):
    """Another log answers under this address: its epoch, and a place far ahead."""
    monkeypatch.setattr(service, "CATCH_UP_EVERY", 0.05)  # a minute in production
    way.start()
    way.ring(3)
    way.hears(1, 2, 3)
    way.feed.app = page(b"[]")
    eventually(lambda: checkpoint(way.sessions) == 999, what="the subscriber is led astray")
    way.feed.app = way.tower.app
    way.ring(3)
    way.hears(1, 2, 3, 4, 5, 6)
    eventually(lambda: checkpoint(way.sessions) == 6, what="it knows its place again")
