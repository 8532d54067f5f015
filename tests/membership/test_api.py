"""The main job over HTTP, as those whose part it is; repeats; what may be done twice and what may not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from membership.app import service
from shared.domain.actor import Role
from shared.events import (
    CommunityPlanned,
    CoordinatorConfirmed,
    CoordinatorElected,
    CoordinatorRefused,
    DelegationRegistered,
    ElectionOpened,
    InvitationDeclined,
    MemberInvited,
    MemberJoined,
    MemberLeft,
)

SCHOOLS = "code,cycle,name_fr,name_ar\nA1,primaire,Ecole,مدرسة\n"
HEADER = "ppr,school_code,name_fr,name_ar,gender,email,language,appointed_on\n"
PEOPLE = [f"{n},A1,Principal {n},مديرة {n},F,p{n}@example.org,ar,20{n}-09-01\n" for n in range(10, 14)]


def code_of(answer) -> tuple[int, str]:
    assert answer.content_type == "application/problem+json", answer.text
    return answer.status_code, answer.json["code"]


def test_the_whole_way_from_a_delegation_to_its_confirmed_coordinator(drive, attitudes, province):
    driven = drive(service)
    wish = {"code": "TAO", "name_fr": "Taounate", "name_ar": "تاونات"}
    entered = driven.call(Role.MINISTRY_ADMINISTRATOR).post("/v1/delegations", wish)
    assert (entered.status_code, entered.json | wish) == (201, entered.json)
    place = type(province)(driven, UUID(entered.json["id"]))
    place.send("schools", SCHOOLS, by=place.portal)
    place.send("principals", HEADER + "".join(PEOPLE), by=place.portal)
    people = [UUID(person["id"]) for person in place.stored("principals").values()]

    community = place.plan(quorum_percent=60)
    assert place.invite(community, *people).json == {"invited": [str(id) for id in people], "already": []}
    assert place.officer.get(community).json["state"] == "forming"
    for person in people[:3]:
        joined = place.principal(person).post(f"{community}/invitations/accept", {"attitudes": attitudes})
        assert (joined.status_code, joined.json["state"], joined.json["channel"]) == (200, "member", "portal")
    place.principal(people[3]).post(f"{community}/invitations/decline", {"channel": "mail"})

    election = f"/v1/elections/{place.officer.post(f'{community}/elections').json['id']}"
    for person in people[:2]:
        place.principal(person).post(f"{election}/stand", {"statement": "À votre service"})
    opened = place.officer.post(f"{election}/open", {"closes_at": "2999-01-01T00:00:00Z"})
    assert code_of(opened) == (422, "election.bad_closing")
    opened = place.officer.post(f"{election}/open", {"closes_at": soon()})
    assert (opened.json["state"], opened.json["entitled"], opened.json["needed"]) == ("open", 3, 2)
    for number, person in enumerate(people[:3]):
        ballot = {"choice": str(people[1]), "receipt": f"{number}" * 22}
        assert place.principal(person).post(f"{election}/vote", ballot).status_code == 204
    counted = place.portal.get(election).json
    assert (counted["state"], counted["elected_id"], counted["decided_by"]) == ("elected", str(people[1]), "votes")
    assert place.officer.post(f"{election}/confirm").json["state"] == "confirmed"
    assert place.principal(people[0]).get(community).json["coordinator_id"] == str(people[1])
    told = [type(event) for event in driven.told()]
    assert told[0] is DelegationRegistered
    assert told[6:] == [
        *(CommunityPlanned, *[MemberInvited] * 4, *[MemberJoined] * 3, InvitationDeclined),
        *(ElectionOpened, CoordinatorElected, CoordinatorConfirmed),
    ]


def soon() -> str:
    return (datetime.now(UTC) + timedelta(days=2)).isoformat()


def test_registering_a_delegation_again_returns_it_and_corrects_its_names(province):
    wish = {"code": "FES", "name_fr": "Fes", "name_ar": "فاس"}
    first, same, corrected = (
        province.ministry.post("/v1/delegations", wish | names) for names in ({}, {}, {"name_fr": "Fès"})
    )
    assert [answer.status_code for answer in (first, same, corrected)] == [201, 201, 201]
    assert same.json == first.json
    assert corrected.json == first.json | {"name_fr": "Fès"}
    told = [event.name_fr for event in province.driven.told(DelegationRegistered)]
    assert told == ["Taounate", "Fes", "Fès"]


def test_lists_come_in_pages_and_each_sees_what_is_theirs(province):
    province.ministry.post("/v1/delegations", {"code": "FES", "name_fr": "Fès", "name_ar": "فاس"})
    first = province.ministry.get("/v1/delegations?limit=1").json
    second = province.ministry.get(f"/v1/delegations?limit=1&after={first['next']}").json
    assert ([*first["items"], *second["items"]][0]["code"] != "FES", second["items"][0]["code"]) == (True, "FES")
    assert second["next"] is None
    assert [one["id"] for one in province.officer.get("/v1/delegations").json["items"]] == [str(province.delegation_id)]
    other = province.driven.call(Role.DELEGATION_OFFICER, unit_id=uuid4())
    assert other.get("/v1/delegations").json == {"items": [], "next": None}
    planned = {province.plan() for _ in range(3)}
    listed = province.portal.get(f"/v1/delegations/{province.delegation_id}/communities").json
    assert {f"/v1/communities/{one['id']}" for one in listed["items"]} == planned


# -- joining


def test_inviting_the_same_principals_twice_invites_them_once(province):
    people = province.people(2)
    community = province.plan()
    province.invite(community, people[0])
    again = province.invite(community, people[0], people[1], people[1]).json
    assert again == {"invited": [str(people[1])], "already": [str(people[0])]}
    assert [event.principal_id for event in province.driven.told(MemberInvited)] == people


def test_accepting_twice_is_refused_and_joins_once(province, attitudes):
    (person,) = province.people(1)
    community, yes = province.plan(), {"attitudes": attitudes}
    province.invite(community, person)
    answers = [province.principal(person).post(f"{community}/invitations/accept", yes) for _ in range(2)]
    assert answers[0].status_code == 200
    assert code_of(answers[1]) == (409, "membership.wrong_state")
    assert len(province.driven.told(MemberJoined)) == 1


def test_a_yes_names_all_six_attitudes(province, attitudes):
    (person,) = province.people(1)
    community = province.plan()
    province.invite(community, person)
    for missing in attitudes:
        shown = [attitude for attitude in attitudes if attitude != missing]
        for consent in ({"attitudes": shown}, {"attitudes": [*shown, "obedience"]}, {}):
            answer = province.principal(person).post(f"{community}/invitations/accept", consent)
            assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "attitudes")
    assert province.driven.told(MemberJoined) == []


def test_one_home_at_most_and_thematic_communities_on_top(province, attitudes):
    (person,) = province.people(1)
    home, second, thematic = province.plan(), province.plan(), province.plan(is_home=False)
    answers = {}
    for community in (home, second, thematic):
        province.invite(community, person)
        yes = province.principal(person).post(f"{community}/invitations/accept", {"attitudes": attitudes})
        answers[community] = yes.status_code if yes.status_code == 200 else yes.json["code"]
    assert answers == {home: 200, second: "membership.has_home", thematic: 200}
    province.principal(person).post(f"{home}/leave")
    moved = province.principal(person).post(f"{second}/invitations/accept", {"attitudes": attitudes})
    assert moved.status_code == 200


def test_who_left_or_declined_can_be_invited_again(province, attitudes):
    left, declined = province.people(2)
    community = province.plan()
    province.invite(community, left, declined)
    province.principal(left).post(f"{community}/invitations/accept", {"attitudes": attitudes})
    province.principal(left).post(f"{community}/leave")
    province.principal(declined).post(f"{community}/invitations/decline")
    assert province.invite(community, left, declined).json["already"] == []
    states = [one["state"] for one in province.officer.get(f"{community}/members").json["items"]]
    assert states == ["invited", "invited"]


# -- elections


def test_a_coordinator_who_leaves_leaves_the_community_without_one(province):
    circle = province.circle(3)
    province.officer.post(f"{circle.elected(0)}/confirm")
    community = circle.member(0).get(circle.path).json
    assert (community["coordinator_id"], community["mandate_ends_on"] > "2026") == (str(circle.member_ids[0]), True)
    assert circle.member(0).post(f"{circle.path}/leave").json["state"] == "left"
    community = circle.member(1).get(circle.path).json
    assert (community["coordinator_id"], community["mandate_ends_on"]) == (None, None)
    told = MemberLeft(community_id=circle.community_id, principal_id=circle.member_ids[0], reason="left")
    assert [replace(left, left_at=None) for left in province.driven.told(MemberLeft)] == [told]
    assert circle.member(0).get(circle.path).status_code == 404


def test_a_coordinator_invites_and_organises_the_next_election(province):
    circle = province.circle(3)
    province.officer.post(f"{circle.elected(0)}/confirm")
    wish = {"principal_ids": [str(id) for id in province.people(1)], "answer_by": soon()}
    assert circle.member(0).post(f"{circle.path}/invitations", wish).status_code == 200
    election = circle.member(0).post(f"{circle.path}/elections").json
    assert code_of(circle.member(0).post(f"{circle.path}/elections")) == (409, "election.under_way")
    circle.member(1).post(f"/v1/elections/{election['id']}/stand", {"statement": "Moi"})
    opened = circle.member(0).post(f"/v1/elections/{election['id']}/open", {"closes_at": soon()})
    assert opened.json["state"] == "open"


def test_after_a_refusal_the_peers_vote_again(province):
    circle = province.circle(3)
    refused = province.officer.post(f"{circle.elected(0)}/refuse", {"reason": "Sans formation"})
    assert (refused.json["state"], refused.json["refusal_reason"]) == ("refused", "Sans formation")
    assert [event.reason for event in province.driven.told(CoordinatorRefused)] == ["Sans formation"]
    province.officer.post(f"{circle.elected(1)}/confirm")
    assert province.officer.get(circle.path).json["coordinator_id"] == str(circle.member_ids[1])


def test_only_current_members_vote(province):
    circle = province.circle(4)
    election = circle.opened(0, 3)
    circle.member(2).post(f"{circle.path}/leave")
    assert code_of(circle.vote(election, 2, 0)) == (404, "election.not_found")
    circle.joins()
    assert code_of(circle.vote(election, 4, 0)) == (409, "election.not_on_roll")
    assert province.officer.get(election).json["voted"] == 0


def test_the_elected_who_has_left_is_not_confirmed(province):
    circle = province.circle(2)
    election = circle.elected(0)
    circle.member(0).post(f"{circle.path}/leave")
    assert code_of(province.officer.post(f"{election}/confirm")) == (409, "election.elected_has_left")
    assert province.officer.post(f"{election}/refuse", {"reason": "Partie"}).status_code == 200
    assert province.driven.told(CoordinatorConfirmed) == []
