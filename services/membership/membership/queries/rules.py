"""Questions about the rules of communities."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from membership.model import Community, Rules
from shared.domain.actor import Actor
from shared.domain.paging import Page, page
from shared.domain.policy import permit
from shared.domain.refusals import NotFound


def current_rules(session: Session, community_id: UUID) -> Rules | None:
    newest = select(Rules).where(Rules.community_id == community_id).order_by(Rules.edition_number.desc())
    return session.scalars(newest.limit(1)).first()


def rules_in_force(session: Session, actor: Actor, community_id: UUID) -> Rules:
    permit(session, actor, "show_rules_in_force", session.get(Community, community_id))
    return _found(current_rules(session, community_id))


def rules_of_edition(session: Session, actor: Actor, community_id: UUID, number: int) -> Rules:
    permit(session, actor, "show_rules", session.get(Community, community_id))
    this = (Rules.community_id == community_id) & (Rules.edition_number == number)
    return _found(session.scalars(select(Rules).where(this)).one_or_none())


def all_rules(session: Session, actor: Actor, community_id: UUID, *, after: UUID | None, limit: int) -> Page:
    """Every edition, the first first."""
    permit(session, actor, "list_rules", session.get(Community, community_id))
    return page(session, select(Rules).where(Rules.community_id == community_id), Rules.id, after=after, limit=limit)


def _found(rules: Rules | None) -> Rules:
    if rules is None:
        raise NotFound("rules.not_found")
    return rules
