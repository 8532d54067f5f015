"""Routes of communities, invitations and members."""

from uuid import UUID

from flask import g

from membership import queries, schemas, use_cases
from shared.web.answers import raises
from shared.web.audit import audited
from shared.web.paging import PageWish, paged
from shared.web.things import Blueprint

communities = Blueprint("communities", __name__, description="Communities and who belongs to them")


@communities.post("/v1/delegations/<uuid:delegation_id>/communities")
@raises("unit.is_closed")
@communities.arguments(schemas.CommunityWish)
@communities.response(201, schemas.CommunitySchema)
def plan_community(wish, delegation_id: UUID):
    """Plan a community; its members are invited next."""
    return use_cases.plan_community(g.session, g.actor, delegation_id, **wish)


@communities.get("/v1/delegations/<uuid:delegation_id>/communities")
@communities.arguments(schemas.CommunitiesWish, location="query")
@communities.response(200, paged(schemas.CommunitySchema))
def list_communities(wish, delegation_id: UUID):
    """The communities of a Delegation, in the order in which they were planned."""
    return queries.communities(g.session, g.actor, delegation_id, **wish)


@communities.get("/v1/communities/<uuid:community_id>")
@communities.response(200, schemas.CommunitySchema)
def show_community(community_id: UUID):
    """A community: its state, its coordinator, its rules."""
    return queries.visible_community(g.session, g.actor, community_id)


@communities.post("/v1/communities/<uuid:community_id>/invitations")
@raises("community.dissolved", "invitation.answer_by_past", "invitation.answer_by_far", "invitation.unknown_principal")
@communities.arguments(schemas.InvitationsWish)
@communities.response(200, schemas.InvitationsReport)
@audited(persons=("invited", "already"))
def invite_principals(wish, community_id: UUID):
    """Invite up to 100 principals; who is invited or a member already is left as they are."""
    return use_cases.invite_principals(g.session, g.actor, community_id, **wish)


@communities.post("/v1/communities/<uuid:community_id>/invitations/accept")
@raises("membership.not_found", "membership.has_home", "membership.invitation_lapsed", "membership.wrong_state")
@communities.arguments(schemas.ConsentWish)
@communities.response(200, schemas.MembershipSchema)
@audited(persons="principal_id")
def accept_invitation(wish, community_id: UUID):
    """The caller's own yes."""
    return use_cases.accept_invitation(
        g.session, g.actor, community_id, channel=wish["channel"], text_version=wish["text_version"]
    )


@communities.post("/v1/communities/<uuid:community_id>/invitations/decline")
@raises("membership.not_found", "membership.invitation_lapsed", "membership.wrong_state")
@communities.arguments(schemas.AnswerWish)
@communities.response(200, schemas.MembershipSchema)
@audited(persons="principal_id")
def decline_invitation(wish, community_id: UUID):
    """The caller's own no."""
    return use_cases.decline_invitation(g.session, g.actor, community_id, **wish)


@communities.post("/v1/communities/<uuid:community_id>/leave")
@raises("membership.not_found", "membership.wrong_state")
@communities.response(200, schemas.MembershipSchema)
@audited(persons="principal_id")
def leave(community_id: UUID):
    """The caller leaves, whenever they wish."""
    return use_cases.leave(g.session, g.actor, community_id)


@communities.get("/v1/communities/<uuid:community_id>/members")
@communities.arguments(PageWish, location="query")
@communities.response(200, paged(schemas.MembershipSchema))
@audited(persons="items.principal_id")
def list_members(wish, community_id: UUID):
    """Who was invited, and what became of it."""
    return queries.members(g.session, g.actor, community_id, **wish)
