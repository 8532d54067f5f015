"""Moments as they cross HTTP: any zone in, but never none; UTC out, and written so."""

from datetime import UTC, datetime
from typing import Any

from marshmallow import fields


class Utc(fields.AwareDateTime):
    """A moment. `2026-03-05T14:30:00+01:00` comes in, `2026-03-05T13:30:00+00:00` goes out."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> datetime:
        try:
            return super()._deserialize(value, attr, data, **more).astimezone(UTC)
        except OverflowError as error:  # in the first or the last day that a calendar knows
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE) from error

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **more: Any) -> Any:
        return super()._serialize(value and value.astimezone(UTC), attr, obj, **more)
