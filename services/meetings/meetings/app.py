"""The meetings service assembled: a table of contents."""

from pathlib import Path

from shared.domain.units import Unit
from shared.running.service import Service

from . import api, links, model, policy, projections, subscribers
from .settings import MeetingsSettings

service = Service(
    name="meetings",
    title="Meetings of communities of practice",
    tables=model.Base.metadata,
    blueprints=[api.communities, api.meetings, api.minutes],
    extra_blueprints=lambda settings: [
        api.holding(may_be_early=settings.may_be_held_early == 1),
        links.pages(settings),
    ],
    policies=[policy.policy],
    texts=[Path(__file__).with_name("problems.toml")],
    subscriptions=subscribers.subscriptions,
    projections=[projections.Community, projections.Member, projections.Accompaniment, Unit],
    settings=MeetingsSettings,
)
create_app = service.create_app
