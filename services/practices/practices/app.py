"""The practices service assembled: a table of contents."""

import practices
from shared.running.service import Service

from . import model

service = Service(
    name="practices",
    title="Shared repertoire of practices",
    tables=model.Base.metadata,
    capabilities=[practices],
)
create_app = service.create_app  # gunicorn takes only a simple factory name
