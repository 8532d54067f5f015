"""Who may write minutes, and who reads how much of them."""

from meetings.convening import COORDINATOR, MEMBER, SEES
from shared.domain.policy import More

kinds = (
    More(
        "meeting",
        {
            "get_minutes": SEES,
            "read_discussion": MEMBER,  # part of the minutes
            "write_minutes": COORDINATOR,
            "publish_minutes": COORDINATOR,
        },
    ),
)
