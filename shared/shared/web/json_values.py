"""Values of a body as JSON has them: 45 and 45.0 are one number, "45" is none, and 1 is not true.

In a query all is text: there it is marshmallow's own fields, which read it.
"""

from typing import Any

from marshmallow import fields


class Whole(fields.Integer):
    """A number without a part behind the point, however it is written."""

    def __init__(self, **more: Any) -> None:
        super().__init__(strict=True, **more)

    def _validated(self, value: Any) -> int:
        is_whole = isinstance(value, float) and value.is_integer()
        return super()._validated(int(value) if is_whole else value)


class Measure(fields.Float):
    """Any number that is one."""

    def _validated(self, value: Any) -> float:
        if not isinstance(value, int | float):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


class Truth(fields.Boolean):
    """`true` or `false`."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value
