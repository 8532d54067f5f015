"""Text as people type it: trimmed, of bounded length, storable in every database."""

import re
from typing import Any, ClassVar

from marshmallow import ValidationError, fields, validate

SEEN = r"[^\s\x1c-\x1f\x85]"  # not all that is trimmed here is a blank to every reader of patterns
EXAMPLE = "text"  # else tools make one up from the pattern, which nobody can read


class Text(fields.String):
    """A text that is not blank unless `may_be_blank`; `shortest` and `longest` are in characters.

    `longest` counts what is sent, `shortest` what is left once it is trimmed, and the description of the API says so.
    """

    # JSON can spell half a character ("\ud800"); no database and no mail can hold one.
    refused: ClassVar = re.compile("[\x00\ud800-\udfff]")
    why: ClassVar = "field.not_storable"

    def __init__(
        self,
        *,
        longest: int,
        shortest: int = 1,
        may_be_blank: bool = False,
        metadata: dict[str, Any] | None = None,
        **more: Any,
    ) -> None:
        self.longest = longest
        self.bounds = validate.Length(min=0 if may_be_blank else shortest, max=longest)
        told = {"pattern": self._pattern(0 if may_be_blank else shortest), "examples": [EXAMPLE], **(metadata or {})}
        super().__init__(validate=self.bounds, metadata=told, **more)

    def _pattern(self, shortest: int) -> str:
        """Without a bound: tools that write one into every repeat make a pattern of 20,000 steps of it."""
        several = rf"(?=[\s\S]*{SEEN}[\s\S]{{{shortest - 2},}}{SEEN})"
        trimmed = {0: "", 1: rf"(?=[\s\S]*{SEEN})"}.get(shortest, several)
        return rf"^{trimmed}(?![\s\S]*\x00)"

    def _deserialize(self, value: Any, attr: str | None, data: Any, **more: Any) -> str:
        sent = super()._deserialize(value, attr, data, **more)
        if len(sent) > self.longest:
            self.bounds(sent)
        text = sent.strip()
        if self.refused.search(text):
            raise ValidationError(self.why)
        return text


class Line(Text):
    """A text of one line, fit for the subject of a mail: no control character at all."""

    refused: ClassVar = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
    why: ClassVar = "field.not_one_line"
    unfit: ClassVar = r"\x00-\x1f\x7f-\x9f\u2028\u2029"  # for patterns, which see whole characters only

    def _pattern(self, shortest: int) -> str:
        fit, seen = f"[^{self.unfit}]", rf"[^{self.unfit}\s]"
        trimmed = f"{seen}{fit}{{{shortest - 2},}}{seen}" if shortest > 1 else f"{seen}(?:{fit}*{seen})?"
        return rf"^\s*{trimmed}\s*$" if shortest else rf"^\s*(?:{trimmed})?\s*$"
