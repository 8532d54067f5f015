"""What wakes a community."""

from shared.events import MeetingHeld
from shared.messaging.subscriptions import Subscriptions

from . import use_cases

subscriptions = Subscriptions("membership.life", on={MeetingHeld: use_cases.hear_of_meeting})
