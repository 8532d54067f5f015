"""What membership was told by the other services and keeps."""

from .meetings import (
    KnownMeeting,
    KnownPractice,
    keep_cancellation,
    keep_date,
    keep_held,
    keep_minutes,
    keep_practice,
)
from .participation import Part, Participation, keep_answer, keep_author, keep_presence

projections = [KnownMeeting, KnownPractice, Participation]

__all__ = [
    "KnownMeeting",
    "KnownPractice",
    "Part",
    "Participation",
    "keep_answer",
    "keep_author",
    "keep_cancellation",
    "keep_date",
    "keep_held",
    "keep_minutes",
    "keep_practice",
    "keep_presence",
    "projections",
]
