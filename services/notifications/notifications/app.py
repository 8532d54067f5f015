"""The notifications service assembled: a table of contents."""

import notifications
from shared.running.service import Service

from . import model
from .settings import MailSettings

service = Service(
    name="notifications",
    title="Halqa: notifications",
    tables=model.Base.metadata,
    capabilities=[notifications],
    settings=MailSettings,
)
create_app = service.create_app  # gunicorn takes only a simple factory name
