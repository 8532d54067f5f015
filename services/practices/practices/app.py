"""The practices service: a table of contents, from the ground up. A capability imports only those above it here."""

from shared.running.service import Service

from . import privacy, repertoire, roster, search
from .tables import Base

service = Service(
    name="practices",
    title="Shared repertoire of practices",
    tables=Base.metadata,
    capabilities=[roster, repertoire, search, privacy],
)
create_app = service.create_app  # gunicorn takes only a simple factory name
