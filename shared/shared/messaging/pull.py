"""Pull: a subscription reads each publisher's feed from its own checkpoint. Needs no broker."""

from collections.abc import Callable
from functools import partial

import requests
from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.domain.database import MessagingBase, Sessions
from shared.events import decode_batch

from .inbox import Inbox

TIMEOUT = (3, 10)  # seconds to connect, seconds to answer


class Checkpoint(MessagingBase):
    """How far one subscription has read one publisher's log, saved with the effects of what was read."""

    __tablename__ = "checkpoint"

    subscription: Mapped[str] = mapped_column(primary_key=True)
    publisher: Mapped[str] = mapped_column(primary_key=True)
    epoch: Mapped[str]
    position: Mapped[int] = mapped_column(BigInteger)


class Puller:
    """Reads one publisher for one subscription. `token` makes a fresh service token for each request."""

    def __init__(self, sessions: Sessions, inbox: Inbox, publisher: str, url: str, token: Callable[[], str]) -> None:
        self._sessions, self._inbox, self._publisher, self._token = sessions, inbox, publisher, token
        self._url = f"{url}/v1/events"
        self._http = requests.Session()

    def step(self) -> bool:
        """Read one page; says whether the log went on. Raises `requests.RequestException` if nobody answers."""
        epoch, position = self._checkpoint()
        page = self._read(position)
        if page.headers["Halqa-Feed-Epoch"] != epoch and position:
            # The publisher began anew: read it all again; the inbox knows what it has seen.
            epoch, position, page = page.headers["Halqa-Feed-Epoch"], 0, self._read(0)
        reached = int(page.headers["Halqa-Feed-Position"])
        if reached == position:
            return False
        advance = partial(self._advance, epoch=page.headers["Halqa-Feed-Epoch"], position=reached)
        self._inbox.receive(decode_batch(page.content), then=advance)
        return True

    def _read(self, after: int) -> requests.Response:
        query = {"after": after, "types": ",".join(self._inbox.subscriptions.types)}
        headers = {"Authorization": f"Bearer {self._token()}"}
        page = self._http.get(self._url, params=query, headers=headers, timeout=TIMEOUT)
        page.raise_for_status()
        return page

    def _checkpoint(self) -> tuple[str, int]:
        with self._sessions.reader() as session:
            found = session.get(Checkpoint, (self._inbox.subscriptions.name, self._publisher))
            return (found.epoch, found.position) if found else ("", 0)

    def _advance(self, session: Session, *, epoch: str, position: int) -> None:
        here = {"subscription": self._inbox.subscriptions.name, "publisher": self._publisher}
        session.merge(Checkpoint(**here, epoch=epoch, position=position))
