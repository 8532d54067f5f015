"""What communities do that shows that they live: they meet, give themselves rules, have a coordinator."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from shared.events import MeetingHeld

AGREED = {"adopted_on": "2026-01-12", "quorum_percent": 80, "mandate_months": 24, "meeting_rhythm_weeks": 6}
RULES = AGREED | {"text_fr": "Chacun reçoit à son tour.", "text_ar": "نستضيف بعضنا بالتناوب."}


def meets(
    circle: Any, *, days_ago: float = 0, activity: str = "formal_meeting", meeting_id: UUID | None = None
) -> None:
    held_at = datetime.now(UTC) - timedelta(days=days_ago)
    about = {"community_id": circle.community_id, "present_ids": circle.member_ids}
    told = MeetingHeld(meeting_id=meeting_id or uuid4(), **about, held_at=held_at, activity=activity)
    circle.province.driven.hear(told)


def has_rules(circle: Any) -> None:
    """Written down by the coordinator, and by the Delegation while there is none."""
    is_vacant = circle.province.officer.get(circle.path).json["coordinator_id"] is None
    speaker = circle.province.officer if is_vacant else circle.member(0)
    assert speaker.post(f"{circle.path}/rules", RULES).status_code == 201


def has_coordinator(circle: Any, place: int = 0) -> None:
    assert circle.province.officer.post(f"{circle.elected(place)}/confirm").status_code == 200


def state(circle: Any) -> str:
    return circle.province.officer.get(circle.path).json["state"]


def alive(province: Any, size: int = 3) -> Any:
    circle = province.circle(size)
    for happens in (has_rules, has_coordinator, meets):
        happens(circle)
    assert state(circle) == "active"
    return circle
