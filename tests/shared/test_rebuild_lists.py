"""A service lists all that it keeps, so that nothing of it is left out of a rebuild, and nothing else is rebuilt."""

from importlib import import_module, util

import pytest
from sqlalchemy.orm import DeclarativeBase

from shared.domain.units import Unit

SERVICES = ("membership", "meetings", "practices", "notifications")


def kept_by(service: str) -> set[type]:
    if not util.find_spec(f"{service}.projections"):
        return set()
    room = import_module(f"{service}.projections")
    found = [
        thing for thing in vars(room).values() if isinstance(thing, type) and thing.__module__.startswith(room.__name__)
    ]
    return {thing for thing in found if issubclass(thing, DeclarativeBase)}


@pytest.mark.parametrize("name", SERVICES)
def test_all_projections_of_a_service_are_listed(name):
    listed = set(import_module(f"{name}.app").service.projections)
    assert listed - {Unit} == kept_by(name)
    assert kept_by(name)
    assert (Unit in listed) == (name != "membership")  # the tree is membership's own: nobody tells it
