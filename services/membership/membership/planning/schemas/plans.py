"""Plans as they cross HTTP."""

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from membership.ground import Code
from shared.domain.refusals import Fault, Invalid
from shared.web.json_values import Measure, Truth, Whole
from shared.web.paging import PageRequest
from shared.web.text import Line
from shared.web.utc import Utc

from ..model.dispersion import MeasureKind
from ..model.plan_parts import Exclusion

MOST_PERSONS = 500
MOST_ROWS = 10_000
LONGEST = 120  # seconds
LONGEST_IN_ROUND = 20  # of each plan
KM = validate.Range(0, 1000)
GROUP = validate.Range(1, 500)


def _contradicts_itself(code: str, field: str) -> Invalid:
    """What no description of fields can tell has a code of its own."""
    return Invalid("plan.contradicts_itself", faults=[Fault(code, field=field)])


class _Person(Schema):
    principal_id = fields.UUID(required=True)


class FixedRequest(_Person):
    group = Whole(required=True, validate=GROUP, metadata={"description": "Counted from 1."})


class ExcludedRequest(_Person):
    reason = fields.Enum(Exclusion, by_value=True, required=True)


class PairRequest(_Person):
    other_id = fields.UUID(required=True)
    km = Measure(load_default=10, validate=KM, metadata={"description": "What one would travel for it."})


def _persons(kind: type[Schema]) -> fields.List:
    return fields.List(fields.Nested(kind), load_default=list, validate=validate.Length(max=MOST_PERSONS))


class _Weights(Schema):
    """Wishes that are weighed, in kilometres of travel that one would pay for them. 0 is no wish."""

    zone = Measure(load_default=5, validate=KM, metadata={"description": "For each person away from their zone."})
    stay = Measure(
        load_default=0, validate=KM, metadata={"description": "For each person parted from their present group."}
    )
    farthest = Measure(
        load_default=0, validate=KM, metadata={"description": "For each kilometre beyond `farthest_km`."}
    )
    farthest_km = Measure(load_default=30, validate=KM, metadata={"description": "Who has farther to go is far."})
    seconds = Measure(
        load_default=10,
        validate=validate.Range(0.1, LONGEST),
        metadata={"description": "How long may be searched; then the best that was found counts."},
    )


class PlanParameters(_Weights):
    """Bounds, mix and weights; they name nobody."""

    least = Whole(load_default=16, validate=validate.Range(1, 200))
    most = Whole(load_default=24, validate=validate.Range(1, 200))
    wanted = Whole(load_default=20, validate=validate.Range(1, 200))
    groups = Whole(load_default=None, allow_none=True, validate=GROUP, metadata={"description": "Instead of `wanted`."})
    mix_cycles = Truth(load_default=True, metadata={"description": "All three cycles in each group."})
    mix_genders = Truth(load_default=True, metadata={"description": "Women and men in each group."})

    @validates_schema
    def demand_order(self, wish: dict, **_: object) -> None:
        if not wish["least"] <= wish["wanted"] <= wish["most"]:
            raise _contradicts_itself("plan.bounds_crossed", "least")


class PlanningRoundRequest(PlanParameters):
    """Jobs are done one at a time: what the whole country takes, everything else waits for."""

    seconds = Measure(load_default=2, validate=validate.Range(0.1, LONGEST_IN_ROUND))

    @post_load
    def without_hosts(self, wish: dict, **_: object) -> dict:
        return wish | {"hosts": []}


class PlanWishes(PlanParameters):
    hosts = fields.List(
        Code(longest=20),
        load_default=list,
        validate=validate.Length(max=100),
        metadata={"description": "Schools where the first groups meet, in this order.", "uniqueItems": True},
    )
    fixed = _persons(FixedRequest)
    excluded = _persons(ExcludedRequest)
    together = _persons(PairRequest)
    apart = _persons(PairRequest)

    @validates_schema
    def demand_each_once(self, wish: dict, **_: object) -> None:
        named = [each["principal_id"] for kind in ("fixed", "excluded") for each in wish[kind]]
        if len(set(named)) < len(named):
            raise _contradicts_itself("plan.named_twice", "fixed")
        if any(pair["principal_id"] == pair["other_id"] for kind in ("together", "apart") for pair in wish[kind]):
            raise _contradicts_itself("plan.pair_of_one", "together")


class RecomputeRequest(Schema):
    stay = Measure(
        load_default=20, validate=KM, metadata={"description": "For each person who would change groups; 0 is free."}
    )
    seconds = Measure(load_default=10, validate=validate.Range(0.1, LONGEST))


class PlaceMove(_Person):
    group = Whole(required=True, validate=GROUP, metadata={"description": "Counted from 1."})


class PlaceMovesRequest(Schema):
    moves = fields.List(fields.Nested(PlaceMove), required=True, validate=validate.Length(1, MOST_PERSONS))

    @validates_schema
    def demand_each_once(self, wish: dict, **_: object) -> None:
        named = [move["principal_id"] for move in wish["moves"]]
        if len(set(named)) < len(named):
            raise _contradicts_itself("plan.named_twice", "moves")


class GroupName(Schema):
    group = Whole(required=True, validate=GROUP)
    name_fr = Line(required=True, longest=200)
    name_ar = Line(required=True, longest=200)


class AdoptionRequest(Schema):
    answer_by = Utc(required=True)
    names = fields.List(
        fields.Nested(GroupName),
        load_default=list,
        validate=validate.Length(max=500),
        metadata={"description": "Of groups that are to be named otherwise than the plan proposes."},
    )
    invite_members = Truth(
        load_default=False,
        metadata={"description": "Also who has a home community: they may leave it for the new one. Nobody must."},
    )
    quorum_percent = Whole(load_default=50, validate=validate.Range(1, 100))
    mandate_months = Whole(load_default=12, validate=validate.Range(1, 60))

    @validates_schema
    def demand_each_once(self, wish: dict, **_: object) -> None:
        numbers = [name["group"] for name in wish["names"]]
        if len(set(numbers)) < len(numbers):
            raise _contradicts_itself("plan.group_named_twice", "names")


class PlacesRequest(PageRequest):
    group = fields.Integer(load_default=None, validate=GROUP)
    beyond_km = fields.Float(load_default=None, validate=KM, metadata={"description": "Only who has farther to go."})


class ComparisonRequest(PageRequest):
    other = fields.String(
        required=True,
        data_key="with",
        validate=validate.Regexp(r"^(current|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$"),
        metadata={"description": "The id of another plan, or `current`: the home communities as they are."},
    )


class DistanceRow(Schema):
    """`km` by road, or `minutes`, which count as kilometres at 40 km/h."""

    from_code = Code(required=True, longest=20)
    to_code = Code(required=True, longest=20)
    km = Measure(load_default=None, allow_none=True, validate=KM)
    minutes = Measure(load_default=None, allow_none=True, validate=validate.Range(0, 1440))

    @validates_schema
    def demand_one(self, row: dict, **_: object) -> None:
        if (row["km"] is None) == (row["minutes"] is None):
            raise ValidationError("plan.one_measure", "km")


MEASURED = [
    {"required": ["km"], "properties": {"km": {"type": "number"}, "minutes": {"type": "null"}}},
    {"required": ["minutes"], "properties": {"minutes": {"type": "number"}, "km": {"type": "null"}}},
]


class DistancesRequest(Schema):
    rows = fields.List(
        fields.Nested(DistanceRow, metadata={"anyOf": MEASURED}), required=True, validate=validate.Length(1, MOST_ROWS)
    )


class DistancesSchema(Schema):
    pairs = fields.Integer(required=True, metadata={"description": "How many distances are known now."})


class MeasuresRequest(Schema):
    measures = fields.List(
        fields.Enum(MeasureKind, by_value=True),
        required=True,
        validate=validate.Length(max=len(MeasureKind)),
        metadata={"description": "All of them; what is left out ends."},
    )


class MeasuresSchema(Schema):
    principal_id = fields.UUID(required=True)
    measures = fields.List(fields.Enum(MeasureKind, by_value=True), required=True)


class FarRequest(PageRequest):
    beyond_km = fields.Float(load_default=30, validate=KM)
    without_measure = fields.Boolean(load_default=False)


class FarSchema(MeasuresSchema):
    community_id = fields.UUID(required=True)
    km = fields.Float(required=True, metadata={"description": "To where their community meets."})
