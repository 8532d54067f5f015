"""A publisher of bells with its feed, for the tests of those who read it."""

from uuid import uuid4

from bells import Bell, Heard, hang_bell, service, settings
from sqlalchemy import select

from shared.domain.actor import Actor, Role
from shared.domain.database import Sessions
from shared.events import MemberLeft
from shared.messaging.leadership import Leadership
from shared.messaging.log import Stamper
from shared.messaging.pull import Checkpoint, Puller
from shared.testing.issuer import token as token_of


class Tower:
    """The publisher: a service with a database of its own, its relay stepped by hand."""

    def __init__(self, url: str, sessions: Sessions) -> None:
        self.sessions = sessions
        self.app = service.create_app(settings(url))
        self.bell_id = hang_bell(sessions)
        self._stamper = Stamper(sessions, Leadership(sessions.engine, "log"))

    def ring(self, times: int) -> None:
        with self.sessions.transaction() as session:
            bell = session.get_one(Bell, self.bell_id)
            for _ in range(times):
                bell.ring()
        self.stamp()

    def tell_something_else(self, times: int) -> None:
        with self.sessions.transaction() as session:
            bell = session.get_one(Bell, self.bell_id)
            for _ in range(times):
                bell.record(MemberLeft(community_id=uuid4(), principal_id=uuid4()))
        self.stamp()

    def stamp(self) -> None:
        while self._stamper.stamp():
            pass


def token(role: Role = Role.SERVICE) -> str:
    return token_of(Actor(id=str(uuid4()), role=role))


def heard(sessions: Sessions) -> list[int]:
    with sessions.reader() as session:
        return list(session.scalars(select(Heard.number).order_by(Heard.seq)))


def checkpoint(sessions: Sessions) -> int | None:
    with sessions.reader() as session:
        return session.scalar(select(Checkpoint.position))


def steps(puller: Puller) -> list[bool]:
    taken = [puller.step()]
    while taken[-1]:
        taken.append(puller.step())
    return taken
