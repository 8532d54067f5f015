"""Elections as they cross HTTP; nothing here can say who chose whom."""

from marshmallow import Schema, fields, validate

from membership.organisation import Cycle
from membership.people import Gender
from shared.web.resources import Thing
from shared.web.text import Text
from shared.web.utc import Utc

from .model.election import ElectionState


class CandidacyRequest(Schema):
    statement = Text(required=True, longest=2000)


class OpeningRequest(Schema):
    closes_at = Utc(required=True)


class VoteRequest(Schema):
    choice = fields.UUID(required=True, metadata={"description": "The candidate's principal id."})
    receipt = fields.String(
        required=True,
        validate=validate.Regexp(r"^[A-Za-z0-9_-]{22,64}(?!\n)$"),  # `$` alone lets a last line end pass
        metadata={
            "description": "Drawn at random by the voter's side (128 bits or more); found in the published count."
        },
    )


class RefusalRequest(Schema):
    reason = Text(required=True, longest=2000)


class CandidateSchema(Schema):
    principal_id = fields.UUID(required=True)
    statement = fields.String(required=True)
    gender = fields.Enum(Gender, by_value=True, required=True)
    cycle = fields.Enum(Cycle, by_value=True, required=True)
    appointed_on = fields.Date(required=True)


class BallotSchema(Schema):
    receipt = fields.String(required=True)
    choice = fields.UUID(required=True)


class ElectionSchema(Thing):
    address = "/v1/elections/{id}"

    id = fields.UUID(required=True)
    community_id = fields.UUID(required=True)
    state = fields.Enum(ElectionState, by_value=True, required=True)
    closes_at = Utc(allow_none=True)
    entitled = fields.Integer(required=True)
    voted = fields.Integer(required=True)
    needed = fields.Integer(required=True)
    candidates = fields.List(fields.Nested(CandidateSchema), required=True)
    elected_id = fields.UUID(allow_none=True)
    decided_by = fields.String(allow_none=True, metadata={"description": "votes, rotation, seniority or lot"})
    lot_seed = fields.String(allow_none=True)
    refusal_reason = fields.String(allow_none=True)
    ballots = fields.List(
        fields.Nested(BallotSchema),
        required=True,
        metadata={"description": "The count; empty until the vote is closed."},
    )
