"""The meetings service assembled: a table of contents."""

import meetings
from shared.running.service import Service

from . import model
from .settings import MeetingsSettings

service = Service(
    name="meetings",
    title="Meetings of communities of practice",
    tables=model.Base.metadata,
    capabilities=[meetings],
    settings=MeetingsSettings,
)
create_app = service.create_app  # gunicorn takes only a simple factory name
