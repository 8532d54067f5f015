"""What this capability owns: meetings and the invitations to them."""

from .agenda import Agenda
from .invitation import Answer, Attendance, Invitation
from .meeting import NOTICE, Activity, Meeting, Modality
from .meeting import State as MeetingState

__all__ = [
    "NOTICE",
    "Activity",
    "Agenda",
    "Answer",
    "Attendance",
    "Invitation",
    "Meeting",
    "MeetingState",
    "Modality",
]
