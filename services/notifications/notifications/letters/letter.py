"""A letter: what is to be said about one event, whoever reads it, and how it is rendered for one reader."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from notifications.people import Recipient
from notifications.settings import MailSettings

from . import wording
from .calendar import Entry
from .layout import dress
from .offers import Offer, address, addresses, to_unsubscribe


@dataclass(frozen=True)
class Rendered:
    """What one reader will see, in their language; with a calendar entry where there is something to attend.

    `unsubscribe_url` is where they can say no to this kind of mail, if that is theirs to say.
    """

    subject: str
    text: str
    html: str
    calendar: str | None = None
    calendar_method: str | None = None
    unsubscribe_url: str | None = None


@dataclass(frozen=True)
class Letter:
    """What is to be said about one event, whoever reads it.

    `kind` names the templates, `path` is where in the portal the reader can act, `zone` is where times are told;
    `entry` makes the reader's calendar entry, where there is something to attend; `offers` is what can be done from
    the mail itself; `may_refuse` says whether its reader can switch it off.
    """

    kind: str
    path: str
    facts: dict[str, Any]
    zone: str | None = None
    entry: Callable[..., Entry] | None = None
    offers: Sequence[Offer] = ()
    may_refuse: bool = True

    @property
    def community_id(self) -> UUID | None:
        """In which community it was that it speaks of."""
        return self.facts["community"].id if "community" in self.facts else None

    def render(self, recipient: Recipient, settings: MailSettings) -> Rendered:
        link, now = settings.portal_url.rstrip("/") + self.path, datetime.now(UTC)
        acts = addresses(self.offers, recipient, settings, now)
        unsubscribe = address(to_unsubscribe(self.kind, now), recipient, settings, now) if self.may_refuse else None
        facts = {"reader": recipient, "link": link, "act": acts, "zone": self.zone or settings.zone, **self.facts}
        subject, body = self._words(recipient.reads, facts, unsubscribe)
        html = dress(subject, body, language=recipient.reads, links=[link, *acts.values(), unsubscribe])
        return self._with_entry(Rendered(subject, body, html, unsubscribe_url=unsubscribe), recipient, settings, link)

    def _words(self, language: str, facts: dict[str, Any], unsubscribe: str | None) -> tuple[str, str]:
        """The last paragraph says why the letter came, and how no other like it comes."""
        subject, _, body = wording.compose(self.kind, language, **facts).partition("\n\n")
        footer = wording.compose("footer", language, unsubscribe=unsubscribe)
        return subject, f"{body}\n{footer}"

    def _with_entry(self, content: Rendered, recipient: Recipient, settings: MailSettings, link: str) -> Rendered:
        if self.entry is None:
            return content
        entry = self.entry(recipient, link=link, sender=settings.mail_from, stamped_at=datetime.now(UTC))
        return replace(content, calendar=entry.text, calendar_method=entry.method)
