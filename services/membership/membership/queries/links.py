"""What the pages behind links in mails show."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from membership.model import Community, Membership, Principal
from shared.domain.actor import Actor
from shared.domain.policy import permit

from .communities import community, membership


@dataclass(frozen=True)
class OwnInvitation:
    """What a principal was asked, and how it stands."""

    community: Community
    membership: Membership


def own_invitation(session: Session, actor: Actor, community_id: UUID, verb: str) -> OwnInvitation:
    """For whoever may answer it; `verb` is the answer."""
    found = permit(session, actor, verb, community(session, community_id))
    return OwnInvitation(found, membership(session, community_id, actor.principal_id))


def oneself(session: Session, actor: Actor) -> Principal | None:
    return session.get(Principal, actor.principal_id) if actor.principal_id else None
