"""What can be asked about practices; the first line says by whom."""

from uuid import UUID

from sqlalchemy.orm import Session

from practices.roster import ROSTER, Community
from shared.domain.actor import Actor
from shared.domain.policy import permit
from shared.roster import CommunityCard

from .model import Practice


def community(session: Session, community_id: UUID) -> Community | None:
    return session.get(Community, community_id)


def community_card(session: Session, actor: Actor, community_id: UUID) -> CommunityCard:
    return ROSTER.card(session, permit(session, actor, "get_community", community(session, community_id)))


def practice(session: Session, practice_id: UUID) -> Practice | None:
    return session.get(Practice, practice_id)


def practice_for(session: Session, actor: Actor, practice_id: UUID) -> Practice:
    return permit(session, actor, "get_practice", practice(session, practice_id))
