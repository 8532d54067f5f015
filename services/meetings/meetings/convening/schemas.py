"""What crosses HTTP of a meeting: the shapes and bounds of what comes in, and what goes out."""

from marshmallow import Schema, fields, validate

from shared.web.json_values import Whole
from shared.web.resources import Thing
from shared.web.text import Line, Text
from shared.web.utc import Utc

from .model import Activity, Agenda, Answer, Attendance, MeetingState, Modality

LONGEST_LINE, LONGEST_PLACE, LONGEST_REASON, LONGEST_TEXT = 200, 500, 2000, 20_000  # characters


MOST_ITEMS, MOST_PEOPLE = 50, 500


def minutes_of_time() -> Whole:
    return Whole(required=True, validate=validate.Range(1, 720))


class CommunitySchema(Schema):
    id = fields.UUID(attribute="community.id")
    delegation_id = fields.UUID(attribute="community.delegation_id")
    name_fr = fields.String(attribute="community.name_fr")
    name_ar = fields.String(attribute="community.name_ar")
    coordinator_id = fields.UUID(attribute="community.coordinator_id", allow_none=True)
    member_count = fields.Integer()


class AgendaItemSchema(Schema):
    kind = fields.Enum(Agenda, by_value=True, load_default=Agenda.TOPIC, metadata={"title": "AgendaKind"})
    title = Line(required=True, longest=LONGEST_LINE)
    minutes = minutes_of_time()
    led_by = fields.UUID(allow_none=True, load_default=None)


class PlanSchema(Schema):
    subject = Line(required=True, longest=LONGEST_LINE)
    activity = fields.Enum(Activity, by_value=True, required=True)
    modality = fields.Enum(Modality, by_value=True, required=True)
    agenda = fields.List(fields.Nested(AgendaItemSchema), load_default=list, validate=validate.Length(max=MOST_ITEMS))
    duration_minutes = minutes_of_time()
    zone = Line(required=True, longest=LONGEST_LINE)


class ScheduleSchema(Schema):
    starts_at = Utc(required=True)
    place = Line(
        required=True,
        longest=LONGEST_PLACE,
        metadata={"description": "A room, an address, a link: wherever members are to be."},
    )


class RescheduleSchema(Schema):
    """What is left out stays as it is."""

    starts_at = Utc()
    duration_minutes = Whole(validate=validate.Range(1, 720))
    place = Line(longest=LONGEST_PLACE)


class CancelSchema(Schema):
    reason = Text(required=True, longest=LONGEST_REASON)


class AnswerRequest(Schema):
    answer = fields.Enum(Answer, by_value=True, required=True)
    attendance = fields.Enum(Attendance, by_value=True, allow_none=True, load_default=None)


class HoldSchema(Schema):
    present_ids = fields.List(fields.UUID(), required=True, validate=validate.Length(1, MOST_PEOPLE))


class StoredItemSchema(Schema):
    kind = fields.String()
    title = fields.String()
    minutes = fields.Integer()
    led_by = fields.String(allow_none=True)


class MeetingSchema(Thing):
    address = "/v1/meetings/{id}"

    id = fields.UUID()
    community_id = fields.UUID()
    convener_id = fields.UUID()
    state = fields.Enum(MeetingState, by_value=True, metadata={"title": "MeetingState"})
    subject = fields.String()
    activity = fields.Enum(Activity, by_value=True)
    modality = fields.Enum(Modality, by_value=True)
    agenda = fields.List(fields.Nested(StoredItemSchema))
    duration_minutes = fields.Integer()
    starts_at = Utc(allow_none=True)
    ends_at = Utc(allow_none=True)
    zone = fields.String()
    place = fields.String(allow_none=True)
    calendar_sequence = fields.Integer()
    held_at = Utc(allow_none=True)
    cancellation_reason = fields.String(allow_none=True)


class InvitationSchema(Schema):
    principal_id = fields.UUID(attribute="invitation.principal_id")
    name_fr = fields.String(attribute="member.name_fr")
    name_ar = fields.String(attribute="member.name_ar")
    answer = fields.Enum(Answer, by_value=True, attribute="invitation.answer", allow_none=True)
    attendance = fields.Enum(Attendance, by_value=True, attribute="invitation.attendance", allow_none=True)
    answered_at = Utc(attribute="invitation.answered_at", allow_none=True)
    present = fields.Boolean(attribute="invitation.present", allow_none=True)
