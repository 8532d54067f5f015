"""Who may see a community, be of it, and take others in."""

from typing import Any
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from membership.communities import ORGANISES, companion, neighbour
from membership.organisation import OFFICE
from membership.people import THEMSELF
from shared.domain.actor import Actor, Role
from shared.domain.policy import Kind, Row, anywhere

from .model.membership import Membership, MembershipState


def invited_or_member(session: Session, actor: Actor, thing: Any) -> bool:
    """`thing` says of which community it is."""
    return _stands(session, actor, thing.community_id, MembershipState.INVITED, MembershipState.MEMBER)


def once_invited(session: Session, actor: Actor, thing: Any) -> bool:
    """Whatever has become of it: what may be done now is said by the lifecycle."""
    return _stands(session, actor, thing.community_id, *MembershipState)


def member(session: Session, actor: Actor, thing: Any) -> bool:
    return _stands(session, actor, thing.community_id, MembershipState.MEMBER)


def _stands(session: Session, actor: Actor, community_id: UUID, *states: MembershipState) -> bool:
    mine = exists().where(
        Membership.community_id == community_id,
        Membership.principal_id == actor.principal_id,
        Membership.state.in_(states),
    )
    return session.scalar(select(mine)) or False


SEES: Row = {**OFFICE, Role.COMPANION: companion, Role.PRINCIPAL: invited_or_member}
MEMBER: Row = {Role.PRINCIPAL: member}
ONCE_INVITED: Row = {Role.PRINCIPAL: once_invited}
PRINCIPALS: Row = {Role.PRINCIPAL: anywhere}  # each finds their own

kinds = (
    Kind(
        "community",
        {
            "show_community": SEES,
            "list_members": SEES,
            "list_companions": SEES,
            "list_stays": SEES,
            "list_rules": SEES,
            "show_rules": SEES,
            "show_rules_in_force": SEES,
            "show_canvas_of_community": SEES,
            "show_steps": SEES,
            "invite_principals": ORGANISES,
            "accept_invitation": ONCE_INVITED,
            "decline_invitation": ONCE_INVITED,
            "leave": ONCE_INVITED,
            "list_requests": ORGANISES,
            "admit_principal": ORGANISES,
            "refuse_principal": ORGANISES,
            "withdraw_request": ONCE_INVITED,
            "choose_circle": MEMBER,
            "put_theme": ORGANISES,
        },
    ),
    # To whom they do not belong, only those that they may ask are shown, so that all others look like none.
    Kind("community", {"ask_to_join": {Role.PRINCIPAL: neighbour}}),
    Kind("my_communities", {"list_my_communities": PRINCIPALS}, is_open=True),
    Kind("neighbourhood", {"list_neighbourhood": PRINCIPALS}, is_open=True),
    Kind("consent_text", {"list_consent_texts": dict.fromkeys(Role, anywhere)}, is_open=True),
    Kind("my_consents", {"list_my_consents": PRINCIPALS}, is_open=True),
    Kind("consent", {"withdraw_consent": THEMSELF}),
)
