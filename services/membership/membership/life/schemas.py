"""The ten steps, silence and end of communities as they cross HTTP."""

from marshmallow import Schema, fields

from membership.communities import AlarmSchema, CommunitySchema
from shared.web.text import Text

from .model import Evidence, StepState, WhyOpen


class LaunchFactSchema(Schema):
    what = fields.Enum(Evidence, by_value=True, required=True)
    thing_id = fields.UUID(allow_none=True)
    happened_on = fields.Date(allow_none=True, metadata={"description": "Null where no day was told."})


class LaunchStepSchema(Schema):
    number = fields.Integer(required=True)
    name = fields.String(required=True, attribute="recipe.name")
    label_fr = fields.String(required=True, attribute="recipe.label_fr")
    label_ar = fields.String(required=True, attribute="recipe.label_ar")
    label_en = fields.String(required=True, attribute="recipe.label_en")
    state = fields.Enum(StepState, by_value=True, required=True)
    reason = fields.Enum(WhyOpen, by_value=True, allow_none=True, metadata={"description": "Why it is open."})
    needed = fields.Integer(required=True, attribute="recipe.needed", metadata={"description": "How many facts."})
    facts = fields.List(fields.Nested(LaunchFactSchema), required=True)


class TenStepsSchema(Schema):
    steps = fields.List(fields.Nested(LaunchStepSchema), required=True)


class SilentCommunitySchema(Schema):
    community = fields.Nested(CommunitySchema, required=True)
    alarms = fields.List(fields.Nested(AlarmSchema), required=True)


class DissolutionRequest(Schema):
    reason = Text(required=True, longest=2000)
