"""Publishers and subscribers of different editions understand each other."""

from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest
from bells import Bell, BellRung

from shared.events import _upcast, declared, upcast

from .ear import Ear
from .hostile import BELL, altered


@dataclass(frozen=True, kw_only=True)
class BellRungNow:
    """Rings are counted from 101 on, since."""

    wire_type = "bells.bell_rung.v2"

    bell_id: UUID
    number: int


@pytest.fixture
def ear(monkeypatch) -> Ear:
    monkeypatch.setitem(declared, BellRungNow.wire_type, BellRungNow)
    monkeypatch.setattr(_upcast, "upcasters", {})
    upcast(BellRung.wire_type, to=BellRungNow.wire_type)(lambda old: {**old, "number": old["number"] + 100})
    return Ear(f"bells.ear_{uuid4().hex[:8]}", BellRungNow)


def test_an_event_of_an_older_version_is_read_as_one_of_today(way):
    way.start()
    way.ring(2)
    way.hears(101, 102)


def test_an_event_told_in_two_versions_is_heard_once(way):
    way.start()
    with way.tower.sessions.transaction() as session:
        bell = session.get_one(Bell, way.tower.bell_id)
        for number in (1, 2):
            now = BellRungNow(bell_id=bell.id, number=number + 100)
            bell.record(now, also=BellRung(bell_id=bell.id, number=number))
    way.ring()  # of the older version alone: the last to come
    way.hears(101, 102, 101)
    assert way.statuses() == {"done": 3, "skipped": 2}


def test_what_is_unknown_in_an_event_is_ignored(way):
    way.start()
    way.tell(altered(moonphase="full", data={"bell_id": str(BELL), "number": 7, "colour": "green"}))
    way.hears(107)
