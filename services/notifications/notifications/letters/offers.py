"""What a reader can do from a mail itself: links that are good for one act, for one person, for a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from notifications.model import MANDATORY
from notifications.projections import Recipient
from notifications.settings import MailSettings
from shared.domain.links import Link
from shared.web.links import Signer

UNSUBSCRIBE_WITHIN = timedelta(days=400)


@dataclass(frozen=True)
class Offer:
    """An act in a service, upon a thing, until a moment. `act` is the verb there."""

    service: str
    act: str
    thing: str
    until: datetime


def to_unsubscribe(kind: str, now: datetime) -> Offer | None:
    """None where nobody can say no."""
    return None if kind in MANDATORY else Offer("notifications", "unsubscribe", kind, now + UNSUBSCRIBE_WITHIN)


def addresses(offers: Sequence[Offer], reader: Recipient, settings: MailSettings, now: datetime) -> Mapping[str, str]:
    """By the name of the act, where this reader does it."""
    return {offer.act: address(offer, reader, settings, now) for offer in offers}


def address(offer: Offer, reader: Recipient, settings: MailSettings, now: datetime) -> str:
    link = Link(offer.act, reader.principal_id, offer.thing, reader.reads, issued_at=now, expires_at=offer.until)
    word = Signer(settings.link_secret, settings.previous_link_secret).sign(offer.service, link)
    return f"{settings.public_url_of(offer.service)}/v1/links/{word}"
