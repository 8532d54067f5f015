"""What links in mails do here: no more mail of one kind."""

from flask import Blueprint
from sqlalchemy.orm import Session

from shared.domain.links import Link
from shared.web.links import Act, Shown, Signer, links_of

from . import queries, spool_page, use_cases
from .settings import MailSettings

CHOICE = "unsubscribe"


def _show(session: Session, link: Link) -> Shown:
    said = queries.unsubscription(session, link.actor, link.thing)
    return Shown(() if said else (CHOICE,), {"kind": link.thing, "unsubscription": said})


def _unsubscribe(session: Session, link: Link, _choice: str) -> None:
    use_cases.unsubscribe(session, link.actor, link.thing)


def pages(settings: MailSettings) -> list[Blueprint]:
    acts = {"unsubscribe": Act("kind", _show, _unsubscribe, one_click=CHOICE)}
    links = links_of("notifications", Signer(settings.link_secret, settings.previous_link_secret), acts, __name__)
    return [links, spool_page.page_of(settings.mail_url)] if settings.spools else [links]
