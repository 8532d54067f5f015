"""Fields of bodies: what JSON says they are, and what the description says of them."""

import re

import pytest
from marshmallow import Schema, ValidationError

from shared.web.json_values import Measure, Truth, Whole
from shared.web.text import Line, Text


class Bell(Schema):
    ropes = Whole()
    weight = Measure()
    is_cracked = Truth()


@pytest.mark.parametrize(
    ("sent", "read"), [({"ropes": 2.0}, 2), ({"ropes": 2}, 2), ({"weight": 2}, 2.0), ({"is_cracked": True}, True)]
)
def test_a_value_is_read_however_it_is_written(sent, read):
    (value,) = Bell().load(sent).values()
    assert (value, type(value)) == (read, type(read))


@pytest.mark.parametrize(
    "sent",
    [{"ropes": wrong} for wrong in (2.5, "2", True, float("inf"), float("nan"))]
    + [{"weight": wrong} for wrong in ("2", True, float("inf"))]
    + [{"is_cracked": wrong} for wrong in (0, 1, "true", "no")],
)
def test_another_kind_of_value_is_refused(sent):
    with pytest.raises(ValidationError):
        Bell().load(sent)


@pytest.mark.parametrize(
    "field", [Text(longest=5), Line(longest=5), Text(longest=5, shortest=3), Line(longest=5, may_be_blank=True)]
)
def test_a_text_is_taken_exactly_if_its_description_says_so(field):
    for sent in ("", " ", "a", " a ", "abc", "a b", "abcde", "abcdef", "abcde ", "a\x00b", "a\nb", "abc\n", "\u2028a"):
        assert is_taken(field, sent) == is_described(field, sent), sent


def is_taken(field, sent: str) -> bool:
    try:
        field.deserialize(sent)
    except ValidationError:
        return False
    return True


def is_described(field, sent: str) -> bool:
    bounds = field.bounds
    return bounds.min <= len(sent) <= bounds.max and bool(re.search(field.metadata["pattern"], sent))
