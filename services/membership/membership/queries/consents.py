"""Questions about consents: each person's own."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from membership.model import CONSENT_TEXTS, Consent, ConsentState, ConsentText
from membership.policy import policy
from shared.domain.actor import Actor
from shared.domain.paging import Page, page
from shared.domain.policy import EVERYTHING


def consent_texts(session: Session, actor: Actor) -> Sequence[ConsentText]:
    """All that were ever shown, the one that is shown today last."""
    policy.permit(session, actor, "list_consent_texts", EVERYTHING)
    return CONSENT_TEXTS


def my_consents(session: Session, actor: Actor, *, after: UUID | None, limit: int) -> Page:
    policy.permit(session, actor, "list_my_consents", EVERYTHING)
    rows = select(Consent).where(Consent.principal_id == actor.principal_id)
    return page(session, rows, Consent.id, after=after, limit=limit)


def consent(session: Session, consent_id: UUID) -> Consent | None:
    return session.get(Consent, consent_id)


def consents_to_participate(session: Session, principal_id: UUID, community_id: UUID) -> Sequence[Consent]:
    """Those that stand: one, unless a member's yes was written down by a release that kept none."""
    mine = (Consent.principal_id == principal_id) & (Consent.community_id == community_id)
    return session.scalars(select(Consent).where(mine, Consent.state == ConsentState.GIVEN)).all()
