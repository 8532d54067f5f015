"""What this service needs to know beside what every service does: whether a meeting may be held early."""

from dataclasses import dataclass

from shared.running.settings import LinkSettings, setting


@dataclass(frozen=True, kw_only=True)
class MeetingsSettings(LinkSettings):
    """What every service needs to know, and one switch for those who cannot wait a week."""

    may_be_held_early: int = setting(
        "HALQA_MEETING_MAY_BE_HELD_EARLY",
        "1 lets a meeting be held before it begins: for development and tours only",
        default=0,
    )
