"""What is told of communities, and kept."""

from shared.messaging.subscriptions import Subscriptions

from .projections import ROSTER

subscriptions = Subscriptions("practices.roster", keeps=ROSTER.keepers)
