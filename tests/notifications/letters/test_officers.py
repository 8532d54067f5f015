"""Officers are written to about what they have to do: a choice to confirm, a silence to end, a request to answer."""

from dataclasses import replace
from datetime import UTC, date, datetime
from urllib.parse import urlsplit
from uuid import uuid4

import pytest

from notifications.letters import contents as letters
from notifications.people.projections import Recipient
from shared import events
from shared.domain.actor import Role

NOW = datetime(2026, 2, 1, 18, 0, tzinfo=UTC)


@pytest.fixture
def delegue(story):
    return story.appointed("Nadia Alaoui", "نادية العلوي", "fr")


@pytest.fixture
def deputy(story):
    return story.appointed("Said Idrissi", "سعيد الإدريسي", "ar")


def silent(story, **more):
    told = {"community_id": story.community_id, "delegation_id": story.delegation_id, "reason": "no_meeting"}
    return events.CommunitySilent(**told | {"dormant_on": date(2026, 3, 5)} | more)


def requested(story, asking):
    about = {"community_id": story.community_id, "principal_id": asking.principal_id}
    return events.JoinRequested(**about, requested_at=NOW)


def confirmed(story, principal):
    names = {"name_fr": principal.name_fr, "name_ar": principal.name_ar}
    about = {"community_id": story.community_id, "principal_id": principal.principal_id}
    return events.CoordinatorConfirmed(**about, **names, mandate_ends_on=date(2028, 9, 1))


def addressed(messages, kind: str) -> list[str]:
    return sorted(message.to_address for message in messages if message.kind == kind)


def test_officers_of_the_delegation_hear_of_silence_and_of_a_choice_to_confirm(
    informed, story, delegue, deputy, written
):
    elsewhere = replace(delegue, officer_id=uuid4(), unit_id=uuid4(), email="elsewhere@men.example")
    informed.hear(delegue, deputy, elsewhere, silent(story), story.elected())
    messages = written(informed)
    both = ["nadia@men.example", "said@men.example"]
    assert addressed(messages, "community_silent") == addressed(messages, "confirmation_awaited") == both
    assert addressed(messages, "coordinator_elected") == sorted(person.email for person in story.principals)
    french, arabic = (message for message in messages if message.kind == "community_silent")
    assert {french.language, arabic.language} == {"fr", "ar"}
    asked = next(m for m in messages if m.kind == "confirmation_awaited" and m.language == "fr")
    assert asked.text.startswith("Madame, Monsieur,")
    assert "Ce choix attend votre confirmation." in asked.text


def test_who_was_withdrawn_is_written_to_no_more_and_not_known_any_more(informed, story, delegue, written):
    twice = replace(delegue, unit_id=uuid4(), level="academy")
    gone = [events.OfficerWithdrawn(officer_id=delegue.officer_id, unit_id=unit.unit_id) for unit in (delegue, twice)]
    informed.hear(delegue, twice, gone[0], silent(story))
    assert addressed(written(informed), "community_silent") == []
    with informed.sessions.reader() as session:
        assert session.get(Recipient, delegue.officer_id) is not None
    informed.hear(gone[1])
    with informed.sessions.reader() as session:
        assert session.get(Recipient, delegue.officer_id) is None


def test_a_request_goes_to_the_coordinator_and_to_officers_while_there_is_none(informed, story, delegue, written):
    asking = story._principal("Samira Fassi", "سميرة الفاسي", "female", "fr")
    informed.hear(delegue, asking, requested(story, asking))
    assert addressed(written(informed), "join_requested") == ["nadia@men.example"]

    informed.hear(confirmed(story, story.zineb), requested(story, asking))
    assert addressed(written(informed), "join_requested") == ["nadia@men.example", "zineb@ecole.example"]

    left = events.MemberLeft(community_id=story.community_id, principal_id=story.zineb.principal_id)
    informed.hear(left, requested(story, asking))
    assert addressed(written(informed), "join_requested") == ["nadia@men.example"] * 2 + ["zineb@ecole.example"]


def test_a_community_that_moved_is_looked_after_by_its_new_delegation(informed, story, delegue, written):
    new = uuid4()
    asking = story._principal("Samira Fassi", "سميرة الفاسي", "female", "fr")
    moved = events.CommunityMoved(community_id=story.community_id, delegation_id=new)
    informed.hear(asking, replace(delegue, unit_id=new), moved, requested(story, asking))
    assert addressed(written(informed), "join_requested") == ["nadia@men.example"]


def test_an_officer_can_say_no_to_a_kind_of_mail_from_the_mail_itself(informed, story, delegue, written):
    informed.hear(delegue, silent(story))
    (warning,) = written(informed)
    page = informed.app.test_client().post(urlsplit(warning.unsubscribe_url).path, data={"choice": "unsubscribe"})
    assert "les alertes sur une communauté silencieuse" in page.text
    informed.hear(silent(story))
    assert len(written(informed)) == 1


@pytest.mark.parametrize(
    ("reason", "says"), [("no_meeting", "ne s’est pas réunie"), ("no_coordinator", "plus de coordination")]
)
def test_a_warning_says_what_is_missing_until_when_and_what_to_do(reason, says, story, settings):
    letter = letters.community_silent(silent(story, reason=reason), story.known_community)
    text = letter.render(story.known(story.khadija), settings).text
    assert says in text
    assert "le jeudi 5 mars 2026" in text
    assert text.count("\n- ") == 3


def test_who_is_moved_is_told_what_becomes_of_their_community(informed, story, written):
    follows = story.transferred()
    stays = story.transferred(principal_id=story.hassan.principal_id, community_follows=False)
    nobody = story.transferred(principal_id=story.omar.principal_id, absence="deceased")
    informed.hear(follows, stays, nobody)
    told = {message.principal_id: message.text for message in written(informed)}
    assert set(told) == {story.zineb.principal_id, story.hassan.principal_id}
    assert "انتهت مشاركتكم في جماعتكم الترابية" in told[story.zineb.principal_id]
    assert "Vous restez membre" in told[story.hassan.principal_id]


def test_officers_are_told_from_principals_in_what_callers_see(informed, story, delegue, written):
    """An officer of the Delegation finds the mails of its officers; another Delegation does not."""
    informed.hear(delegue, silent(story))
    here = informed.call(Role.DELEGATION_OFFICER, unit_id=story.delegation_id).get("/v1/messages").json["items"]
    there = informed.call(Role.DELEGATION_OFFICER, unit_id=uuid4()).get("/v1/messages").json["items"]
    assert ([message["kind"] for message in here], there) == (["community_silent"], [])
