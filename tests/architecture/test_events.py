"""Every event is heard by somebody, or listed here as knowingly unheard."""

from importlib.metadata import entry_points

from shared.events import declared, publisher_of

# Told for those who come later: reports, circles, alerts, portals that read the feed.
KNOWINGLY_UNHEARD = {
    "membership.academy_registered.v1",
    "membership.circle_changed.v1",
    "membership.companion_registered.v1",
    "membership.join_withdrawn.v1",
    "membership.unit_closed.v1",
    "membership.unit_reopened.v1",
    "membership.zone_registered.v1",
    "membership.invitation_declined.v1",
    "membership.invitation_lapsed.v1",
    "membership.school_registered.v1",
    "notifications.message_failed.v1",
}


def heard() -> set[str]:
    services = [entry.load() for entry in entry_points(group="halqa.services")]
    return {wire_type for service in services for wire_type in service.subscriptions.types}


def unheard(all_types: set[str], heard_types: set[str], listed: set[str]) -> set[str]:
    """Types that nobody hears and nobody has listed, and types listed though somebody hears them."""
    return (all_types - heard_types) ^ listed


def test_every_event_is_heard_or_knowingly_unheard():
    assert unheard(set(declared), heard(), KNOWINGLY_UNHEARD) == set()


def test_an_unheard_event_is_seen():
    assert unheard({"a.b.v1", "a.c.v1"}, {"a.b.v1"}, set()) == {"a.c.v1"}


def test_every_service_hears_only_what_is_declared():
    assert heard() <= set(declared)


def test_every_event_is_declared_in_the_module_of_its_publisher():
    for wire_type, event_class in declared.items():
        assert event_class.__module__.split(".")[:3] == ["shared", "events", publisher_of(wire_type)]
