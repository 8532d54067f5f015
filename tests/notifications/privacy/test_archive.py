"""What notifications holds about one person, and the mail that says that their archive is ready."""

import json
from datetime import UTC, datetime
from uuid import uuid4

from shared.events import ArchiveAsked, ArchiveCompleted, MemberInvited, NotificationsPartGathered

SOON = datetime(2026, 3, 9, 9, 30, tzinfo=UTC)


def gathered(driven, principal_id) -> dict[str, list]:
    driven.hear(ArchiveAsked(archive_id=uuid4(), principal_id=principal_id))
    return json.loads(driven.told(NotificationsPartGathered)[-1].content)


def test_a_person_finds_their_entry_and_what_was_written_to_them_alone(informed, story):
    khadija = story.khadija.principal_id
    for reader in (khadija, story.omar.principal_id):
        informed.hear(MemberInvited(community_id=story.community_id, principal_id=reader, answer_by=SOON))
    told = gathered(informed, khadija)
    (entry,), (message,) = told["entry"], told["messages"]
    assert (entry["email"], entry["name_fr"]) == ("khadija@ecole.example", "Khadija Bennani")
    assert (message["kind"], message["state"], message["to_name"]) == ("member_invited", "queued", "Khadija Bennani")
    assert "Les cèdres d’Azrou" in message["text"]
    assert [community["name_fr"] for community in told["communities"]] == ["Les cèdres d’Azrou"]


def test_no_link_in_it_lets_anybody_act_in_their_place(informed, story, written):
    khadija = story.khadija.principal_id
    informed.hear(MemberInvited(community_id=story.community_id, principal_id=khadija, answer_by=SOON))
    (message,) = written(informed)
    words = message.text.split("/v1/links/")[1:]
    (told,) = gathered(informed, khadija)["messages"]
    assert words
    assert all(word.split()[0] not in told["text"] for word in words)
    assert told["text"].count("/v1/links/…") == len(words)


def test_when_it_is_ready_its_person_is_told_and_nothing_of_what_is_in_it(informed, story, written):
    archive_id = uuid4()
    informed.hear(ArchiveCompleted(archive_id=archive_id, principal_id=story.omar.principal_id, kept_until=SOON))
    (message,) = written(informed)
    assert (message.principal_id, message.kind) == (story.omar.principal_id, "archive_completed")
    assert f"/archives/{archive_id}" in message.text
    assert message.subject == "نسخة معطياتكم الشخصية جاهزة"
    assert message.to_address not in message.text
