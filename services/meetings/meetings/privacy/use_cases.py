"""What is done about a person who is owed a copy, or erased."""

from sqlalchemy.orm import Session

from meetings.convening import every_meeting_of
from meetings.roster import ROSTER
from shared.domain import links
from shared.events import ArchiveAsked, ArchiveDeleted, LinksRevoked, MeetingsPartGathered, PrincipalErased
from shared.messaging import archiving, erasure
from shared.web import idempotency

from . import queries


def erase_person(session: Session, event: PrincipalErased) -> None:
    """What the community remembers stays; nothing in it names them."""
    traces = ROSTER.traces_of(session, event.principal_id)
    for meeting in every_meeting_of(session, event.community_ids):
        meeting.leave_out(traces)
    for minutes in queries.all_minutes_of(session, event.community_ids):
        minutes.leave_out(traces)
    session.flush()
    erasure.erase(session, event.principal_id, event.community_ids, traces)
    idempotency.forget_person(session, event.principal_id, traces)


def gather_archive(session: Session, event: ArchiveAsked) -> None:
    archiving.gather(session, event, MeetingsPartGathered, queries.everything_about(session, event.principal_id))


def blank_archive(session: Session, event: ArchiveDeleted) -> None:
    archiving.blank(session, event.archive_id)


def revoke_links(session: Session, event: LinksRevoked) -> None:
    links.revoke(session, event.principal_id, event.revoked_at)
