"""Whatever marshmallow can say about our fields is known by its sentence, and so told in the caller's language.

An upgrade that words a sentence otherwise fails here, and not by English in a French answer.
"""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from marshmallow import Schema, ValidationError, fields

from architecture.rules import SERVICES
from shared.running import dead_letter_routes, log_routes
from shared.web.field_faults import UNKNOWN, recognise

SAID_OF_ANSWERS = ("format",)  # while an answer is written, and then it is an error of ours
TRIED: list[Any] = [None, "", "x" * 100_000, "x y\n", -(10**12), 10**12, 0.5, [], [None] * 100_000, "\ud800"]
WRONG_AS_SUCH = {"Invalid value.", "Invalid type.", "Invalid input type."}


def all_fields() -> Iterator[fields.Field]:
    assert dead_letter_routes and log_routes
    for service in SERVICES:
        import_module(f"{service}.app")
    for schema in _below(Schema):
        if schema.__module__.partition(".")[0] in (*SERVICES, "shared"):
            yield from (inner for field in schema._declared_fields.values() for inner in _with_inner(field))


def _below(kind: type) -> Iterator[type]:
    for below in kind.__subclasses__():
        yield from (below, *_below(below))


def _with_inner(field: fields.Field) -> Iterator[fields.Field]:
    yield field
    if isinstance(field, fields.List):
        yield from _with_inner(field.inner)


def sentences(field: fields.Field) -> Iterator[str]:
    filled = {"obj_type": getattr(field, "OBJ_TYPE", ""), "awareness": getattr(field, "AWARENESS", "")}
    filled |= {"choices": "a, b", "input": "x"}
    for key, text in field.error_messages.items():
        is_said = filled["awareness"] or "{awareness}" not in text
        if is_said and key not in SAID_OF_ANSWERS:
            yield text.format(**filled)
    yield from (text for validator in field.validators for value in TRIED for text in _provoked(validator, value))


def _provoked(validator: Any, value: Any) -> list[str]:
    try:
        validator(value)
    except ValidationError as error:
        return [str(text) for text in error.messages]
    except TypeError:  # a text where it compares numbers
        pass
    return []


def test_every_sentence_about_our_fields_is_known():
    found = {text for field in all_fields() for text in sentences(field)}
    assert len(found) > 20
    assert {text for text in found if recognise(text)[0] == UNKNOWN} <= WRONG_AS_SUCH


@pytest.mark.parametrize(
    "sent", [{"colour": 1}, [], None, "text"], ids=["a field too many", "a list", "nothing", "a text"]
)
def test_what_is_said_of_the_whole_is_known_too(sent):
    with pytest.raises(ValidationError) as wrong:
        Schema.from_dict({"tone": fields.String()})().load(sent)
    said = [text for texts in wrong.value.messages.values() for text in texts]
    assert all(text in WRONG_AS_SUCH or recognise(text)[0] != UNKNOWN for text in said), said
