"""`/v1/audit` of every service: who has read or changed whose personal data."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import g
from flask_smorest import Blueprint
from marshmallow import Schema, fields
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.domain.actor import Actor
from shared.domain.audit import AuditEntry, AuditPerson, AuditReason
from shared.domain.paging import MOST
from shared.domain.policy import permit
from shared.web.audit import audited
from shared.web.paging import PageRequest, paged
from shared.web.utc import Utc


class AuditRequest(PageRequest):
    person_id = fields.UUID(
        load_default=None, metadata={"description": "Whose data; a principal may leave it out, and asks of themself."}
    )


class AuditEntrySchema(Schema):
    id = fields.UUID(attribute="entry.id", required=True)
    at = Utc(attribute="entry.at", required=True)
    actor_role = fields.String(attribute="entry.actor_role", required=True)
    actor_id = fields.String(attribute="entry.actor_id", required=True)
    actor_unit_id = fields.UUID(attribute="entry.actor_unit_id", allow_none=True, required=True)
    verb = fields.String(attribute="entry.verb", required=True, metadata={"description": "As in `get_meeting`."})
    thing_kind = fields.String(attribute="entry.thing_kind", allow_none=True, required=True)
    thing_id = fields.String(attribute="entry.thing_id", allow_none=True, required=True)
    person_count = fields.Integer(
        attribute="entry.person_count", required=True, metadata={"description": "How many persons at once."}
    )
    correlation_id = fields.String(attribute="entry.correlation_id", allow_none=True, required=True)
    reason = fields.String(allow_none=True, required=True)
    sequence = fields.Integer(
        attribute="entry.sequence", allow_none=True, required=True, metadata={"description": "Null until sealed."}
    )
    hash = fields.String(attribute="entry.hash", allow_none=True, required=True)


@dataclass(frozen=True)
class Told:
    """An entry, with its reason where one was given."""

    entry: AuditEntry
    reason: str | None


@dataclass(frozen=True)
class Trail:
    """A page of entries, and whom was asked about."""

    person_id: UUID
    items: list[Told]
    next: UUID | None


audit_trail = Blueprint("audit", __name__, url_prefix="/v1/audit", description="Who read or changed whose data")


@audit_trail.get("")
@audit_trail.arguments(AuditRequest, location="query")
@audit_trail.response(200, paged(AuditEntrySchema))
@audited(persons="person_id")
def read_audit(wish: dict[str, Any]):
    """Who has read or changed a person's data here, oldest first: for that person and for the administrator."""
    return trail(g.session, g.actor, **wish)


def trail(
    session: Session, actor: Actor, person_id: UUID | None, *, after: UUID | None = None, limit: int = 50
) -> Trail:
    whom = permit(session, actor, "read_audit", person_id or actor.principal_id)
    limit = min(limit, MOST)
    found = session.execute(_entries(whom, after, limit + 1)).all()
    told = [Told(entry, reason) for entry, reason in found]
    return Trail(whom, told[:limit], next=told[limit - 1].entry.id if len(told) > limit else None)


def _entries(person_id: UUID, after: UUID | None, limit: int):
    """By the index of persons alone, from where the page before ended."""
    theirs = select(AuditPerson.entry_id).where(AuditPerson.person_id == person_id)
    some = (theirs.where(AuditPerson.entry_id > after) if after else theirs).order_by(AuditPerson.entry_id)
    whole = select(AuditEntry, AuditReason.text).outerjoin(AuditReason, AuditReason.entry_id == AuditEntry.id)
    return whole.where(AuditEntry.id.in_(some.limit(limit))).order_by(AuditEntry.id)
