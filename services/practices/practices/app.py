"""The practices service assembled: a table of contents."""

from pathlib import Path

from shared.domain.units import Unit
from shared.running.service import Service

from . import api, model, policy, projections, subscribers

service = Service(
    name="practices",
    title="Shared repertoire of practices",
    tables=model.Base.metadata,
    blueprints=[api.communities, api.practices],
    policies=[policy.policy],
    texts=[Path(__file__).with_name("problems.toml")],
    subscriptions=subscribers.subscriptions,
    projections=[projections.Community, projections.Member, projections.Accompaniment, Unit],
)
create_app = service.create_app
