"""What is told of plans: figures, shortfalls in words, places, explanations, comparisons."""

from typing import Any

from marshmallow import Schema, fields

from membership.organisation import Cycle
from membership.people import Gender
from shared.domain.refusals import Fault
from shared.web.problems import reason_of
from shared.web.progress import ProgressSchema
from shared.web.resources import Thing
from shared.web.utc import Utc

from ..model.plan import PlanState
from ..model.plan_parts import Exclusion, PlacedBy
from .plans import PlanParameters

# A shortfall of one group, and one that no division could avoid: what each is called in the catalogue.
IN_A_GROUP = {"size_least": "plan.group_small", "size_most": "plan.group_large", "mix": "plan.group_without"}
IN_A_GROUP |= {"fixed": "plan.fixed_there"}

EVERYWHERE = {"size_least": "plan.too_few", "size_most": "plan.too_many", "mix": "plan.too_rare"}
EVERYWHERE |= {"hosts": "plan.too_few_hosts"}
FIXED = "plan.fixed_against"


def _counts(words: Any) -> fields.Nested:
    counted = Schema.from_dict({word.value: fields.Integer(required=True) for word in words}, name=f"{words.__name__}s")
    return fields.Nested(counted, required=True)


class TravelSchema(Schema):
    total_km = fields.Float(required=True)
    median_km = fields.Float(required=True)
    worst_km = fields.Float(required=True)


class GroupFigures(TravelSchema):
    group = fields.Integer(required=True)
    host_code = fields.String(required=True)
    size = fields.Integer(required=True)
    cycles = _counts(Cycle)
    genders = _counts(Gender)
    zones = fields.Integer(required=True, metadata={"description": "From how many zones its people come."})


class PlanFigures(TravelSchema):
    people = fields.Integer(required=True)
    far = fields.Integer(required=True, metadata={"description": "How many have farther to go than `farthest_km`."})
    zones_cut = fields.Integer(required=True, metadata={"description": "Zones that are in more than one group."})
    placed_by = _counts(PlacedBy)
    distances_given = fields.Integer(required=True)
    distances_as_the_crow_flies = fields.Integer(required=True)
    absent = fields.Integer(required=True, metadata={"description": "Not planned: they head no school at present."})
    excluded = fields.Integer(required=True)
    cost_km = fields.Float(required=True, metadata={"description": "Travel, and the price of wishes not met."})
    is_proved = fields.Boolean(required=True, metadata={"description": "No better plan exists."})
    stopped = fields.String(required=True, metadata={"description": "`done`, or `time`: the best until then."})
    seconds = fields.Float(required=True)
    groups = fields.List(fields.Nested(GroupFigures), required=True)


class ShortfallSchema(Schema):
    """A bound that is not met; `missing` is by how much, `reason` says it in the caller's language."""

    code = fields.Function(lambda shortfall: code_of(shortfall), required=True, metadata={"type": "string"})
    bound = fields.String(required=True)
    name = fields.String(required=True)
    group = fields.Integer(required=True, allow_none=True)
    missing = fields.Float(required=True)
    reason = fields.Function(lambda shortfall: _reason(shortfall), required=True, metadata={"type": "string"})


def code_of(shortfall: dict[str, Any]) -> str:
    codes = EVERYWHERE if shortfall["group"] is None else IN_A_GROUP
    return codes.get(shortfall["bound"], FIXED)


def _reason(shortfall: dict[str, Any]) -> str:
    words = {word.value: word for kind in (Cycle, Gender) for word in kind}
    missing = f"{shortfall['missing']:g}"
    facts = {"group": shortfall["group"], "missing": missing, "name": words.get(shortfall["name"], shortfall["name"])}
    return reason_of(Fault(code_of(shortfall), facts=facts))


class ParametersSchema(PlanParameters):
    """As they were asked for."""

    hosts = fields.List(fields.String(), required=True)


class PlannedExcludedSchema(Schema):
    principal_id = fields.UUID(required=True)
    reason = fields.Enum(Exclusion, by_value=True, required=True, attribute="exclusion")


class PlannedFixedSchema(Schema):
    principal_id = fields.UUID(required=True)
    group = fields.Integer(required=True, attribute="number")


class PlannedPairSchema(Schema):
    principal_id = fields.UUID(required=True)
    other_id = fields.UUID(required=True)
    km = fields.Float(required=True)


class PlanGroupSchema(Schema):
    """`community_id` is what the group has become."""

    group = fields.Integer(required=True, attribute="number")
    host_code = fields.String(required=True)
    name_fr = fields.String(required=True)
    name_ar = fields.String(required=True)
    community_id = fields.UUID(required=True, allow_none=True)


class PlanLineSchema(Schema):
    """A plan among others."""

    id = fields.UUID(required=True)
    delegation_id = fields.UUID(required=True)
    round_id = fields.UUID(required=True, allow_none=True)
    state = fields.Enum(PlanState, by_value=True, required=True)
    asked_at = Utc(required=True)
    computed_at = Utc(required=True, allow_none=True)
    adopted_at = Utc(required=True, allow_none=True)


class PlanSchema(Thing):
    address = "/v1/plans/{id}"

    id = fields.UUID(required=True)
    delegation_id = fields.UUID(required=True, attribute="plan.delegation_id")
    round_id = fields.UUID(required=True, allow_none=True, attribute="plan.round_id")
    state = fields.Enum(PlanState, by_value=True, required=True, attribute="plan.state")
    asked_at = Utc(required=True, attribute="plan.asked_at")
    computed_at = Utc(required=True, allow_none=True, attribute="plan.computed_at")
    adopted_at = Utc(required=True, allow_none=True, attribute="plan.adopted_at")
    progress = fields.Nested(ProgressSchema, required=True, allow_none=True)
    parameters = fields.Nested(ParametersSchema, required=True, attribute="plan.parameters")
    fixed = fields.List(fields.Nested(PlannedFixedSchema), required=True)
    excluded = fields.List(fields.Nested(PlannedExcludedSchema), required=True)
    together = fields.List(fields.Nested(PlannedPairSchema), required=True)
    apart = fields.List(fields.Nested(PlannedPairSchema), required=True)
    groups = fields.List(fields.Nested(PlanGroupSchema), required=True)
    figures = fields.Nested(PlanFigures, required=True, allow_none=True)
    shortfalls = fields.List(fields.Nested(ShortfallSchema), required=True, attribute="plan.shortfalls")


class PlaceSchema(Schema):
    principal_id = fields.UUID(required=True)
    group = fields.Integer(required=True, attribute="number")
    km = fields.Float(required=True, metadata={"description": "To the host of the group."})
    placed_by = fields.Enum(PlacedBy, by_value=True, required=True)
    is_fixed = fields.Boolean(required=True)
    previous = fields.Integer(required=True, allow_none=True)
    moved_from = fields.Integer(required=True, allow_none=True)


class GroupChangeSchema(Schema):
    principal_id = fields.UUID(required=True)
    before = fields.String(required=True, metadata={"description": "A group of the other plan, or a community's id."})
    group = fields.Integer(required=True)


class ComparisonSchema(Schema):
    staying = fields.Integer(required=True, metadata={"description": "With most of their former group."})
    changing = fields.Integer(required=True)
    new = fields.Integer(required=True)
    gone = fields.Integer(required=True)
    pairs_before = fields.Integer(required=True, metadata={"description": "Pairs of people who were together."})
    pairs_kept = fields.Integer(required=True)
    before = fields.Nested(TravelSchema, required=True)
    after = fields.Nested(TravelSchema, required=True)
    changes = fields.List(
        fields.Nested(GroupChangeSchema), required=True, metadata={"description": "A page of those who change groups."}
    )
    next = fields.UUID(allow_none=True)


class HostWaySchema(Schema):
    group = fields.Integer(required=True)
    host_code = fields.String(required=True)
    km = fields.Float(required=True)


class PlanStepSchema(Schema):
    """What would follow: less than 0 is a gain. `forbidden_by` are the bounds that would be broken."""

    travel_km = fields.Float(required=True, metadata={"description": "How the travel of all would change."})
    cost_km = fields.Float(required=True, metadata={"description": "The same with the price of wishes."})
    forbidden_by = fields.List(fields.Nested(ShortfallSchema), required=True)
    exchanged_with = fields.UUID(required=True, allow_none=True, metadata={"description": "Who would come instead."})


class AlternativeSchema(Schema):
    group = fields.Integer(required=True)
    km = fields.Float(required=True, metadata={"description": "The way that would be theirs."})
    alone = fields.Nested(PlanStepSchema, required=True)
    exchange = fields.Nested(
        PlanStepSchema,
        required=True,
        allow_none=True,
        metadata={"description": "The best one that breaks no bound, if there is any."},
    )


class ExplanationSchema(Schema):
    principal_id = fields.UUID(required=True)
    group = fields.Integer(required=True)
    km = fields.Float(required=True)
    is_fixed = fields.Boolean(required=True)
    nearest_hosts = fields.List(fields.Nested(HostWaySchema), required=True)
    alternatives = fields.List(fields.Nested(AlternativeSchema), required=True)


class PlanningRoundLineSchema(Schema):
    plan_id = fields.UUID(required=True, attribute="plan.id")
    delegation_id = fields.UUID(required=True, attribute="plan.delegation_id")
    state = fields.Enum(PlanState, by_value=True, required=True, attribute="plan.state")
    progress = fields.Nested(ProgressSchema, required=True, allow_none=True)
    people = fields.Integer(required=True, allow_none=True)
    groups = fields.Integer(required=True, allow_none=True)
    median_km = fields.Float(required=True, allow_none=True)
    worst_km = fields.Float(required=True, allow_none=True)
    far = fields.Integer(required=True, allow_none=True)
    shortfalls = fields.Integer(required=True)


class PlanningRoundSchema(Thing):
    address = "/v1/planning-rounds/{id}"

    id = fields.UUID(required=True)
    asked_at = Utc(required=True, attribute="round.asked_at")
    total = fields.Integer(required=True)
    done = fields.Integer(required=True, metadata={"description": "Ready or failed."})
    failed = fields.Integer(required=True)
    plans = fields.List(fields.Nested(PlanningRoundLineSchema), required=True, attribute="lines")
