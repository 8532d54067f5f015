"""A service of bells with a faulty ear, and administrators in front of its dead letters."""

from uuid import UUID, uuid4

from bells import BellRung, Heard, service_with, settings
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.domain.actor import Actor, Role
from shared.domain.database import Sessions
from shared.events import Envelope
from shared.messaging.inbox import Inbox, InboxRow
from shared.messaging.subscriptions import OnDead, Subscriptions, Unrecoverable
from shared.testing.harness import Caller, wrap
from shared.testing.issuer import token as token_of

ONE, OTHER = UUID(int=1), UUID(int=2)
LETTERS = "/v1/dead-letters"


class Ear:
    """Hears every ring; has a bug for some numbers until it is mended."""

    def __init__(self, on_dead: OnDead = OnDead.BLOCK_KEY) -> None:
        self.bugs: dict[int, Exception] = {}
        self.tried: list[int] = []
        self.subscriptions = Subscriptions("bells.ear", on={BellRung: self.hear}, on_dead=on_dead)

    def hear(self, session: Session, event: BellRung) -> None:
        self.tried.append(event.number)
        session.add(Heard(bell_id=event.bell_id, number=event.number))
        session.flush()
        if event.number in self.bugs:
            raise self.bugs[event.number]


class Desk:
    """One service with its ear, and administrators in front of it."""

    def __init__(self, url: str, sessions: Sessions, on_dead: OnDead = OnDead.BLOCK_KEY) -> None:
        self.sessions, self.ear = sessions, Ear(on_dead)
        self.inbox = Inbox(sessions, self.ear.subscriptions)
        self.app = service_with(subscriptions=self.ear.subscriptions).create_app(settings(url))

    def close(self) -> None:
        self.app.sessions.engine.dispose()

    def caller(self, role: Role = Role.MINISTRY_ADMINISTRATOR, id: str = "amina") -> Caller:
        id = str(uuid4()) if role in (Role.PRINCIPAL, Role.COMPANION) else id
        return Caller(self.app.test_client(), token_of(Actor(id=id, role=role)))

    def letters(self, query: str = "") -> list[dict]:
        answer = self.caller().get(f"{LETTERS}?{query}")
        assert answer.status_code == 200, answer.json
        return answer.json["items"]

    def poison(self, *numbers: int, bell: UUID = ONE) -> list[Envelope]:
        """Rings of which the first is fatal; all of them are taken in."""
        self.ear.bugs[numbers[0]] = Unrecoverable("no such bell")
        rings = [ring(number, bell) for number in numbers]
        self.inbox.receive(rings)
        return rings

    def heard(self, bell: UUID = ONE) -> list[int]:
        with self.sessions.reader() as session:
            return list(session.scalars(select(Heard.number).where(Heard.bell_id == bell).order_by(Heard.seq)))

    def statuses(self) -> list[str]:
        with self.sessions.reader() as session:
            return list(session.scalars(select(InboxRow.status).order_by(InboxRow.seq)))


def ring(number: int, bell: UUID = ONE) -> Envelope:
    return wrap(BellRung(bell_id=bell, number=number), key=str(bell))
