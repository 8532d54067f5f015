"""HTTP in, HTTP out: no rule here."""

from typing import Any
from uuid import UUID

from flask import g

from shared.web.audit import CALLER, audited
from shared.web.conditions import conditional
from shared.web.declared_refusals import raises
from shared.web.paging import PageRequest, paged
from shared.web.resources import Blueprint

from . import queries, schemas, use_cases

communities = Blueprint("communities", __name__, url_prefix="/v1/communities", description="Communities as known here")


meetings = Blueprint("meetings", __name__, url_prefix="/v1/meetings", description="Meetings and invitations")


holding = Blueprint("holding", __name__, url_prefix="/v1/meetings", description="Meetings that took place")


@communities.get("/<uuid:community_id>")
@communities.response(200, schemas.CommunitySchema)
def get_community(community_id: UUID):
    """What is known here of a community. 404 until membership has told of it."""
    return queries.community_card(g.session, g.actor, community_id)


@communities.get("/<uuid:community_id>/meetings")
@communities.arguments(PageRequest, location="query")
@communities.response(200, paged(schemas.MeetingSchema))
def list_meetings(where: dict[str, Any], community_id: UUID):
    """The meetings of a community, in the order in which they were planned."""
    return queries.meetings_of(g.session, g.actor, community_id, **where)


@communities.post("/<uuid:community_id>/meetings")
@raises("meeting.unknown_zone", "meeting.unknown_leader", "community.dissolved")
@communities.arguments(schemas.PlanSchema)
@communities.response(201, schemas.MeetingSchema)
def plan_meeting(wish: dict[str, Any], community_id: UUID):
    """Prepare a meeting; nobody is told until it is scheduled."""
    return use_cases.plan_meeting(g.session, g.actor, community_id, **wish)


@meetings.get("/<uuid:meeting_id>")
@meetings.response(200, schemas.MeetingSchema)
def get_meeting(meeting_id: UUID):
    """A meeting: when, where, with which agenda, and how it stands."""
    return queries.meeting_for(g.session, g.actor, meeting_id)


@meetings.post("/<uuid:meeting_id>/schedule")
@raises("meeting.too_soon", "meeting.too_far", "meeting.in_the_past", "meeting.nobody_to_invite", "meeting.wrong_state")
@conditional
@meetings.arguments(schemas.ScheduleSchema)
@meetings.response(200, schemas.MeetingSchema)
def schedule_meeting(wish: dict[str, Any], meeting_id: UUID):
    """Fix the date and invite all members, a week ahead at least."""
    return use_cases.schedule_meeting(g.session, g.actor, meeting_id, **wish)


@meetings.post("/<uuid:meeting_id>/reschedule")
@raises("meeting.too_soon", "meeting.too_far", "meeting.in_the_past", "meeting.unchanged", "meeting.wrong_state")
@conditional
@meetings.arguments(schemas.RescheduleSchema)
@meetings.response(200, schemas.MeetingSchema)
def reschedule_meeting(wish: dict[str, Any], meeting_id: UUID):
    """Another time (members are asked anew) or another place."""
    return use_cases.reschedule_meeting(g.session, g.actor, meeting_id, **wish)


@meetings.post("/<uuid:meeting_id>/cancel")
@raises("meeting.wrong_state")
@conditional
@meetings.arguments(schemas.CancelSchema)
@meetings.response(200, schemas.MeetingSchema)
def cancel_meeting(wish: dict[str, Any], meeting_id: UUID):
    """Call it off; who was invited is told."""
    return use_cases.cancel_meeting(g.session, g.actor, meeting_id, **wish)


@meetings.post("/<uuid:meeting_id>/answer")
@raises("meeting.over", "meeting.not_invited", "meeting.no_such_attendance", "meeting.wrong_state")
@meetings.arguments(schemas.AnswerRequest)
@meetings.response(200, schemas.MeetingSchema)
@audited(persons=CALLER)
def answer_invitation(said: dict[str, Any], meeting_id: UUID):
    """The caller says whether they will come; the last answer counts."""
    return use_cases.answer_invitation(g.session, g.actor, meeting_id, **said)


@meetings.get("/<uuid:meeting_id>/answers")
@meetings.arguments(PageRequest, location="query")
@meetings.response(200, paged(schemas.InvitationSchema))
@audited(persons="items.invitation.principal_id")
def list_answers(where: dict[str, Any], meeting_id: UUID):
    """Who was invited, what they said, and whether they came."""
    return queries.answers(g.session, g.actor, meeting_id, **where)


@holding.post("/<uuid:meeting_id>/hold")
@raises("meeting.not_begun", "meeting.unknown_attendee", "meeting.wrong_state")
@conditional
@holding.arguments(schemas.HoldSchema)
@holding.response(200, schemas.MeetingSchema)
@audited(persons="invitations.principal_id")
def hold_meeting(wish: dict[str, Any], meeting_id: UUID):
    """Say that it took place, and who was present."""
    return use_cases.hold_meeting(g.session, g.actor, meeting_id, **wish)


blueprints = [communities, meetings, holding]
