"""Consents: given with the yes to an invitation, taken back by the person whenever they wish."""

from uuid import UUID

from sqlalchemy.orm import Session

from membership import queries
from membership.model import Consent
from shared.domain.actor import Actor
from shared.domain.policy import permit
from shared.domain.seen import demand_seen

from .joining import end


def withdraw_consent(session: Session, actor: Actor, consent_id: UUID) -> Consent:
    """Who no longer consents to participate leaves the community, or asks it no longer."""
    consent = permit(session, actor, "withdraw_consent", queries.consent(session, consent_id))
    demand_seen(session, consent)
    consent.demand_given()
    community = queries.community(session, consent.community_id, lock=True)
    end(session, community, queries.membership(session, community.id, consent.principal_id))
    return consent
