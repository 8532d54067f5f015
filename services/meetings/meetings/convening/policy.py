"""Who may convene, answer and say what took place."""

from meetings.roster import ROSTER
from shared.domain.actor import Role
from shared.domain.policy import Kind, Row

SEES = ROSTER.sees
MEMBER: Row = {Role.PRINCIPAL: ROSTER.member}
COORDINATOR: Row = {Role.PRINCIPAL: ROSTER.coordinator}

kinds = (
    Kind("community", {"get_community": SEES, "list_meetings": SEES, "plan_meeting": COORDINATOR}),
    Kind(
        "meeting",
        {
            "get_meeting": SEES,
            "schedule_meeting": COORDINATOR,
            "reschedule_meeting": COORDINATOR,
            "cancel_meeting": COORDINATOR,
            "answer_invitation": MEMBER,
            "list_answers": MEMBER,  # who comes is for the members: above the community, nobody keeps a roll
            "hold_meeting": COORDINATOR,
        },
    ),
)
