"""Routes of belonging to a community: invited, asking, leaving, circles, stays."""

from uuid import UUID

from flask import g

from membership.communities import CommunitySchema
from shared.web.audit import audited
from shared.web.conditions import conditional
from shared.web.declared_refusals import raises
from shared.web.paging import PageRequest, paged
from shared.web.resources import Blueprint

from . import schemas, use_cases
from .queries import members, requests, stays

communities = Blueprint(
    "joining_communities", __name__, description="Communities and who belongs to them", tag="communities"
)
people = Blueprint("joining_people", __name__, description="Who heads which school, and since when", tag="people")


@communities.post("/v1/communities/<uuid:community_id>/invitations")
@raises("community.dissolved", "invitation.answer_by_past", "invitation.answer_by_far", "invitation.unknown_principal")
@communities.arguments(schemas.InvitationsRequest)
@communities.response(200, schemas.InvitationsReport)
@audited(persons=("invited", "already"))
def invite_principals(wish, community_id: UUID):
    """Invite up to 100 principals; who is invited or a member already is left as they are."""
    return use_cases.invite_principals(g.session, g.actor, community_id, **wish)


@communities.post("/v1/communities/<uuid:community_id>/invitations/accept")
@raises("membership.not_found", "membership.has_home", "membership.invitation_lapsed", "membership.wrong_state")
@communities.arguments(schemas.ConsentRequest)
@communities.response(200, schemas.MembershipSchema)
@audited(persons="principal_id")
def accept_invitation(wish, community_id: UUID):
    """The caller's own yes."""
    return use_cases.accept_invitation(
        g.session, g.actor, community_id, channel=wish["channel"], text_version=wish["text_version"]
    )


@communities.post("/v1/communities/<uuid:community_id>/invitations/decline")
@raises("membership.not_found", "membership.invitation_lapsed", "membership.wrong_state")
@communities.arguments(schemas.AnswerRequest)
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
@communities.arguments(PageRequest, location="query")
@communities.response(200, paged(schemas.MembershipSchema))
@audited(persons="items.principal_id")
def list_members(wish, community_id: UUID):
    """Who was invited, and what became of it."""
    return members.members(g.session, g.actor, community_id, **wish)


joining = Blueprint("joining", __name__, description="Asking to join a community, and circles within it")


@joining.get("/v1/me/communities")
@joining.arguments(PageRequest, location="query")
@joining.response(200, paged(schemas.BelongingSchema))
@audited(persons="items.membership.principal_id")
def list_my_communities(wish):
    """Those that the caller belongs to, was invited to or has asked, and how it stands."""
    return requests.my_communities(g.session, g.actor, **wish)


@joining.get("/v1/me/neighbourhood")
@joining.arguments(PageRequest, location="query")
@joining.response(200, paged(schemas.NeighbourSchema))
def list_neighbourhood(wish):
    """The communities that the caller may ask to join; nothing about their members."""
    return requests.nearby_communities(g.session, g.actor, **wish)


@joining.get("/v1/communities/<uuid:community_id>/requests")
@joining.arguments(PageRequest, location="query")
@joining.response(200, paged(schemas.RequestSchema))
@audited(persons="items.principal.id")
def list_requests(wish, community_id: UUID):
    """Who asks to join, and waits for an answer."""
    return requests.requests(g.session, g.actor, community_id, **wish)


@joining.post("/v1/communities/<uuid:community_id>/requests")
@raises("membership.wrong_state", "principal.not_found")
@joining.arguments(schemas.ConsentRequest)
@joining.response(200, schemas.MembershipSchema)
@audited(persons="principal_id")
def ask_to_join(wish, community_id: UUID):
    """The caller's own yes, given with the request. Unanswered for 60 days, the request lapses."""
    return use_cases.ask_to_join(
        g.session, g.actor, community_id, channel=wish["channel"], text_version=wish["text_version"]
    )


@joining.post("/v1/communities/<uuid:community_id>/requests/withdraw")
@raises("membership.not_found", "membership.wrong_state")
@joining.response(200, schemas.MembershipSchema)
@audited(persons="principal_id")
def withdraw_request(community_id: UUID):
    """The caller no longer asks; their consent is withdrawn with it."""
    return use_cases.withdraw_request(g.session, g.actor, community_id)


@joining.post("/v1/communities/<uuid:community_id>/requests/<uuid:principal_id>/admit")
@raises(
    "membership.not_found",
    "membership.wrong_state",
    "membership.request_lapsed",
    "membership.home_elsewhere",
    "principal.not_found",
    "community.dissolved",
)
@joining.response(200, schemas.MembershipSchema)
@audited(persons="principal_id")
def admit_principal(community_id: UUID, principal_id: UUID):
    """Take in whoever has asked: from now on they are a member."""
    return use_cases.admit_principal(g.session, g.actor, community_id, principal_id)


@joining.post("/v1/communities/<uuid:community_id>/requests/<uuid:principal_id>/refuse")
@raises("membership.not_found", "membership.wrong_state")
@joining.arguments(schemas.RefusalOfRequestWish)
@joining.response(200, schemas.MembershipSchema)
@audited(persons="principal_id")
def refuse_principal(wish, community_id: UUID, principal_id: UUID):
    """Do not take them in, and say why; they may ask again, and may be invited."""
    return use_cases.refuse_principal(g.session, g.actor, community_id, principal_id, wish["reason"])


@joining.put("/v1/communities/<uuid:community_id>/theme")
@conditional
@raises("community.dissolved")
@joining.arguments(schemas.ThemeRequest)
@joining.response(200, CommunitySchema)
def put_theme(wish, community_id: UUID):
    """What a community works on, and whether principals from elsewhere in the academy may ask to join."""
    return use_cases.put_theme(g.session, g.actor, community_id, **wish)


@joining.put("/v1/communities/<uuid:community_id>/circle")
@raises("membership.not_found", "membership.wrong_state")
@joining.arguments(schemas.CircleRequest)
@joining.response(200, schemas.MyMembershipSchema)
@audited(persons="principal_id")
def choose_circle(wish, community_id: UUID):
    """The caller's own choice to be outer, or null: then what they take part in says where they stand."""
    return use_cases.choose_circle(g.session, g.actor, community_id, **wish)


@people.get("/v1/communities/<uuid:community_id>/stays")
@people.arguments(schemas.StaysRequest, location="query")
@people.response(200, paged(schemas.StaySchema))
@audited(persons="items.principal_id")
def list_stays(wish, community_id: UUID):
    """Who belonged to a community, from when to when, and why they went."""
    return stays.stays(g.session, g.actor, community_id, **wish)


blueprints = [communities, people, joining]
