"""Text as people type it: trimmed, of bounded length, storable in every database."""

from typing import Any

from marshmallow import ValidationError, fields, validate


class Text(fields.String):
    """A text that is not blank unless `may_be_blank`; `longest` is in characters."""

    def __init__(self, *, longest: int, may_be_blank: bool = False, **more: Any) -> None:
        super().__init__(validate=validate.Length(min=0 if may_be_blank else 1, max=longest), **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more).strip()
        if "\x00" in text:
            raise ValidationError("The character NUL cannot be stored.")
        return text
