"""Pull: a subscription reads each publisher's feed from its own checkpoint. Needs no broker.

Where there is one, pull is still the sure way: a new subscription gets the past by it, and one restored from a backup,
or whose queue was lost, gets what it has missed.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import requests
from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.domain.database import MessagingBase, Sessions
from shared.events import decode_batch

from .inbox import Inbox

TIMEOUT = (3, 10)  # seconds to connect, seconds to answer
RESTORED = 409

log = logging.getLogger(__name__)


class Checkpoint(MessagingBase):
    """How far one subscription has read one publisher's log, saved with the effects of what was read.

    `event_id` is the event at `position`. Up to `known_until` everything was read before, in an epoch that has ended.
    """

    __tablename__ = "checkpoint"

    subscription: Mapped[str] = mapped_column(primary_key=True)
    publisher: Mapped[str] = mapped_column(primary_key=True)
    epoch: Mapped[str]
    position: Mapped[int] = mapped_column(BigInteger)
    event_id: Mapped[str | None]
    known_until: Mapped[int | None] = mapped_column(BigInteger)


@dataclass(frozen=True)
class Place:
    """Where a reader stands in a log."""

    epoch: str = ""
    position: int = 0
    event_id: str | None = None
    known_until: int = 0


class Puller:
    """Reads one publisher for one subscription. `token` makes a fresh service token for each request."""

    def __init__(self, sessions: Sessions, inbox: Inbox, publisher: str, url: str, token: Callable[[], str]) -> None:
        self._sessions, self._inbox, self.publisher, self._token = sessions, inbox, publisher, token
        self._url = f"{url}/v1/events"
        self._http = requests.Session()

    def step(self) -> bool:
        """Read one page; says whether the log went on. Raises `requests.RequestException` if nobody answers."""
        place = self.place()
        page = self._read(place)
        if page.status_code == RESTORED:
            place = self._read_again(place)
            page = self._read(place)
        page.raise_for_status()
        told = decode_batch(page.content)  # first, or some gateway's web page would pass for the end of the log
        if "Halqa-Feed-Position" not in page.headers:
            return False
        reached = _place_after(page, place)
        again = reached.position <= place.known_until
        self._inbox.receive(told, then=partial(self._save, place=reached), again=again)
        return True

    def _read_again(self, place: Place) -> Place:
        log.warning(
            "%s was restored from a backup: %s reads it again from the beginning; "
            "`halqa reconcile %s` lists what it has lost",
            self.publisher,
            self._inbox.subscriptions.name,
            self.publisher,
        )
        return Place(known_until=max(place.position, place.known_until))

    def _read(self, place: Place) -> requests.Response:
        query = {
            "after": place.position,
            "event": place.event_id,
            "epoch": place.epoch,
            "types": ",".join(self._inbox.subscriptions.types),
        }
        headers = {"Authorization": f"Bearer {self._token()}"}
        return self._http.get(self._url, params=query, headers=headers, timeout=TIMEOUT)

    def place(self) -> Place:
        with self._sessions.reader() as session:
            found = session.get(Checkpoint, (self._inbox.subscriptions.name, self.publisher))
            if found is None:
                return Place()
            return Place(found.epoch, found.position, found.event_id, found.known_until or 0)

    def _save(self, session: Session, *, place: Place) -> None:
        here = {"subscription": self._inbox.subscriptions.name, "publisher": self.publisher}
        session.merge(Checkpoint(**here, **vars(place)))


def _place_after(page: requests.Response, place: Place) -> Place:
    return Place(
        epoch=page.headers["Halqa-Feed-Epoch"],
        position=int(page.headers["Halqa-Feed-Position"]),
        event_id=page.headers["Halqa-Feed-Event"],
        known_until=place.known_until,
    )
