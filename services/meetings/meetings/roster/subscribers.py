"""What is told of communities, and kept."""

from shared.messaging.subscriptions import Subscriptions

from .projections import ROSTER

subscriptions = Subscriptions("meetings.roster", keeps=ROSTER.keepers)
