"""Whatever is heard, however often and in whatever order, each person concerned is written to once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from notifications.letters import Rendered
from notifications.messages.model import Message, MessageState
from notifications.messages.use_cases import notify
from notifications.people import projections, queries
from notifications.people.projections import Community, Member, Recipient
from notifications.people.queries import UnknownRecipient
from shared import events
from shared.messaging.inbox import InboxRow
from shared.testing.harness import wrap

pytestmark = pytest.mark.both_databases


def retried(notifications) -> None:
    """Half a day later: what was parked is tried again."""
    with notifications.sessions.transaction() as session:
        session.execute(update(InboxRow).values(next_at=datetime.now(UTC) - timedelta(hours=1)))
    notifications.inbox.retry_due()


def statuses(notifications) -> list[str]:
    with notifications.sessions.reader() as session:
        return list(session.scalars(select(InboxRow.status).order_by(InboxRow.seq)))


def rows(notifications, table) -> list:
    with notifications.sessions.reader() as session:
        found = session.scalars(select(table)).all()
        session.expunge_all()
    return list(found)


ALONE = (
    events.MemberInvited, events.MemberJoined, events.ArchiveCompleted, events.JoinRefused, events.JoinLapsed,
    events.PrincipalTransferred,
)  # fmt: skip
FOR_OFFICERS = (events.CommunitySilent, events.CommunityWentDormant)


def readers_of(event, story) -> set:
    if isinstance(event, FOR_OFFICERS):
        return set()  # nobody acts for the Delegation of this story
    if isinstance(event, events.JoinRequested):
        return {story.zineb.principal_id}  # who was confirmed as coordinator before
    return {event.principal_id} if isinstance(event, ALONE) else set(story.ids)


def test_everyone_concerned_is_written_to_in_their_language(informed, story, written):
    for event_class, event in story.every_letter().items():
        informed.hear(event)
        kind = event_class.wire_type.split(".")[1]
        messages = [message for message in written(informed) if message.kind == kind]
        assert {message.principal_id for message in messages} == readers_of(event, story)
        assert len(messages) == len(readers_of(event, story))
        assert all(message.state is MessageState.QUEUED for message in messages)
        addressed = {(m.principal_id, m.language, m.to_address) for m in messages}
        known = {(p.principal_id, p.language, p.email) for p in story.principals}
        assert addressed <= known


def test_of_an_election_that_ends_with_its_community_only_the_end_is_told(informed, story, written):
    here = {"community_id": story.community_id}
    reason = "Trop peu de membres"
    dissolved = events.CommunityDissolved(**here, delegation_id=story.delegation_id, reason=reason)
    ended = events.ElectionAbandoned(**here, election_id=uuid4(), reason="dissolved")
    of_old = events.ElectionAbandoned(**here, election_id=uuid4())
    asked = {"principal_id": story.omar.principal_id, "requested_at": datetime(2026, 2, 1, tzinfo=UTC)}
    informed.hear(dissolved, ended, of_old, events.JoinLapsed(**here, **asked, reason="dissolved"))
    messages = written(informed)
    assert {message.kind for message in messages} == {"community_dissolved", "join_lapsed"}
    (lapsed,) = (message for message in messages if message.kind == "join_lapsed")
    assert "وقد تم حل هذه الجماعة" in lapsed.text
    assert not any(str(story.community_id) in message.text for message in messages)  # who belonged sees it no more


def test_an_event_that_comes_ten_times_is_told_once(informed, story, written):
    id = uuid4()
    for _ in range(10):
        informed.hear(story.scheduled(), id=id)
    assert sorted(message.principal_id for message in written(informed)) == sorted(story.ids)
    assert {message.event_id for message in written(informed)} == {id}


def test_notifying_ten_times_of_one_event_writes_once_even_past_the_inbox(informed, story, written):
    letter = WrittenByHand()
    for _ in range(10):
        with informed.sessions.transaction() as session:
            notify(session, letter.event_id, story.ids, letter)
    assert len(written(informed)) == len(story.ids)


def test_somebody_named_twice_is_written_to_once(informed, story, written):
    informed.hear(story.scheduled(invitee_ids=[*story.ids, *story.ids]))
    assert len(written(informed)) == len(story.ids)


def test_two_events_are_two_messages(informed, story, written):
    informed.hear(story.scheduled(), story.scheduled())
    assert len({message.mail_id for message in written(informed)}) == 2 * len(story.ids)


class WrittenByHand:
    """A letter about nothing in particular."""

    kind = "nothing"
    community_id = None

    def __init__(self) -> None:
        self.event_id = uuid4()

    def render(self, recipient, settings):
        return Rendered("Bonjour", f"Bonjour {recipient.name}", "<p>")


def test_nobody_is_left_out_because_their_entry_is_late(notifications, story, written):
    notifications.hear(*story.principals[:3], story.community)
    notifications.inbox.receive([wrap(story.scheduled())])
    assert written(notifications) == []
    assert statuses(notifications)[-1] == "retry"

    notifications.hear(story.omar)
    retried(notifications)
    assert statuses(notifications)[-2] == "done"
    assert len(written(notifications)) == len(story.ids)


@pytest.mark.parametrize("late", ["community", "khadija"])
def test_an_invitation_waits_for_what_it_speaks_of(late, notifications, story, written):
    told = {"community": story.community, "khadija": story.khadija}
    notifications.hear(*(event for name, event in told.items() if name != late))
    khadija = {"principal_id": story.khadija.principal_id, "community_id": story.community_id}
    invited = events.MemberInvited(**khadija, answer_by=datetime(2026, 2, 1, tzinfo=UTC))
    notifications.inbox.receive([wrap(invited)])
    assert statuses(notifications)[-1] == "retry"
    notifications.hear(told[late])
    retried(notifications)
    assert [message.kind for message in written(notifications)] == ["member_invited"]


def test_an_unknown_reader_is_named(informed, story):
    stranger = uuid4()
    letter = WrittenByHand()
    with pytest.raises(UnknownRecipient, match=str(stranger)), informed.sessions.transaction() as session:
        notify(session, letter.event_id, [*story.ids, stranger], letter)


def test_a_message_goes_to_the_address_as_last_corrected(notifications, story, written):
    corrected = replace(story.khadija, email="new@ecole.example", language="ar")
    notifications.hear(story.khadija, corrected, story.community, story.joined(story.khadija))
    (welcome,) = written(notifications)
    assert (welcome.to_address, welcome.language) == ("new@ecole.example", "ar")


def test_what_a_session_has_read_is_not_older_than_what_it_wrote(notifications, story):
    notifications.hear(story.khadija)
    with notifications.sessions.transaction() as session:
        khadija = queries.recipient(session, story.khadija.principal_id)
        projections.keep_recipient(session, replace(story.khadija, email="new@ecole.example"))
        assert khadija.email == "new@ecole.example"


def test_what_is_told_again_is_kept_once(notifications, story):
    for _ in range(2):
        notifications.hear(*story.principals, story.community, *map(story.joined, story.principals))
    assert len(rows(notifications, Recipient)) == len(rows(notifications, Member)) == 4
    assert [(c.id, c.name_ar, c.coordinator_id) for c in rows(notifications, Community)] == [
        (story.community_id, "أرز أزرو", None)
    ]


def test_a_community_told_again_keeps_its_coordinator(informed, story):
    informed.hear(story.every_letter()[events.CoordinatorConfirmed], replace(story.community, name_fr="Les cèdres"))
    (community,) = rows(informed, Community)
    assert (community.name_fr, community.coordinator_id) == ("Les cèdres", story.zineb.principal_id)


def test_who_has_left_is_no_longer_written_to_as_a_member(informed, story, written):
    left = events.MemberLeft(community_id=story.community_id, principal_id=story.omar.principal_id)
    informed.hear(left, left, story.elected())
    assert story.omar.principal_id not in {message.principal_id for message in written(informed)}
    informed.hear(story.joined(story.omar), story.elected())
    assert story.omar.principal_id in {message.principal_id for message in written(informed)}


def test_nothing_is_told_by_writing_a_message(informed, story):
    informed.hear(story.scheduled())
    assert informed.told() == []
    assert len(rows(informed, Message)) == len(story.ids)
