"""The dead letters of one running service, over HTTP."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from .remote import Refused, Remote

AT_ONCE = 200  # letters of a page
LETTERS = "/dead-letters"

Letter = dict[str, Any]


class Desk(Remote):
    def letters(self, limit: int, **wish: str | None) -> tuple[list[Letter], bool]:
        """The first of them, and whether there are more."""
        found: list[Letter] = []
        after = None
        while True:
            some = min(AT_ONCE, limit - len(found))
            page = self.ask("GET", LETTERS, params={**wish, "after": after, "limit": some})
            found += [{"service": self.service, **letter} for letter in page["items"]]
            after = page["next"]
            if after is None or len(found) >= limit:
                return found, after is not None

    def letter(self, id: UUID, where: dict[str, str | None]) -> Letter | None:
        try:
            return self.ask("GET", f"{LETTERS}/{id}", params=where)
        except Refused as refusal:
            if refusal.code == "dead_letter.not_found":
                return None
            raise

    def judge(self, verdict: str, id: UUID, reason: str, where: dict[str, str | None]) -> Letter:
        return self.ask("POST", f"{LETTERS}/{id}/{verdict}", json={"reason": reason}, params=where)

    def replay_all(self, reason: str, wish: dict[str, str | None]) -> Iterator[Letter]:
        """Some at a time, each answer as it comes."""
        filter = {name: value for name, value in wish.items() if value}
        after = None
        while True:
            answer = self.ask("POST", f"{LETTERS}/replay", json={"reason": reason, "filter": filter, "after": after})
            yield answer
            after = answer["next"]
            if after is None:
                return
