"""The way out: an SMTP server, or a folder to look at; both either take a mail or say why not.

NotTaken
├── Undeliverable   this mail, for good (5xx about its recipient or its content)
├── TryLater        this mail, for now (4xx)
└── Away            the way out itself: no mail can leave now
    └── CutOff      and of the mail in hand nobody knows whether it was taken
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit
from uuid import UUID

from .spool import Spool

TIMEOUT = 10  # seconds
CLOSING = 421  # the server is about to hang up, whatever it was asked


class NotTaken(Exception):
    """A mail has not left; the message says why."""


class Undeliverable(NotTaken):
    pass


class TryLater(NotTaken):
    pass


class Away(NotTaken):
    pass


class CutOff(Away):
    pass


class Line(Protocol):
    """An open way out."""

    def send(self, id: UUID, mail: EmailMessage) -> None:
        """Returns once the other side has taken the mail; raises `NotTaken`."""


class Transport(Protocol):
    def connect(self) -> AbstractContextManager[Line]:
        """Open the way out for a batch. Raises `Away`."""


def transport_to(mail_url: str) -> Transport:
    url = urlsplit(mail_url)
    return Folder(Spool(Path(unquote(url.path)))) if url.scheme == "spool" else SmtpServer(url)


class Folder:
    """Mail into a spool."""

    def __init__(self, spool: Spool) -> None:
        self._spool = spool

    @contextmanager
    def connect(self) -> Iterator[Line]:
        yield self

    def send(self, id: UUID, mail: EmailMessage) -> None:
        try:
            self._spool.write(id, mail)
        except OSError as error:
            raise Away(f"the spool cannot be written: {error}") from error


class SmtpServer:
    """Mail to a server, one connection for a batch."""

    def __init__(self, url: SplitResult) -> None:
        self._host, self._port = url.hostname, url.port or 25
        self._starts_tls = url.scheme == "smtp+starttls"
        self._login = (unquote(url.username), unquote(url.password or "")) if url.username else None

    @contextmanager
    def connect(self) -> Iterator[Line]:
        server = self._open()
        try:
            yield SmtpLine(server)
        finally:
            with suppress(OSError):  # the mails are settled by now; how the goodbye goes changes nothing
                server.quit()
            server.close()

    def _open(self) -> smtplib.SMTP:
        try:
            server = smtplib.SMTP(self._host or "", self._port, timeout=TIMEOUT)
        except OSError as error:
            raise Away(f"{self._host}:{self._port} does not answer: {error}") from error
        try:
            self._introduce(server)
        except OSError as error:
            server.close()
            raise Away(f"{self._host}:{self._port} does not let us in: {error}") from error
        return server

    def _introduce(self, server: smtplib.SMTP) -> None:
        server.ehlo_or_helo_if_needed()
        if self._starts_tls:
            server.starttls(context=ssl.create_default_context())
        if self._login:
            server.login(*self._login)


class SmtpLine:
    """One connection. What it says of one recipient concerns one mail; all else concerns the connection."""

    def __init__(self, server: smtplib.SMTP) -> None:
        self._server = server

    def send(self, id: UUID, mail: EmailMessage) -> None:
        try:
            self._server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            raise _refusal(*next(iter(error.recipients.values()))) from error
        except smtplib.SMTPSenderRefused as error:
            raise Away(f"the server refuses our sender: {error}") from error  # ours to repair, no fault of the mail
        except smtplib.SMTPDataError as error:
            raise _refusal(error.smtp_code, error.smtp_error) from error
        except OSError as error:
            raise CutOff(f"the connection was lost: {error}") from error


def _refusal(code: int, reply: bytes | str) -> NotTaken:
    said = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    reason = f"{code} {said}"
    if code == CLOSING:
        return Away(reason)
    return Undeliverable(reason) if code >= 500 else TryLater(reason)
