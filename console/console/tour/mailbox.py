"""Opens the mails that the system has sent: from the embedded spool, or from MailDev."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cached_property
from typing import Any, Protocol

import icalendar
import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

TIMEOUT = 20  # seconds


@dataclass(frozen=True)
class Mail:
    """One mail, parsed from the bytes that arrived."""

    message: EmailMessage

    @property
    def to(self) -> str:
        return self.message["To"].addresses[0].addr_spec

    @property
    def kind(self) -> str:
        return self.message["Halqa-Kind"]

    @property
    def mail_id(self) -> str:
        return self.message["Message-ID"]

    @property
    def language(self) -> str:
        return self.message["Content-Language"]

    @property
    def text(self) -> str:
        return self._said("plain")

    @property
    def html(self) -> str:
        return self._said("html")

    def _said(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part is not None else ""

    @cached_property
    def invitation(self) -> icalendar.Calendar:
        """The calendar part, read by the icalendar library. Raises `LookupError` where there is none."""
        parts = [part for part in self.message.walk() if part.get_content_type() == "text/calendar"]
        return icalendar.Calendar.from_ical(parts[0].get_content())

    @property
    def calendar_event(self) -> Any:
        return self.invitation.walk("VEVENT")[0]


class Source(Protocol):
    def ids(self) -> list[str]: ...

    def raw(self, id: str) -> bytes: ...


class Spool:
    """The mail page of an embedded notifications service."""

    def __init__(self, url: str) -> None:
        self._url, self._http = url, _patient_session()

    def ids(self) -> list[str]:
        return [entry["id"] for entry in _get(self._http, f"{self._url}/mail/messages.json").json()]

    def raw(self, id: str) -> bytes:
        return _get(self._http, f"{self._url}/mail/{id}.eml").content


class MailDev:
    """MailDev's REST interface."""

    def __init__(self, url: str) -> None:
        self._url, self._http = url, _patient_session()

    def ids(self) -> list[str]:
        return [entry["id"] for entry in _get(self._http, f"{self._url}/email").json()]

    def raw(self, id: str) -> bytes:
        return _get(self._http, f"{self._url}/email/{id}/source").content


def _patient_session() -> requests.Session:
    """Tries again for some seconds: whoever shows the mails may be starting again."""
    again = HTTPAdapter(
        max_retries=Retry(total=12, backoff_factor=0.1, backoff_max=3, status_forcelist=(502, 503, 504))
    )
    session = requests.Session()
    session.mount("http://", again)
    return session


def _get(http: requests.Session, url: str) -> requests.Response:
    answer = http.get(url, timeout=TIMEOUT)
    answer.raise_for_status()
    return answer


class Mailbox:
    """Every mail that came since this was made; each is opened once."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._before = set(source.ids())
        self._opened: dict[str, Mail] = {}

    def look(self) -> list[Mail]:
        for id in self._source.ids():
            if id not in self._before and id not in self._opened:
                self._opened[id] = Mail(message_from_bytes(self._source.raw(id), policy=policy.default))
        return list(self._opened.values())

    def of(self, kind: str) -> list[Mail]:
        return [mail for mail in self.look() if mail.kind == kind]

    def repeated(self) -> Counter[tuple[str, str]]:
        """Kind and address of what came more than once."""
        counts = Counter((mail.kind, mail.to) for mail in self._opened.values())
        return Counter({what: count for what, count in counts.items() if count > 1})

    def repeated_ids(self) -> set[str]:
        """Message-IDs that came more than once."""
        counts = Counter(mail.mail_id for mail in self._opened.values())
        return {mail_id for mail_id, count in counts.items() if count > 1}

    def start_anew(self) -> None:
        """Forget what came so far."""
        self._before |= self._opened.keys()
        self._opened.clear()

    def distinct_ids(self, kind: str, to: str) -> set[str]:
        return {mail.mail_id for mail in self._opened.values() if (mail.kind, mail.to) == (kind, to)}


def by_language(mails: Iterable[Mail]) -> str:
    counts = Counter(mail.language for mail in mails)
    return f"{counts['fr']} in French, {counts['ar']} in Arabic"
