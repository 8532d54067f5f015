"""`/v1/dead-letters` of every service: HTTP in, HTTP out, for administrators; what it does stands in messaging.

No answer to a POST repeats a payload: answers are kept for whoever repeats a request, and payloads name people.
"""

from functools import cache
from typing import Any
from uuid import UUID

from flask import g
from flask_smorest import Blueprint
from marshmallow import Schema, fields, validate

from shared.domain.paging import MOST
from shared.messaging.dead_letter_store import Source, Wish
from shared.messaging.dead_letters import DeadLetters, Judged
from shared.messaging.subscriptions import Subscriptions
from shared.web.audit import audited
from shared.web.declared_refusals import raises
from shared.web.text import Line, Text
from shared.web.utc import Utc

LONGEST_WORD = 255  # characters
A_PLACE = validate.Regexp(r"^(outbox|inbox)\.[0-9]{1,18}(?!\n)$", error="field.not_a_place_in_the_list")


def wished(about: str) -> Line:
    return Line(longest=LONGEST_WORD, metadata={"description": about})


class PlaceSchema(Schema):
    source = fields.Enum(
        Source,
        by_value=True,
        metadata={
            "title": "DeadLetterSource",
            "description": "inbox: not applied; outbox: not sent; broker: not even taken in.",
        },
    )
    subscription = wished("`<service>.<purpose>`, as the queue is named.")


class DeadLetterFilterSchema(PlaceSchema):
    type = wished("The event's type.")
    exception = wished("The name of what was raised.")


class DeadLetterPageRequest(DeadLetterFilterSchema):
    after = fields.String(validate=A_PLACE, metadata={"description": "The `next` of the page before."})
    limit = fields.Integer(load_default=50, validate=validate.Range(1, MOST))


class VerdictRequest(Schema):
    reason = Text(required=True, shortest=3, longest=500, metadata={"description": "Kept for ever, with your name."})


class ReplayRequest(VerdictRequest):
    filter = fields.Nested(DeadLetterFilterSchema, load_default=dict)
    after = fields.String(load_default=None, validate=A_PLACE)


class DeadLetterSchema(Schema):
    id = fields.UUID(metadata={"description": "Of the event; made from its body where that is unreadable."})
    source = fields.String()
    subscription = fields.String(allow_none=True)
    type = fields.String()
    partition_key = fields.String(allow_none=True, metadata={"description": "What stays in order, and waits for it."})
    status = fields.String()
    attempts = fields.Integer(allow_none=True)
    exception = fields.String(allow_none=True)
    error = fields.String(allow_none=True, metadata={"description": "In one line."})
    came_at = Utc(allow_none=True)
    died_at = Utc(allow_none=True)


class DeadLetterPageSchema(Schema):
    items = fields.List(fields.Nested(DeadLetterSchema), required=True)
    next = fields.String(allow_none=True)


class VerdictSchema(Schema):
    verdict = fields.String()
    reason = fields.String()
    given_by = fields.String()
    given_at = Utc()
    source = fields.String()
    subscription = fields.String(allow_none=True)


class JudgedDeadLetterSchema(DeadLetterSchema):
    verdicts = fields.List(fields.Nested(VerdictSchema))
    note = fields.String(allow_none=True, metadata={"description": "What else to know."})


class WholeDeadLetterSchema(JudgedDeadLetterSchema):
    payload = fields.String(allow_none=True, metadata={"description": "As it came; cut where it was very long."})
    trace = fields.String(allow_none=True, metadata={"description": "The traceback, or what the broker said of it."})


class ReplayReportSchema(Schema):
    replayed = fields.Integer()
    left = fields.Integer(metadata={"description": "How many follow, counted up to ten thousand."})
    next = fields.String(allow_none=True, metadata={"description": "Send it as `after` to go on; null at the end."})


@cache
def dead_letters_of(subscriptions: Subscriptions) -> Blueprint:
    routes = Blueprint(
        "dead_letters",
        __name__,
        url_prefix="/v1/dead-letters",
        description="What could not be applied or sent, for administrators: try again, or give up, with a reason",
    )
    letters = DeadLetters(subscriptions.on_dead)
    _reading(routes, letters)
    _judging(routes, letters)
    return routes


def _reading(routes: Blueprint, letters: DeadLetters) -> None:
    @routes.get("")
    @routes.arguments(DeadLetterPageRequest, location="query")
    @routes.response(200, DeadLetterPageSchema)
    @audited()
    def list_dead_letters(wish: dict[str, Any]):
        """The dead letters of this service, oldest first: what could not be sent, then what could not be applied."""
        return letters.letters(
            g.session, g.actor, after=wish.pop("after", None), limit=wish.pop("limit"), wish=Wish(**wish)
        )

    @routes.get("/<uuid:letter_id>")
    @raises("dead_letter.not_found", "dead_letter.ambiguous")
    @routes.arguments(PlaceSchema, location="query")
    @routes.response(200, WholeDeadLetterSchema)
    @audited()
    def get_dead_letter(where: dict[str, Any], letter_id: UUID):
        """All that is known of it, and every verdict so far, also when it is no longer dead."""
        return _flat(letters.show(g.session, g.actor, letter_id, Wish(**where)))


def _judging(routes: Blueprint, letters: DeadLetters) -> None:
    @routes.post("/<uuid:letter_id>/replay")
    @raises("dead_letter.not_found", "dead_letter.ambiguous", "dead_letter.settled")
    @routes.arguments(PlaceSchema, location="query")
    @routes.arguments(VerdictRequest)
    @routes.response(200, JudgedDeadLetterSchema)
    @audited()
    def replay_dead_letter(where: dict[str, Any], why: dict[str, str], letter_id: UUID):
        """Try it again, in its place in order; what waits behind it follows. 409 if it is no longer dead."""
        return _flat(letters.replay(g.session, g.actor, letter_id, Wish(**where), **why))

    @routes.post("/<uuid:letter_id>/discard")
    @raises("dead_letter.not_found", "dead_letter.ambiguous", "dead_letter.settled")
    @routes.arguments(PlaceSchema, location="query")
    @routes.arguments(VerdictRequest)
    @routes.response(200, JudgedDeadLetterSchema)
    @audited()
    def discard_dead_letter(where: dict[str, Any], why: dict[str, str], letter_id: UUID):
        """Give it up; what waits behind it goes on without it. 409 if it is no longer dead."""
        return _flat(letters.discard(g.session, g.actor, letter_id, Wish(**where), **why))

    @routes.post("/replay")
    @routes.arguments(ReplayRequest)
    @routes.response(200, ReplayReportSchema)
    def replay_dead_letters(wish: dict[str, Any]):
        """Try again the first of those that the filter finds; call again with `next` until it is null."""
        return letters.replay_all(g.session, g.actor, Wish(**wish["filter"]), wish["reason"], wish["after"])


def _flat(judged: Judged) -> dict[str, Any]:
    letter = judged.letter
    return vars(letter) | {"error": letter.error, "verdicts": judged.verdicts, "note": judged.note}
