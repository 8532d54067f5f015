"""Text as people type it: trimmed, of bounded length, storable in every database."""

import re
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate


class Text(fields.String):
    """A text that is not blank unless `may_be_blank`; `shortest` and `longest` are in characters."""

    # JSON can spell half a character ("\ud800"); no database and no mail can hold one.
    refused: ClassVar = re.compile("[\x00\ud800-\udfff]")
    why: ClassVar = "field.not_storable"

    def __init__(self, *, longest: int, shortest: int = 1, may_be_blank: bool = False, **more: Any) -> None:
        super().__init__(validate=validate.Length(min=0 if may_be_blank else shortest, max=longest), **more)

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        text = super()._deserialize(value, attr, data, **more).strip()
        if self.refused.search(text):
            raise ValidationError(self.why)
        return text


class Line(Text):
    """A text of one line, fit for the subject of a mail: no control character at all."""

    refused: ClassVar = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
    why: ClassVar = "field.not_one_line"
