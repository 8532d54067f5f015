"""What this service needs to know beside what every service does: where mail goes, and what it says of its sender."""

import re
from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from shared.running.settings import LinkSettings, MissingSettings, setting

PUBLIC = ("public_membership_url", "public_meetings_url", "public_notifications_url")


@dataclass(frozen=True, kw_only=True)
class MailSettings(LinkSettings):
    """Usable once made: what no mail could be sent with stops the start."""

    mail_url: str = setting(
        "HALQA_MAIL_URL", "smtp://user:password@host:port, smtp+starttls://… or spool:///absolute/folder"
    )
    mail_from: str = setting("HALQA_MAIL_FROM", "who mail comes from", default="Halqa <halqa@localhost>")
    mail_domain: str = setting("HALQA_MAIL_DOMAIN", "what each Message-ID ends in", default="halqa.invalid")
    portal_url: str = setting("HALQA_PORTAL_URL", "http://… where links in mail lead", default="http://127.0.0.1:8100")
    public_membership_url: str = setting(
        "HALQA_PUBLIC_MEMBERSHIP_URL",
        "http://… where people reach it; leave empty for what HALQA_PEERS says",
        default="",
    )
    public_meetings_url: str = setting(
        "HALQA_PUBLIC_MEETINGS_URL", "http://… where people reach it; leave empty for what HALQA_PEERS says", default=""
    )
    public_notifications_url: str = setting("HALQA_PUBLIC_NOTIFICATIONS_URL", "the same of this service", default="")
    unsubscribe_address: str = setting(
        "HALQA_UNSUBSCRIBE_ADDRESS",
        "a mailbox whose mails somebody reads and follows; leave empty for none",
        default="",
    )
    retention_mail_bodies_days: int = setting(
        "HALQA_RETENTION_MAIL_BODIES_DAYS", "days that it is kept what a mail said, and to which address", default=180
    )

    def __post_init__(self) -> None:
        usable = {
            "mail_url": _leads_somewhere(self.mail_url),
            "mail_from": re.fullmatch(r"[!-~]+@[!-~]+", parseaddr(self.mail_from)[1]),
            "mail_domain": re.fullmatch(r"[\w.-]+", self.mail_domain, re.ASCII),
            "portal_url": re.fullmatch(r"https?://\S+", self.portal_url),
            "zone": self.zone in available_timezones(),
            **{name: re.fullmatch(r"(https?://\S+)?", getattr(self, name)) for name in PUBLIC},
            "unsubscribe_address": re.fullmatch(r"([!-~]+@[!-~]+)?", self.unsubscribe_address),
        }
        if wrong := [self._purpose(name) for name, is_usable in usable.items() if not is_usable]:
            raise MissingSettings("\n".join(wrong))

    def _purpose(self, name: str) -> str:
        about = type(self).__dataclass_fields__[name].metadata
        return f"{about['env']} cannot be used: {about['purpose']}"

    def public_url_of(self, service: str) -> str:
        """Where readers of mails reach a service, which is seldom where other services do."""
        return (getattr(self, f"public_{service}_url") or self.url_of(service)).rstrip("/")

    @property
    def spools(self) -> bool:
        """Does mail stay on this machine, in a folder, to be looked at?"""
        return urlsplit(self.mail_url).scheme == "spool"


def _leads_somewhere(mail_url: str) -> bool:
    url = urlsplit(mail_url)
    if url.scheme == "spool":
        return not url.netloc and url.path.startswith("/")
    return url.scheme in ("smtp", "smtp+starttls") and bool(url.hostname)
