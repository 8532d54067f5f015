"""An event of an earlier version is read as one of the newest: by pure functions, one after the other."""

from dataclasses import dataclass
from uuid import UUID

import msgspec
import pytest
from bells import BellRung

from shared.events import Undecodable, decode_data, heard_as, read_as, upcast
from shared.testing.harness import wrap

BELL = UUID(int=7)
V1, V2, V3 = (f"bells.bell_rung.v{major}" for major in (1, 2, 3))


@dataclass(frozen=True, kw_only=True)
class BellRungV3:
    wire_type = V3

    bell_id: UUID
    ring: int
    tower: str


def with_ring(data):
    return {"bell_id": data["bell_id"], "ring": data["number"]}


def with_tower(data):
    return {**data, "tower": "unknown"}


@pytest.fixture
def _chained(declare) -> None:
    declare(BellRungV3)
    upcast(V2, to=V3)(with_tower)
    upcast(V1, to=V2)(with_ring)


def of_type(wire_type: str, data: dict):
    return msgspec.structs.replace(
        wrap(BellRung(bell_id=BELL, number=3)), type=wire_type, data=msgspec.Raw(msgspec.json.encode(data))
    )


NEWEST = BellRungV3(bell_id=BELL, ring=3, tower="unknown")


@pytest.mark.usefixtures("_chained")
class TestAChain:
    def test_the_oldest_is_read_as_the_newest_though_its_class_is_gone(self):
        assert decode_data(of_type(V1, {"bell_id": str(BELL), "number": 3})) == NEWEST

    def test_one_from_the_middle_takes_the_rest_of_the_way(self):
        assert decode_data(of_type(V2, {"bell_id": str(BELL), "ring": 3})) == NEWEST

    def test_the_newest_is_read_as_it_is(self):
        told = {"bell_id": str(BELL), "ring": 3, "tower": "east"}
        assert decode_data(of_type(V3, told)).tower == "east"

    def test_whoever_hears_the_newest_hears_all(self):
        assert heard_as(V3) == [V1, V2]
        assert heard_as(V2) == heard_as(V1) == []
        assert [read_as(wire_type) for wire_type in (V1, V2, V3)] == [V3, V3, V3]

    def test_what_comes_out_is_checked(self):
        with pytest.raises(Undecodable, match="ring"):
            decode_data(of_type(V1, {"bell_id": str(BELL), "number": "three"}))

    @pytest.mark.parametrize("data", [[], "ring", None])
    def test_what_is_no_data_at_all_reaches_no_upcaster(self, data):
        with pytest.raises(Undecodable):
            decode_data(of_type(V1, data))

    def test_a_version_is_upcast_once(self):
        with pytest.raises(ValueError, match="upcast twice"):
            upcast(V1, to=V3)(with_tower)


@pytest.mark.usefixtures("declare")
@pytest.mark.parametrize("to", [V1, "bells.bell_hung.v2", "chimes.bell_rung.v2", "bells.bell_rung.v2.1"])
def test_only_a_later_version_of_the_same_event_will_do(to):
    with pytest.raises(ValueError, match=r"is no later version|is not <publisher>"):
        upcast(V1, to=to)


@pytest.mark.usefixtures("declare")
def test_the_tenth_version_is_later_than_the_ninth():
    upcast("bells.bell_rung.v10", to="bells.bell_rung.v11")(with_tower)
    upcast("bells.bell_rung.v9", to="bells.bell_rung.v10")(with_ring)
    assert heard_as("bells.bell_rung.v11") == ["bells.bell_rung.v9", "bells.bell_rung.v10"]


def test_an_upcaster_that_leads_nowhere_is_undecodable(declare):
    declare()
    upcast(V1, to=V2)(with_ring)
    with pytest.raises(Undecodable, match=V2):
        decode_data(of_type(V1, {"bell_id": str(BELL), "number": 3}))
