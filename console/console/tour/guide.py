"""What every step of the tour needs at hand: the portal, the mailbox, the narrator, the cast."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from shared.domain.actor import Role

from .cast import Cast
from .mailbox import Mail, Mailbox, by_language
from .narrator import Narrator, NotSeen
from .portal import Caller, Portal


@dataclass
class Guide:
    """Calls as the right person, and looks whether the consequences came."""

    portal: Portal
    mailbox: Mailbox
    narrator: Narrator
    cast: Cast

    @property
    def ministry(self) -> Caller:
        return self.portal.as_(Role.MINISTRY_ADMINISTRATOR)

    @property
    def office(self) -> Caller:
        """The Delegation's portal."""
        return self.portal.as_(Role.PORTAL, unit_id=self.cast.delegation["id"])

    @property
    def delegue(self) -> Caller:
        return self.portal.as_(Role.DELEGATION_OFFICER, unit_id=self.cast.delegation["id"])

    def principal(self, person: dict[str, Any]) -> Caller:
        return self.portal.as_(Role.PRINCIPAL, person["id"])

    @property
    def coordinator(self) -> Caller:
        return self.principal(self.cast.coordinator)

    def knows(self, service: str, what: str, ask: Callable[[], Any], is_it: Callable[[Any], bool] = bool) -> Any:
        """Wait until another service has heard."""
        found: list[Any] = []

        def look() -> str:
            found[:] = [ask()]
            return what if found[0] is not None and is_it(found[0]) else ""

        self.narrator.see(f"{service} has heard of it: {what}", look)
        return found[0]

    def receives(self, kind: str, people: Iterable[dict[str, Any]], what: str) -> list[Mail]:
        """Wait until each of these people, and nobody else, has one mail of this kind; open every one."""
        expected = Counter(person["email"] for person in people)
        total = expected.total()

        def look() -> str:
            return f"{len({mail.to for mail in self.mailbox.of(kind)})} of {total}"

        self.narrator.see(f"{{}} have their mail: {what}", look, lambda seen: seen == f"{total} of {total}")
        mails = self.mailbox.of(kind)
        if {mail.to for mail in mails} != expected.keys():
            raise NotSeen(f"{kind} reached others than those concerned")
        _demand_good_words(mails, people)
        self.narrator.did(f"   {by_language(mails)}")
        return mails


def _demand_good_words(mails: list[Mail], people: Iterable[dict[str, Any]]) -> None:
    """Each in its reader's language, text and HTML, Arabic from right to left."""
    languages = {person["email"]: person["language"] for person in people}
    for mail in mails:
        if mail.language != languages[mail.to]:
            raise NotSeen(f"{mail.to} reads {languages[mail.to]} but got {mail.language}")
        if not mail.text.strip() or ('dir="rtl"' in mail.html) != (mail.language == "ar"):
            raise NotSeen(f"the mail {mail.mail_id} is not as its language wants it")
