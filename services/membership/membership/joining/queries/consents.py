"""Questions about consents: each person's own."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.domain.actor import Actor
from shared.domain.database import among
from shared.domain.paging import Page, page
from shared.domain.policy import EVERYTHING, permit

from ..model.consent import Consent, ConsentState
from ..model.consent_texts import CONSENT_TEXTS, ConsentText
from ..model.membership import Membership


def consent_texts(session: Session, actor: Actor) -> Sequence[ConsentText]:
    """All that were ever shown, the one that is shown today last."""
    permit(session, actor, "list_consent_texts", EVERYTHING)
    return CONSENT_TEXTS


def my_consents(session: Session, actor: Actor, *, after: UUID | None, limit: int) -> Page:
    permit(session, actor, "list_my_consents", EVERYTHING)
    rows = select(Consent).where(Consent.principal_id == actor.principal_id)
    return page(session, rows, Consent.id, after=after, limit=limit)


def consent(session: Session, consent_id: UUID) -> Consent | None:
    return session.get(Consent, consent_id)


def consents_to_participate(session: Session, memberships: Collection[Membership]) -> Sequence[Consent]:
    """Those that stand: one each, unless a member's yes was written down by a release that kept none."""
    people = among(session, Consent.principal_id, {membership.principal_id for membership in memberships})
    pairs = {(membership.community_id, membership.principal_id) for membership in memberships}
    given = session.scalars(select(Consent).where(people, Consent.state == ConsentState.GIVEN))
    return [consent for consent in given if (consent.community_id, consent.principal_id) in pairs]
