"""Who can be written to, and who belongs to which community, as membership tells it."""

from .policy import OFFICERS, THEMSELF, in_reach
from .projections import LANGUAGES, ROSTER, Community, Member, Office, Recipient
from .queries import (
    UnknownRecipient,
    community,
    officer_ids,
    oneself,
    recipient,
    recipient_if_known,
    recipients,
    who_may_admit,
)
