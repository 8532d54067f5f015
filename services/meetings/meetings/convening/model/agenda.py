"""The agenda of a meeting: timed items, of which the last is for everyday concerns."""

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Any
from uuid import UUID

from .people import must_be_known


class Agenda(StrEnum):
    """What an item is for. The guide wants room for everyday concerns, whatever the theme."""

    TOPIC = "topic"
    EVERYDAY_CONCERNS = "everyday_concerns"


# One title in both languages: members of one community read either.
EVERYDAY_CONCERNS = {
    "kind": Agenda.EVERYDAY_CONCERNS.value,
    "title": "Questions du quotidien - قضايا الحياة اليومية",
    "minutes": 15,
    "led_by": None,
}


def complete(items: Sequence[dict[str, Any]], member_ids: Collection[UUID]) -> list[dict[str, Any]]:
    """The agenda as it is stored. Refuses an item led by somebody who is no member."""
    leaders = [(f"agenda.{place}.led_by", item["led_by"]) for place, item in enumerate(items) if item["led_by"]]
    must_be_known(leaders, member_ids, "meeting.unknown_leader")
    stored = [{**item, "led_by": item["led_by"] and str(item["led_by"])} for item in items]
    topics = [item for item in stored if item["kind"] == Agenda.TOPIC]
    everyday = [item for item in stored if item["kind"] == Agenda.EVERYDAY_CONCERNS]
    return [*topics, *(everyday or [EVERYDAY_CONCERNS])]
