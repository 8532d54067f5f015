"""What is heard of somebody who takes part: their circles are looked at again."""

from shared.events import MeetingHeld, PracticePublished
from shared.messaging.subscriptions import Subscriptions

from . import use_cases

subscriptions = Subscriptions(
    "membership.life", on={MeetingHeld: use_cases.hear_of_circle, PracticePublished: use_cases.hear_of_circle}
)
