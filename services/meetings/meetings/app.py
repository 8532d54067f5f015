"""The meetings service assembled: a table of contents."""

from shared.running.service import Service

from . import api, model, projections, subscribers
from .settings import MeetingsSettings

service = Service(
    name="meetings",
    title="Meetings of communities of practice",
    tables=model.Base.metadata,
    blueprints=[api.communities, api.meetings, api.minutes],
    extra_blueprints=lambda settings: [api.holding(may_be_early=settings.may_be_held_early == 1)],
    subscriptions=subscribers.subscriptions,
    projections=[projections.Community, projections.Member],
    settings=MeetingsSettings,
)
create_app = service.create_app
