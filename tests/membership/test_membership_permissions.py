"""Who may not: every route, every wrong caller; nothing is changed, and what does not concern one is not there."""

from contextlib import contextmanager
from uuid import uuid4

import pytest

from membership.app import service
from shared.domain.actor import Role
from shared.testing import issuer

ROW = "code,cycle,name_fr,name_ar\nA1,primary,A,B\n"
NAMES = {"name_fr": "A", "name_ar": "B"}
PAST = "2026-01-01T00:00:00Z"


@pytest.fixture
def circle(province):
    return province.circle(3)


def others(province, *names: str) -> list:
    """The outsiders, and some who are of this Delegation but whose part it is not."""
    return [*province.outsiders, *(getattr(province, name) for name in names)]


@contextmanager
def unchanged(province):
    """Nobody is told of anything meanwhile."""
    before = province.driven.told()
    yield
    assert province.driven.told() == before


def refused(answers, status: int = 403, code: str = "caller.not_allowed") -> None:
    found = {(answer.status_code, answer.json["code"], answer.content_type) for answer in answers}
    assert found == {(status, code, "application/problem+json")}


def test_only_the_ministry_enters_delegations(province, circle):
    with unchanged(province):
        callers = [*others(province, "officer", "portal"), circle.member(0)]
        wish = {"code": "FES", "name_fr": "Fès", "name_ar": "فاس"}
        refused([caller.post("/v1/delegations", wish) for caller in callers])
        assert len(province.ministry.get("/v1/delegations").json["items"]) == 1


@pytest.mark.parametrize("what", ["schools", "principals"])
def test_files_come_from_the_delegation_or_the_ministry(province, circle, what):
    with unchanged(province):
        content = ROW if what == "schools" else "ppr,school_code,name_fr,name_ar,gender,email,language,appointed_on\n"
        for caller in (*province.outsiders, circle.member(0)):
            refused([province.send(what, content, by=caller, dry_run=dry_run) for dry_run in (False, True)])


@pytest.mark.parametrize("what", ["schools", "principals", "communities"])
def test_the_lists_of_a_delegation_are_not_for_others(province, circle, what):
    with unchanged(province):
        path = f"/v1/delegations/{province.delegation_id}/{what}"
        refused([caller.get(path) for caller in (*province.outsiders, circle.member(0))])


def test_communities_are_planned_by_their_own_delegation(province, circle):
    with unchanged(province):
        path = f"/v1/delegations/{province.delegation_id}/communities"
        refused([caller.post(path, NAMES) for caller in (*province.outsiders, circle.member(0))])


def test_a_community_is_not_there_for_those_it_does_not_concern(province, circle):
    stranger = province.circle(1).member(0)
    with unchanged(province):
        callers = [*province.outsiders, stranger]
        for path in (circle.path, f"{circle.path}/members"):
            refused([caller.get(path) for caller in callers], 404, "community.not_found")
            for caller in (province.ministry, province.officer, province.portal, circle.member(0)):
                assert caller.get(path).status_code == 200


def test_an_election_is_not_there_for_those_it_does_not_concern(province, circle):
    election = circle.opened(0)
    with unchanged(province):
        refused([caller.get(election) for caller in province.outsiders], 404, "election.not_found")


def test_members_and_strangers_do_not_invite(province, circle):
    with unchanged(province):
        wish = {"principal_ids": [str(circle.member_ids[0])], "answer_by": PAST}
        callers = [*province.outsiders, circle.member(0)]
        refused([caller.post(f"{circle.path}/invitations", wish) for caller in callers])


def test_nobody_answers_or_leaves_for_somebody_else(province, circle, attitudes):
    with unchanged(province):
        bodies = {"invitations/accept": {"attitudes": attitudes}, "invitations/decline": {}, "leave": {}}
        for verb, body in bodies.items():
            officials = (province.ministry, province.officer, province.portal, province.driven.call(Role.SERVICE))
            refused([caller.post(f"{circle.path}/{verb}", body) for caller in officials])
            uninvited = [province.principal(uuid4()).post(f"{circle.path}/{verb}", body)]
            refused(uninvited, 404, "membership.not_found")


def test_members_and_strangers_do_not_organise_elections(province, circle):
    election = circle.called(0)
    with unchanged(province):
        callers = [*province.outsiders, circle.member(0)]
        refused([caller.post(f"{circle.path}/elections") for caller in callers])
        refused([caller.post(f"{election}/open", {"closes_at": PAST}) for caller in callers])


def test_only_members_stand(province, circle):
    election = circle.called(0)
    (invited,) = province.people(1)
    province.invite(circle.path, invited)
    with unchanged(province):
        callers = [*others(province, "officer", "portal", "ministry"), province.principal(invited)]
        refused([caller.post(f"{election}/stand", {"statement": "Moi"}) for caller in callers])


def test_only_members_vote(province, circle):
    election = circle.opened(0)
    (invited,) = province.people(1)
    province.invite(circle.path, invited)
    with unchanged(province):
        ballot = {"choice": str(circle.member_ids[0]), "receipt": "r" * 22}
        callers = [*others(province, "officer", "portal", "ministry"), province.principal(invited)]
        refused([caller.post(f"{election}/vote", ballot) for caller in callers])
        assert province.officer.get(election).json["voted"] == 0


@pytest.mark.parametrize(("verb", "body"), [("confirm", {}), ("refuse", {"reason": "Sans formation"})])
def test_only_the_delegue_confirms_or_refuses(province, circle, verb, body):
    """Not the portal, not the Ministry, not another Delegation's officer, not the members, not the elected."""
    election = circle.elected(0)
    with unchanged(province):
        callers = [*others(province, "portal", "ministry"), circle.member(0), circle.member(1)]
        refused([caller.post(f"{election}/{verb}", body) for caller in callers])
        assert province.officer.get(election).json["state"] == "elected"


ROUTES = [
    ("get", "/v1/delegations"),
    ("post", "/v1/delegations"),
    *(("get", f"/v1/delegations/{{id}}/{what}") for what in ("schools", "principals", "communities")),
    *(("post", f"/v1/delegations/{{id}}/{what}") for what in ("schools/import", "principals/import", "communities")),
    *(("get", f"/v1/communities/{{id}}{what}") for what in ("", "/members")),
    *(
        ("post", f"/v1/communities/{{id}}/{what}")
        for what in ("invitations", "invitations/accept", "invitations/decline", "leave", "elections")
    ),
    ("get", "/v1/elections/{id}"),
    *(("post", f"/v1/elections/{{id}}/{what}") for what in ("stand", "open", "vote", "confirm", "refuse")),
]


def test_no_route_answers_without_a_good_token(province):
    with unchanged(province):
        client = province.driven.app.test_client()
        for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic QTpC"}):
            answers = [
                client.open(path.format(id=uuid4()), method=method, headers=headers, json={}) for method, path in ROUTES
            ]
            assert {(answer.status_code, answer.content_type) for answer in answers} == {
                (401, "application/problem+json")
            }


def test_no_route_is_forgotten_here():
    app = service.create_app(service.settings(database_url="sqlite://", link_secret="x" * 32, **issuer.settings()))
    ours = {
        (method.lower(), str(rule).replace((rule.arguments and f"<uuid:{next(iter(rule.arguments))}>") or "-", "{id}"))
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.endpoint.partition(".")[0] in {blueprint.name for blueprint in service.blueprints}
    }
    assert ours == set(ROUTES)
