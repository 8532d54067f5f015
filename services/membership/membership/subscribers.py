"""What membership hears; a list that grows with the circles and the alerts."""

from shared.messaging.subscriptions import Subscriptions

subscriptions = Subscriptions("membership.life")
