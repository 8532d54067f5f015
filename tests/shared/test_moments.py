"""Moments cross HTTP with their zone: any in, UTC out, none is refused; in every schema of every service."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from importlib.metadata import entry_points
from typing import Any

import pytest
from marshmallow import Schema, ValidationError, fields
from marshmallow.class_registry import _registry

from shared.web.utc import Utc

CASABLANCA = timezone(timedelta(hours=1))


def schemas() -> Iterator[type[Schema]]:
    for entry in entry_points(group="halqa.services"):
        entry.load()
        entry.load()
    for found in _registry.values():
        yield from (schema for schema in found if schema.__module__.partition(".")[0] in known())


def known() -> set[str]:
    return {"shared", *(entry.name for entry in entry_points(group="halqa.services"))}


def inner(field: Any) -> Iterator[Any]:
    yield field
    for part in ("inner", "key_field", "value_field"):
        if getattr(field, part, None) is not None:
            yield from inner(getattr(field, part))


def test_every_moment_of_every_service_has_a_zone():
    found = [(s, name, f) for s in schemas() for name, field in s._declared_fields.items() for f in inner(field)]
    moments = [one for one in found if isinstance(one[2], fields.DateTime | fields.NaiveDateTime | fields.Time)]
    assert len(moments) > 20
    assert [f"{schema.__qualname__}.{name}" for schema, name, field in moments if not isinstance(field, Utc)] == []


def test_any_zone_comes_in_and_utc_goes_out():
    assert Utc().deserialize("2026-03-05T14:30:00+01:00") == datetime(2026, 3, 5, 13, 30, tzinfo=UTC)
    assert Utc().deserialize("2026-03-05T14:30:00+01:00").tzinfo is UTC
    at = {"at": datetime(2026, 3, 5, 14, 30, tzinfo=CASABLANCA)}
    assert Utc().serialize("at", at) == "2026-03-05T13:30:00+00:00"
    assert Utc().serialize("at", {"at": None}) is None


@pytest.mark.parametrize(
    "given", ["2026-03-05T14:30:00", "2026-03-05", "14:30", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"]
)
def test_what_could_mean_any_of_many_moments_or_none_is_refused(given):
    with pytest.raises(ValidationError):
        Utc().deserialize(given)
