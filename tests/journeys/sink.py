"""A real SMTP server that keeps every mail it accepts; a `Source` for the tour's mailbox."""

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope

from shared.testing.servers import free_port


class Sink:
    """What it said yes to, it keeps, in order; it never forgets and never judges."""

    def __init__(self) -> None:
        self.accepted: list[bytes] = []
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port())

    async def handle_DATA(self, _server, _session, envelope: Envelope) -> str:
        self.accepted.append(envelope.content)
        return "250 accepted"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self._controller.port}"

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop()

    def ids(self) -> list[str]:
        return [str(number) for number in range(len(self.accepted))]

    def raw(self, id: str) -> bytes:
        return self.accepted[int(id)]
