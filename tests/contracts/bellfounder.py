"""A service of bells (tests/bells.py) that tells what a test wants, through its real outbox, log and feed."""

from typing import Any

from bells import Bell, service
from sqlalchemy import select
from werkzeug.test import TestResponse

from shared.domain.actor import Role
from shared.messaging.leadership import Leadership
from shared.messaging.log import Stamper
from shared.messaging.outbox import OutboxRow
from shared.testing.harness import Driven


class Producer:
    """Tells events of any kind, as those of one bell."""

    def __init__(self, database_url: str) -> None:
        self.driven = Driven(service, database_url)
        Bell.metadata.create_all(self.driven.sessions.engine)

    def tell(self, *happened: Any, also: Any = None) -> None:
        with self.driven.sessions.transaction() as session:
            bell = Bell.hang()
            session.add(bell)
            for event in happened:
                bell.record(event, also=also)

    def outbox(self) -> list[str]:
        """What was written, as it was written."""
        with self.driven.sessions.reader() as session:
            return list(session.scalars(select(OutboxRow.payload).order_by(OutboxRow.seq)))

    def feed(self) -> TestResponse:
        """What those who pull are answered."""
        Stamper(self.driven.sessions, Leadership(self.driven.sessions.engine, "log")).stamp()
        return self.driven.call(Role.SERVICE).get("/v1/events")
