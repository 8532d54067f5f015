"""Somebody is erased: nothing more is sent to them, and no mail, sent or waiting, tells who they were."""

from collections import deque
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import select
from stored import traits_in

from notifications.messages import use_cases
from notifications.messages.model import Message, MessageState
from notifications.people.projections import Recipient
from shared.events import PrincipalErased

pytestmark = pytest.mark.both_databases


def erased(story, person: UUID) -> PrincipalErased:
    return PrincipalErased(principal_id=person, community_ids=[story.community_id], erased_at=datetime.now(UTC))


@pytest.fixture
def khadija(story) -> list[str]:
    """The convener, who is in everybody's mail."""
    return [story.khadija.name_fr, story.khadija.name_ar, story.khadija.email]


def write_about_her(informed, story) -> None:
    about = f"{story.khadija.name_fr} et {story.khadija.name_ar}"
    informed.hear(
        story.scheduled(place=f"Chez {story.khadija.name_fr}"),
        story.minutes(summary=f"Présenté par {about}", decisions=[f"{story.khadija.email} répond"]),
        story.elected(principal_id=story.khadija.principal_id),
        story.practice(author_name_fr=story.khadija.name_fr, author_name_ar=story.khadija.name_ar),
    )


def test_no_mail_to_anybody_tells_of_them_any_more(informed, story, khadija, written):
    write_about_her(informed, story)
    url = informed.settings.database_url
    before = len(written(informed))
    assert len([line for line in traits_in(url, khadija) if line.startswith("message:")]) > before / 2

    informed.hear(erased(story, story.khadija.principal_id))

    assert traits_in(url, khadija) == []
    messages = written(informed)
    hers = [message for message in messages if message.principal_id == story.khadija.principal_id]
    assert len(messages) == before and len(hers) >= 3
    assert {(m.state, m.to_name, m.to_address, m.text, m.html, m.calendar) for m in hers} == {
        (MessageState.WITHDRAWN, "Ancien membre", "", "", "", None)
    }
    told = [m for m in messages if m.principal_id == story.hassan.principal_id and m.kind == "minutes_published"]
    assert "Présenté par un ancien membre et عضو سابق" in told[0].text
    assert "un ancien membre" in told[0].html


def test_nothing_is_written_to_them_any_more_and_the_others_still_are(informed, story, written):
    informed.hear(erased(story, story.khadija.principal_id))
    informed.hear(story.scheduled(), story.khadija)  # her registration comes once more, late
    readers = {message.principal_id for message in written(informed)}
    assert readers == {*story.ids} - {story.khadija.principal_id}
    with informed.sessions.reader() as session:
        entry = session.get(Recipient, story.khadija.principal_id)
        assert (entry.name_fr, entry.name_ar, entry.email) == ("Ancien membre", "عضو سابق", "")


@pytest.mark.parametrize("outcome", ["sent", "deferred", "failed", "interrupted"])
def test_a_mail_in_hand_when_they_are_erased_stays_withdrawn(informed, story, outcome):
    informed.hear(story.scheduled(invitee_ids=[story.khadija.principal_id]))
    now = datetime.now(UTC)
    with informed.sessions.transaction() as session:
        (in_hand,) = deque(use_cases.claim_due(session, now, 10))
    informed.hear(erased(story, story.khadija.principal_id))
    with informed.sessions.transaction() as session:
        if outcome == "sent":
            use_cases.note_sent(session, in_hand.id, now)
        elif outcome == "deferred":
            use_cases.note_deferred(session, in_hand.id, "away", now, outcome_known=True)
        elif outcome == "failed":
            use_cases.note_failed(session, in_hand.id, f"no {story.khadija.email} here")
        else:
            use_cases.bring_back_interrupted(session, now)
    with informed.sessions.transaction() as session:
        assert use_cases.claim_due(session, now, 10) == []
        left = session.scalars(select(Message)).one()
        assert (left.state, left.error) == (MessageState.WITHDRAWN, None)


def test_a_calendar_that_breaks_a_name_in_two_forgets_it_too(informed, story, written):
    long_name = "Fatima Ezzahra Bent Abdeslam El Ouazzani Touhami Chahdi Idrissi Alaoui"
    registered = type(story.khadija)(**vars(story.khadija) | {"name_fr": long_name})
    informed.hear(registered, story.scheduled())
    assert any(long_name not in m.calendar and long_name in m.calendar.replace("\r\n ", "") for m in written(informed))
    informed.hear(erased(story, story.khadija.principal_id))
    assert traits_in(informed.settings.database_url, [long_name]) == []
    assert all("un ancien membre" in m.calendar for m in written(informed) if m.calendar and m.language == "fr")
