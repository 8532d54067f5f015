"""Links as mails carry them: made for a test, opened as a person or a scanner of mail would."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from typing import Any
from uuid import UUID, uuid4

from werkzeug.test import TestResponse

from shared.domain.links import Link
from shared.testing.harness import LINK_SECRET, Driven
from shared.web.links import Signer


def link_to(act: str, person_id: UUID, thing: Any, **more: Any) -> Link:
    """Issued a minute ago, good for a day."""
    now = datetime.now(UTC)
    made = Link(act, person_id, str(thing), "fr", now - timedelta(minutes=1), now + timedelta(days=1))
    return replace(made, **more)


def path_of(service: str, link: Link, secret: str = LINK_SECRET) -> str:
    return f"/v1/links/{Signer(secret).sign(service, link)}"


def is_gone(answer: TestResponse) -> bool:
    return answer.status_code == 410 and "plus valable" in answer.text


class Page(HTMLParser):
    """What a browser would find: the language, the direction, the choices offered."""

    def __init__(self, answer: TestResponse) -> None:
        super().__init__()
        self.language = self.direction = self.method = None
        self.choices: list[str] = []
        self.tags: set[str] = set()
        self.feed(answer.text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        self.tags.add(tag)
        if tag == "html":
            self.language, self.direction = found["lang"], found["dir"]
        if tag == "button":
            self.choices.append(found["value"])


def bad_paths(service: str, good: Link) -> dict[str, str]:
    """Everything that somebody could try who holds one good link, or none."""
    elsewhere = next(name for name in ("membership", "meetings", "notifications") if name != service)
    path = path_of(service, good)
    word = path.rpartition("/")[2]
    past = datetime.now(UTC) - timedelta(seconds=1)
    return {
        "expired": path_of(service, replace(good, expires_at=past)),
        "another act": path_of(service, replace(good, act="cancel_meeting")),
        "another thing": path_of(service, replace(good, thing=str(uuid4()))),
        "another person": path_of(service, replace(good, person_id=uuid4())),
        "another service": path_of(elsewhere, good),
        "another secret": path_of(service, good, "somebody else's secret, of the same length"),
        "one letter changed": f"/v1/links/{word[:5]}{'A' if word[5] != 'A' else 'B'}{word[6:]}",
        "no signature": path.rpartition(".")[0],
        "cut short": path[:-8],
        "nothing": "/v1/links/x",
        "not of this alphabet": "/v1/links/%D8%A3%00",
    }


def count_of(driven: Driven) -> int:
    """Events told so far: whatever changes anything here tells one."""
    return len(driven.told())
