"""What was sent to whom is shown to the Ministry and to officers of the recipient's Delegation, and to nobody else."""

from uuid import uuid4

import pytest

from shared.domain.actor import Role


@pytest.fixture
def officer(informed, story):
    return informed.call(Role.DELEGATION_OFFICER, unit_id=story.delegation_id)


def outsiders(informed, story) -> dict:
    return {
        "a principal, even about themselves": informed.call(Role.PRINCIPAL, id=story.khadija.principal_id),
        "an officer of another Delegation": informed.call(Role.DELEGATION_OFFICER, unit_id=uuid4()),
        "a service": informed.call(Role.SERVICE, id="meetings"),
        "a portal": informed.call(Role.PORTAL, unit_id=story.delegation_id),
    }


def test_an_officer_sees_what_became_of_each_message_but_not_what_it_says(informed, story, officer, written):
    informed.hear(story.minutes(reader_ids=[story.khadija.principal_id]))
    (message,) = written(informed)
    (shown,) = officer.get("/v1/messages").json["items"]
    assert shown == {
        "id": str(message.id),
        "kind": "minutes_published",
        "event_id": str(message.event_id),
        "principal_id": str(story.khadija.principal_id),
        "language": "fr",
        "to_address": "khadija@ecole.example",
        "mail_id": message.mail_id,
        "state": "queued",
        "attempts": 0,
        "interrupted": 0,
        "written_at": message.written_at.isoformat(),
        "next_at": message.next_at.isoformat(),
        "sent_at": None,
        "error": None,
    }
    assert officer.get(f"/v1/messages/{message.id}").json == shown


def test_messages_are_found_by_reader_and_by_state(informed, story, officer):
    informed.hear(story.minutes(), story.scheduled())
    found = officer.get("/v1/messages", query_string={"principal_id": story.omar.principal_id, "state": "queued"}).json
    assert {item["principal_id"] for item in found["items"]} == {str(story.omar.principal_id)}
    assert len(found["items"]) == 2
    assert officer.get("/v1/messages?state=sent").json == {"items": [], "next": None}


def test_messages_come_in_pages(informed, story, officer):
    informed.hear(story.minutes(), story.scheduled())
    first = officer.get("/v1/messages?limit=5").json
    second = officer.get(f"/v1/messages?limit=5&after={first['next']}").json
    ids = [item["id"] for item in first["items"] + second["items"]]
    assert (len(first["items"]), len(second["items"]), second["next"]) == (5, 3, None)
    assert ids == sorted(set(ids))


@pytest.mark.parametrize("query", ["state=lost", "principal_id=1", "after=1", "limit=0", "limit=1000"])
def test_a_question_that_cannot_be_right_is_refused(query, officer):
    assert officer.get(f"/v1/messages?{query}").status_code == 422


def test_the_ministry_sees_all(informed, story):
    informed.hear(story.minutes())
    ministry = informed.call(Role.MINISTRY_ADMINISTRATOR)
    assert len(ministry.get("/v1/messages").json["items"]) == 4


@pytest.mark.parametrize("path", ["/v1/messages", "/v1/messages/{message}", "/v1/recipients/{reader}"])
def test_nobody_else_sees_any(path, informed, story, written):
    informed.hear(story.minutes())
    path = path.format(message=written(informed)[0].id, reader=story.khadija.principal_id)
    for who, caller in outsiders(informed, story).items():
        answer = caller.get(path)
        assert answer.status_code in (403, 404) or answer.json == {"items": [], "next": None}, who
    assert informed.app.test_client().get(path).status_code == 401


def test_outsiders_cannot_tell_what_there_is_from_what_there_is_not(informed, story):
    for who, caller in outsiders(informed, story).items():
        for thing in ("messages", "recipients"):
            assert caller.get(f"/v1/{thing}/{uuid4()}").status_code == 404, who


def test_what_is_not_there_is_not_found(officer):
    for thing in ("messages", "recipients", "communities"):
        answer = officer.get(f"/v1/{thing}/{uuid4()}")
        assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_a_recipient_is_shown_without_their_address(story, officer):
    assert officer.get(f"/v1/recipients/{story.zineb.principal_id}").json == {
        "principal_id": str(story.zineb.principal_id),
        "delegation_id": str(story.delegation_id),
        "language": "ar",
        "has_address": True,
    }


def test_a_portal_asks_whether_a_community_has_arrived(informed, story):
    portal = informed.call(Role.PORTAL, unit_id=story.delegation_id)
    assert portal.get(f"/v1/communities/{story.community_id}").json == {
        "id": str(story.community_id),
        "name_fr": "Les cèdres d’Azrou",
        "name_ar": "أرز أزرو",
        "member_count": 4,
    }
    assert portal.get(f"/v1/communities/{uuid4()}").status_code == 404


@pytest.mark.parametrize("role", [Role.PRINCIPAL, Role.SERVICE, Role.PORTAL, Role.DELEGATION_OFFICER])
def test_others_do_not_ask_about_communities(role, informed, story):
    caller = informed.call(role, unit_id=uuid4())
    assert caller.get(f"/v1/communities/{story.community_id}").status_code == 404


def test_the_api_is_documented(informed):
    paths = informed.app.test_client().get("/openapi.json").json["paths"]
    assert {"/v1/messages", "/v1/messages/{message_id}", "/v1/recipients/{principal_id}"} <= set(paths)
