"""Meetings: planned, scheduled, moved, answered, held or cancelled."""

from .model import Agenda, Invitation, Meeting, MeetingState
from .model.people import must_be_known
from .policy import COORDINATOR, MEMBER, SEES
from .queries import every_meeting_of, meeting
from .use_cases import meeting_held_still
