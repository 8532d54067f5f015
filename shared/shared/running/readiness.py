"""What `work` answers over HTTP: whether it does its duty, and what it counts. Requests of others it knows none.

Only `work` answers for the backlog. `web` takes requests while the broker is away, and events wait in its database:
were it unready then, an outage of the broker would become one of everything.
"""

from collections.abc import Mapping
from functools import partial

from flask import Flask
from prometheus_client import REGISTRY
from sqlalchemy.exc import SQLAlchemyError

from shared.messaging.backlog import Backlog
from shared.web.health import Answer, Check, health

from .loops import Crew
from .metrics import metrics
from .settings import Settings


def create_work_app(
    settings: Settings, subscription: str, checks: Mapping[str, Check], crew: Crew, backlog: Backlog
) -> Flask:
    app = Flask("work", static_folder=None)
    own: dict[str, Check] = {
        "threads": lambda: None if crew.alive else "a thread has ended",
        "backlog": partial(_backlog_is_old, backlog, settings.backlog_ready_seconds),
    }
    # The consumer comes back by itself: that the broker is away is told, but mends nothing here.
    information: dict[str, Answer] = {"broker": partial(_broker, subscription)} if settings.broker_url else {}
    app.register_blueprint(health({**checks, **own}, information))
    app.register_blueprint(metrics(backlog))
    return app


def _backlog_is_old(backlog: Backlog, most: int) -> str | None:
    try:
        age = backlog.oldest_waiting_seconds()
    except SQLAlchemyError:
        return "the backlog cannot be read"
    return f"an event has waited for {age:.0f} s, longer than {most} s" if age > most else None


def _broker(subscription: str) -> str:
    connected = REGISTRY.get_sample_value("halqa_consumer_connected", {"subscription": subscription})
    return "connected" if connected else "not connected"
