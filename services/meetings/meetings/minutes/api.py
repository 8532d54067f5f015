"""HTTP in, HTTP out: no rule here."""

from typing import Any
from uuid import UUID

from flask import g

from shared.web.audit import audited
from shared.web.conditions import conditional
from shared.web.declared_refusals import raises
from shared.web.resources import Blueprint

from . import queries, schemas, use_cases

minutes = Blueprint("minutes", __name__, url_prefix="/v1/meetings", description="The traces of a meeting")


@minutes.get("/<uuid:meeting_id>/minutes")
@raises("minutes.not_found")
@minutes.response(200, schemas.MinutesSchema)
@audited(persons="actions.by")
def get_minutes(meeting_id: UUID):
    """The minutes; `discussion` is null for readers from outside the community."""
    return queries.minutes_for(g.session, g.actor, meeting_id)


@minutes.post("/<uuid:meeting_id>/minutes")
@raises("minutes.no_meeting", "minutes.unknown_doer", "minutes.wrong_state")
@conditional
@minutes.arguments(schemas.WriteMinutesSchema)
@minutes.response(200, schemas.MinutesSchema)
@audited(persons="actions.by")
def write_minutes(texts: dict[str, Any], meeting_id: UUID):
    """Write the draft, or write it anew."""
    return use_cases.write_minutes(g.session, g.actor, meeting_id, **texts)


@minutes.post("/<uuid:meeting_id>/minutes/publish")
@raises("minutes.not_found", "minutes.meeting_not_held", "minutes.incomplete", "minutes.wrong_state")
@conditional
@minutes.response(200, schemas.MinutesSchema)
@audited(persons="actions.by")
def publish_minutes(meeting_id: UUID):
    """Let all members read them, and tell them so."""
    return use_cases.publish_minutes(g.session, g.actor, meeting_id)


blueprints = [minutes]
