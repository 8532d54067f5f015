"""An ear: hears the rings of bells, and has bugs until they are mended."""

from uuid import UUID

from bells import BellRung, Heard, write_down
from sqlalchemy import select
from sqlalchemy.orm import Session

from shared.domain.database import Sessions
from shared.messaging.subscriptions import Subscriptions


class Ear:
    """Every effect is a row of `heard`, so what takes effect twice is seen twice."""

    def __init__(self, name: str, event_class: type = BellRung) -> None:
        self.subscriptions = Subscriptions(name, on={event_class: self.hear})
        self.bugs: dict[UUID, Exception] = {}  # of all rings of a bell

    def hear(self, session: Session, event: BellRung) -> None:
        write_down(session, event)
        if event.bell_id in self.bugs:
            raise self.bugs[event.bell_id]


def heard(sessions: Sessions, bell_id: UUID | None) -> list[int]:
    """What took effect, in order: of one bell, or of all."""
    numbers = select(Heard.number).order_by(Heard.seq)
    with sessions.reader() as session:
        return list(session.scalars(numbers if bell_id is None else numbers.where(Heard.bell_id == bell_id)))
