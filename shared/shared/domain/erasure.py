"""People who were erased, and how their traces are taken out of what others wrote."""

import json
import re
import time
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.events import FORMER_MEMBER

from .actor import Actor
from .database import MessagingBase, Moment

FRESH = 1.0  # seconds
MOST_REMEMBERED = 10_000
APOSTROPHE = "(?:'|\u2019|&#39;|&#x27;)"  # as people type it, and as web pages write it
BEGINS = r"(?:(?<!\w)|(?<=\\[nrt]))"  # in a JSON text, a line break is a letter
ENDS = r"(?!\w)"


class Erased(MessagingBase):
    """Somebody of whom nothing may be written down here again; kept for ever, or late news would bring them back."""

    __tablename__ = "erased"

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(Moment)


@dataclass
class Living:
    """Who was just seen not to be erased, in which database; of this process alone."""

    seen: dict[tuple[str, UUID], float] = field(default_factory=dict)

    def has(self, session: Session, person_id: UUID) -> bool:
        return time.monotonic() - self.seen.get(_place(session, person_id), -FRESH) < FRESH

    def add(self, session: Session, person_id: UUID) -> None:
        if len(self.seen) >= MOST_REMEMBERED:
            self.seen.clear()
        self.seen[_place(session, person_id)] = time.monotonic()

    def remove(self, session: Session, person_id: UUID) -> None:
        self.seen.pop(_place(session, person_id), None)


living = Living()


def _place(session: Session, person_id: UUID) -> tuple[str, UUID]:
    return str(session.get_bind().engine.url.database), person_id


def is_erased(session: Session, actor: Actor) -> bool:
    """Somebody erased may still hold a token, but is nobody here any more.

    A change asks each time. A read may rely for a second on what was found, since a question each would cost a fifth.
    """
    person_id = actor.principal_id
    if person_id is None or (session.info.get("reads") and living.has(session, person_id)):
        return False
    if session.get(Erased, person_id) is not None:
        return True
    living.add(session, person_id)
    return False


class Traces:
    """What may stand of one person in texts: full names as they were written, addresses and numbers."""

    def __init__(
        self, names_fr: Iterable[str], names_ar: Iterable[str], identifiers: Iterable[str | None] = ()
    ) -> None:
        self.words = [
            *((name, FORMER_MEMBER.in_text_fr) for name in _told(names_fr, FORMER_MEMBER.name_fr)),
            *((name, FORMER_MEMBER.in_text_ar) for name in _told(names_ar, FORMER_MEMBER.name_ar)),
            *((word, FORMER_MEMBER.in_text_fr) for word in _told(identifiers, "")),
        ]
        self._instead = [instead for _, instead in self.words]
        self._pattern = re.compile("|".join(f"({_found(word)})" for word, _ in self.words), re.IGNORECASE)

    def gone_from(self, text: str) -> str:
        return self._pattern.sub(self._replace, text) if self.words else text

    def gone_from_all(self, value: Any) -> Any:
        """The same for whatever JSON may hold; the names of fields stay."""
        if isinstance(value, str):
            return self.gone_from(value)
        if isinstance(value, list):
            return [self.gone_from_all(part) for part in value]
        return {name: self.gone_from_all(part) for name, part in value.items()} if isinstance(value, dict) else value

    def _replace(self, match: re.Match[str]) -> str:
        return self._instead[(match.lastindex or 0) - 1]  # one group for each word


def _told(words: Iterable[str | None], placeholder: str) -> Collection[str]:
    """The longest first, since one may be the beginning of another."""
    return sorted({word.strip() for word in words if word and word.strip() not in ("", placeholder)}, key=len)[::-1]


def _found(word: str) -> str:
    """However it is spaced, also as JSON writes it. In Arabic `and` is a letter before the name."""
    begins = BEGINS if re.match(r"[\w]", word, re.ASCII) else ""
    return f"{begins}(?:{'|'.join(_spellings(word))}){ENDS}"


def _spellings(word: str) -> Iterator[str]:
    for spelt in dict.fromkeys((word, json.dumps(word)[1:-1])):
        yield r"\s+".join(re.escape(part).replace("'", APOSTROPHE) for part in spelt.split())
