"""The membership service: a table of contents."""

from pathlib import Path

from shared.running.service import Service

from . import api, clock, jobs, links, model, policy, subscribers
from .settings import MembershipSettings

service = Service(
    name="membership",
    title="Schools, principals, communities and elections",
    tables=model.Base.metadata,
    blueprints=api.blueprints,
    policies=[policy.policy],
    texts=sorted(Path(__file__).with_name("problems").glob("*.toml")),
    subscriptions=subscribers.subscriptions,
    deadlines=clock.deadlines,
    jobs=jobs.jobs,
    settings=MembershipSettings,
    retention=clock.retention,
    extra_blueprints=lambda settings: [links.pages(settings)],
)
create_app = service.create_app
