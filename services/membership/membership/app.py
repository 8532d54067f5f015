"""The membership service: a table of contents."""

from shared.running.service import Service

from . import api, clock, model, subscribers

service = Service(
    name="membership",
    title="Schools, principals, communities and elections",
    tables=model.Base.metadata,
    blueprints=api.blueprints,
    subscriptions=subscribers.subscriptions,
    deadlines=clock.deadlines,
)
create_app = service.create_app
