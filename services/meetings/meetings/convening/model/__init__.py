"""What this service owns: meetings, the invitations to them, and their minutes."""

from .agenda import Agenda
from .invitation import Answer, Attendance, Invitation
from .meeting import NOTICE, Activity, Meeting, Modality
from .meeting import State as MeetingState
from .minutes import Minutes, MinutesAsRead
from .minutes import State as MinutesState
from .tables import Base

__all__ = [
    "NOTICE",
    "Activity",
    "Agenda",
    "Answer",
    "Attendance",
    "Base",
    "Invitation",
    "Meeting",
    "MeetingState",
    "Minutes",
    "MinutesAsRead",
    "MinutesState",
    "Modality",
]
