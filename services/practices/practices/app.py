"""The practices service assembled: a table of contents."""

from shared.running.service import Service

from . import api, model, projections, subscribers

service = Service(
    name="practices",
    title="Shared repertoire of practices",
    tables=model.Base.metadata,
    blueprints=[api.communities, api.practices],
    subscriptions=subscribers.subscriptions,
    projections=[projections.Community, projections.Member],
)
create_app = service.create_app
