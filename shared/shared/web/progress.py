"""How far a job is, as whoever waits for it is told."""

from marshmallow import Schema, fields, validate

from shared.domain.jobs import JobState

from .utc import Utc


class ProgressSchema(Schema):
    """Of a job (`shared.domain.jobs.Job`); `total` is null while nobody knows."""

    state = fields.String(required=True, validate=validate.OneOf(list(JobState)), metadata={"title": "JobState"})
    step = fields.String(required=True)
    done = fields.Integer(required=True)
    total = fields.Integer(required=True, allow_none=True)
    asked_at = Utc(required=True)
    started_at = Utc(required=True, allow_none=True)
    ended_at = Utc(required=True, allow_none=True)
