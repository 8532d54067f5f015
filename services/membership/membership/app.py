"""The membership service assembled: a table of contents."""

import membership
from shared.running.service import Service

from . import model
from .settings import MembershipSettings

service = Service(
    name="membership",
    title="Schools, principals, communities and elections",
    tables=model.Base.metadata,
    capabilities=[membership],
    settings=MembershipSettings,
)
create_app = service.create_app  # gunicorn takes only a simple factory name
