"""What marshmallow says about fields, in its English, becomes codes and facts, which can be said in any language."""

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from shared.domain.refusals import Fault

FIELDS = Path(__file__).with_name("fields.toml")
A_CODE = re.compile(r"[a-z_]+\.[a-z0-9_]+")
UNKNOWN = "field.wrong"


def flattened(messages: Any, path: str = "") -> list[Fault]:
    """Marshmallow's tree of messages as a list; a field within a field is named `outer.inner`."""
    if not isinstance(messages, dict):
        return [fault(text, path.removeprefix(".") or None) for text in messages]
    steps = {name: "" if name == "_schema" else f".{name}" for name in messages}  # `_schema` is the whole
    return [found for name, inner in messages.items() for found in flattened(inner, path + steps[name])]


def fault(message: Any, field: str | None) -> Fault:
    code, facts = recognise(str(message))
    return Fault(code, field=field, facts=facts)


def recognise(message: str) -> tuple[str, dict[str, str]]:
    """Our own checks raise codes; marshmallow's sentences are in `fields.toml`, with blanks for what varies."""
    if A_CODE.fullmatch(message):
        return message, {}
    found = ((code, pattern.fullmatch(message)) for code, pattern in _sentences())
    return next(((code, match.groupdict()) for code, match in found if match), (UNKNOWN, {}))


@cache
def _sentences() -> list[tuple[str, re.Pattern[str]]]:
    reasons = tomllib.loads(FIELDS.read_text(encoding="utf-8"))["reasons"]
    return [(code, _pattern(said)) for code, texts in reasons.items() for said in texts.get("says", ())]


def _pattern(said: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.*)", re.escape(said)), re.DOTALL)
