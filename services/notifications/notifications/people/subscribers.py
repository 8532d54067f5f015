"""What is told of people and communities, and kept."""

from shared.events import OfficerAppointed, OfficerWithdrawn, PrincipalErased, PrincipalRegistered
from shared.messaging.subscriptions import Subscriptions

from . import projections

QUEUE = "notifications.mail"

subscriptions = Subscriptions.joined(
    [
        Subscriptions(QUEUE, keeps=projections.ROSTER.keepers),
        Subscriptions(
            QUEUE,
            keeps={
                PrincipalRegistered: projections.keep_recipient,
                OfficerAppointed: projections.keep_officer,
                OfficerWithdrawn: projections.let_officer_go,
                PrincipalErased: projections.forget_recipient,
            },
        ),
    ]
)
