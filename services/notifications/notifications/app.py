"""The notifications service: a table of contents, from the ground up. A capability imports only those above it here."""

from shared.running.service import Service

from . import delivery, letters, messages, people, preferences, privacy
from .settings import MailSettings
from .tables import Base

service = Service(
    name="notifications",
    title="Halqa: notifications",
    tables=Base.metadata,
    capabilities=[people, letters, preferences, messages, delivery, privacy],
    settings=MailSettings,
    headings=["messages", "wishes", "known"],
)
create_app = service.create_app  # gunicorn takes only a simple factory name
