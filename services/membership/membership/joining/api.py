"""Routes of asking to join, of circles, and of what a principal finds by themself."""

from uuid import UUID

from flask import g

from membership import queries, schemas, use_cases
from shared.web.answers import raises
from shared.web.audit import audited
from shared.web.conditions import conditional
from shared.web.paging import PageWish, paged
from shared.web.things import Blueprint

joining = Blueprint("joining", __name__, description="Asking to join a community, and circles within it")


@joining.get("/v1/me/communities")
@joining.arguments(PageWish, location="query")
@joining.response(200, paged(schemas.BelongingSchema))
@audited(persons="items.membership.principal_id")
def list_my_communities(wish):
    """Those that the caller belongs to, was invited to or has asked, and how it stands."""
    return queries.my_communities(g.session, g.actor, **wish)


@joining.get("/v1/me/neighbourhood")
@joining.arguments(PageWish, location="query")
@joining.response(200, paged(schemas.NeighbourSchema))
def list_neighbourhood(wish):
    """The communities that the caller may ask to join; nothing about their members."""
    return queries.nearby_communities(g.session, g.actor, **wish)


@joining.get("/v1/communities/<uuid:community_id>/requests")
@joining.arguments(PageWish, location="query")
@joining.response(200, paged(schemas.RequestSchema))
@audited(persons="items.principal.id")
def list_requests(wish, community_id: UUID):
    """Who asks to join, and waits for an answer."""
    return queries.requests(g.session, g.actor, community_id, **wish)


@joining.post("/v1/communities/<uuid:community_id>/requests")
@raises("membership.wrong_state", "principal.not_found")
@joining.arguments(schemas.ConsentWish)
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
@joining.arguments(schemas.ThemeWish)
@joining.response(200, schemas.CommunitySchema)
def put_theme(wish, community_id: UUID):
    """What a community works on, and whether principals from elsewhere in the academy may ask to join."""
    return use_cases.put_theme(g.session, g.actor, community_id, **wish)


@joining.put("/v1/communities/<uuid:community_id>/circle")
@raises("membership.not_found", "membership.wrong_state")
@joining.arguments(schemas.CircleWish)
@joining.response(200, schemas.MyMembershipSchema)
@audited(persons="principal_id")
def choose_circle(wish, community_id: UUID):
    """The caller's own choice to be outer, or null: then what they take part in says where they stand."""
    return use_cases.choose_circle(g.session, g.actor, community_id, **wish)
