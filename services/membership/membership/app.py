"""The membership service: a table of contents."""

from pathlib import Path

from shared.domain.database import Sessions
from shared.running.service import Service

from . import api, clock, jobs, links, model, policy, projections, subscribers
from .settings import MembershipSettings


class Membership(Service):
    """A service whose sessions know the settings: they say after how long a silence a community is dormant."""

    def sessions(self, settings: MembershipSettings) -> Sessions:
        sessions = super().sessions(settings)
        sessions.writing.configure(info={"settings": settings})
        return sessions


service = Membership(
    name="membership",
    title="Schools, principals, communities and elections",
    tables=model.Base.metadata,
    blueprints=api.blueprints,
    policies=[policy.policy],
    texts=sorted(Path(__file__).with_name("problems").glob("*.toml")),
    subscriptions=subscribers.subscriptions,
    projections=[projections.KnownMeeting, projections.KnownPractice, projections.Participation],
    deadlines=clock.deadlines,
    jobs=jobs.jobs,
    settings=MembershipSettings,
    retention=clock.retention,
    extra_blueprints=lambda settings: [links.pages(settings)],
)
create_app = service.create_app
