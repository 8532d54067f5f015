"""A service lists all that it keeps, so that nothing of it is left out of a rebuild, and nothing else is rebuilt."""

from importlib import import_module, util

import pytest
from sqlalchemy.orm import DeclarativeBase

from shared.domain.units import Unit

SERVICES = ("membership", "meetings", "practices", "notifications")


def kept_by(service: str) -> set[type]:
    """The tables that the capabilities of a service declare among their projections."""
    packages = import_module(f"{service}.app").service.capabilities
    rooms = [f"{package.__name__}.projections" for package in packages]
    things = [thing for room in rooms if util.find_spec(room) for thing in vars(import_module(room)).values()]
    tables = [thing for thing in things if isinstance(thing, type) and issubclass(thing, DeclarativeBase)]
    return {table for table in tables if table.__module__ in rooms}


@pytest.mark.parametrize("name", SERVICES)
def test_all_projections_of_a_service_are_listed(name):
    listed = set(import_module(f"{name}.app").service.projections)
    assert listed - {Unit} == kept_by(name)
    assert kept_by(name)
    assert (Unit in listed) == (name != "membership")  # the tree is membership's own: nobody tells it
