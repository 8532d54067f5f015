"""The notifications service assembled."""

from collections.abc import Sequence
from pathlib import Path

from flask import Blueprint

from shared.domain.database import Sessions
from shared.domain.units import Unit
from shared.running.service import Service

from . import api, clock, delivery, links, model, policy, projections, spool_page, subscribers
from .settings import MailSettings


class Notifications(Service):
    """A service whose sessions know the settings: what is written in them says where to answer and who it is from."""

    def sessions(self, settings: MailSettings) -> Sessions:
        sessions = super().sessions(settings)
        sessions.writing.configure(info={"settings": settings})
        return sessions


def pages(settings: MailSettings) -> Sequence[Blueprint]:
    spool = [spool_page.page_of(settings.mail_url)] if settings.spools else []
    return [links.pages(settings), *spool]


service = Notifications(
    name="notifications",
    title="Halqa: notifications",
    tables=model.Base.metadata,
    blueprints=[api.messages, api.wishes, api.known],
    policies=[policy.policy],
    texts=[Path(__file__).with_name("problems.toml")],
    subscriptions=subscribers.subscriptions,
    projections=[projections.Recipient, projections.Community, projections.Member, projections.Office, Unit],
    settings=MailSettings,
    retention=clock.retention,
    workers=[delivery.send_mail],
    extra_blueprints=pages,
)
create_app = service.create_app  # gunicorn takes only a simple factory name
