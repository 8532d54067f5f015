"""The membership service: a table of contents, from the ground up. A capability imports only those above it here."""

from shared.running.service import Service

from . import (
    communities,
    elections,
    ground,
    joining,
    life,
    moves,
    organisation,
    people,
    planning,
    privacy,
    registry,
)
from .ground.model import Base
from .settings import MembershipSettings

service = Service(
    name="membership",
    title="Schools, principals, communities and elections",
    tables=Base.metadata,
    capabilities=[
        ground,
        organisation,
        people,
        communities,
        joining,
        elections,
        life,
        planning,
        moves,
        registry,
        privacy,
    ],
    settings=MembershipSettings,
    headings=[
        "units",
        "operations",
        "offices",
        "people",
        "academies",
        "organisation",
        "communities",
        "companions",
        "elections",
        "entries",
        "exports",
        "imports",
        "joining",
        "revocations",
        "privacy",
        "canvases",
        "life",
        "plans",
        "planning",
    ],
)
create_app = service.create_app  # gunicorn takes only a simple factory name
