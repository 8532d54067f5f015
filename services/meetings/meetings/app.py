"""The meetings service: a table of contents, from the ground up. A capability imports only those above it here."""

from shared.running.service import Service

from . import convening, minutes, privacy, roster
from .settings import MeetingsSettings
from .tables import Base

service = Service(
    name="meetings",
    title="Meetings of communities of practice",
    tables=Base.metadata,
    capabilities=[roster, convening, minutes, privacy],
    settings=MeetingsSettings,
    headings=["communities", "meetings", "minutes", "holding"],
)
create_app = service.create_app  # gunicorn takes only a simple factory name
