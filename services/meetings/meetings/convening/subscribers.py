"""What is heard of communities and members, and acted upon."""

from shared.events import CommunityDissolved, MemberLeft
from shared.messaging.subscriptions import Subscriptions

from . import use_cases

subscriptions = Subscriptions(
    "meetings.roster",
    on={CommunityDissolved: use_cases.cancel_meetings, MemberLeft: use_cases.withdraw_invitations},
)
