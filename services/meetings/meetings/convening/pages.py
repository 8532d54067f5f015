"""What links in mails do here: a member says whether they will come."""

from datetime import UTC, datetime

from flask import Blueprint as Pages
from sqlalchemy.orm import Session

from meetings.settings import MeetingsSettings
from shared.domain.links import Link
from shared.web.links import Act, Shown, Signer, links_of

from . import queries, use_cases
from .model import Answer, Attendance, Invitation, Modality

CHOICES = {
    "yes": (Answer.YES, None),
    "yes_in_person": (Answer.YES, Attendance.IN_PERSON),
    "yes_remote": (Answer.YES, Attendance.REMOTE),
    "maybe": (Answer.MAYBE, None),
    "no": (Answer.NO, None),
}


OFFERED = {
    Modality.IN_PERSON: ("yes", "maybe", "no"),
    Modality.REMOTE: ("yes", "maybe", "no"),
    Modality.HYBRID: ("yes_in_person", "yes_remote", "maybe", "no"),
}


def _show(session: Session, link: Link) -> Shown:
    own = queries.own_invitation(session, link.actor, link.thing_id)
    choices = OFFERED[own.meeting.modality] if own.meeting.takes_answers(datetime.now(UTC)) else ()
    return Shown(choices, {"meeting": own.meeting, "community": own.community, "said": _said(own.invitation)})


def _said(invitation: Invitation) -> str | None:
    said = (invitation.answer, invitation.attendance)
    return next((choice for choice, meaning in CHOICES.items() if meaning == said), invitation.answer)


def _answer(session: Session, link: Link, choice: str) -> None:
    answer, attendance = CHOICES[choice]
    use_cases.answer_invitation(session, link.actor, link.thing_id, answer=answer, attendance=attendance)


def pages(settings: MeetingsSettings) -> list[Pages]:
    acts = {"answer_invitation": Act("meeting", _show, _answer)}
    return [links_of("meetings", Signer(settings.link_secret, settings.previous_link_secret), acts, __name__)]
