"""Whoever an event concerns is written to, as the table of letters says."""

from notifications.letters import EVENTS
from shared.messaging.subscriptions import Subscriptions

from . import use_cases

subscriptions = Subscriptions("notifications.mail", on=dict.fromkeys(EVENTS, use_cases.write_letters))
