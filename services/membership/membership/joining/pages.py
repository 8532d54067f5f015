"""What links in mails do here: say yes or no to a community."""

from datetime import UTC, datetime
from functools import partial

from flask import Blueprint
from sqlalchemy.orm import Session

from shared.domain.links import Link
from shared.running.settings import LinkSettings
from shared.web.links import Act, Shown, Signer, links_of

from . import use_cases
from .model.consent_texts import CONSENT_TEXTS, CURRENT_VERSION
from .queries import requests

CHANNEL = "mail"

# What is consented to is part of the choice: if its wording changes between showing and choosing, it is shown anew.
ACCEPT = f"accept.{CURRENT_VERSION}"


def _show(zone: str, choice: str, session: Session, link: Link) -> Shown:
    invitation = requests.own_invitation(session, link.actor, link.thing_id, link.act)
    choices = (choice,) if invitation.membership.is_open(datetime.now(UTC)) else ()
    asked = {"community": invitation.community, "membership": invitation.membership, "consent": CONSENT_TEXTS[-1]}
    return Shown(choices, {**asked, "zone": zone})


def _accept(session: Session, link: Link, _choice: str) -> None:
    use_cases.accept_invitation(session, link.actor, link.thing_id, channel=CHANNEL, text_version=CURRENT_VERSION)


def _decline(session: Session, link: Link, _choice: str) -> None:
    use_cases.decline_invitation(session, link.actor, link.thing_id, channel=CHANNEL)


def pages(settings: LinkSettings) -> list[Blueprint]:
    acts = {
        "accept_invitation": Act("community", partial(_show, settings.zone, ACCEPT), _accept),
        "decline_invitation": Act("community", partial(_show, settings.zone, "decline"), _decline),
    }
    return [links_of("membership", Signer(settings.link_secret, settings.previous_link_secret), acts, __name__)]
