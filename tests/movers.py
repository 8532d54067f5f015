"""A Delegation with schools and their heads, entered as an officer enters them, and mouvements among them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from werkzeug.test import TestResponse

from membership.moves.use_cases.mouvements import MoveWish
from membership.moves.use_cases.taking import take_due_effects
from membership.people.model.posting import Absence
from shared.testing.harness import Caller, Driven

TODAY = datetime.now(UTC).date()
NAMES = {"name_fr": "École", "name_ar": "مدرسة"}
PERSON = {"name_fr": "Rachida Meknassi", "name_ar": "رشيدة المكناسي", "gender": "female", "language": "ar"}


def in_days(days: int) -> str:
    return (TODAY + timedelta(days=days)).isoformat()


@dataclass
class Movers:
    """Schools A, B, ... and who heads them, by the same letter in lower case."""

    driven: Driven
    officer: Caller
    delegation_id: UUID
    ids: dict[str, UUID] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/v1/delegations/{self.delegation_id}"

    def schools(self, codes: str, **entry: Any) -> None:
        rows = [{"code": code, "cycle": "primary", **NAMES, **entry} for code in codes]
        assert self.officer.post(f"{self.path}/schools/bulk", {"rows": rows}).json["refused"] == 0

    def heads(self, codes: str, **entry: Any) -> TestResponse:
        """Each school's head is entered, or corrected: `a` heads A."""
        return self.enter({code.lower(): code for code in codes}, **entry)

    def enter(self, posts: dict[str, str], **entry: Any) -> TestResponse:
        told = {"email": "r@example.org", "appointed_on": "2010-09-01", **PERSON, **entry}
        rows = [{"ppr": ppr, "school_code": code, **told} for ppr, code in posts.items()]
        answer = self.officer.post(f"{self.path}/principals/bulk", {"rows": rows})
        assert answer.json["refused"] == 0, answer.json
        self.ids |= {ppr: UUID(row["id"]) for ppr, row in zip(posts, answer.json["rows"], strict=True)}
        return answer

    def move(self, moves: dict[str, str], days: int = 0, *, dry_run: bool = False, **more: Any) -> TestResponse:
        """`{"a": "B"}`: whoever heads A goes to B; a word in lower case is why they head none."""
        by, community = more.pop("by", self.officer), more.pop("community", "stay")
        rows = [{"ppr": ppr, "community": community, **where(post)} for ppr, post in moves.items()]
        wish = {"effective_on": in_days(days), "moves": rows}
        scope = more.pop("scope", self.delegation_id)
        return by.post(f"/v1/units/{scope}/mouvements?dry_run={str(dry_run).lower()}", wish)

    def decided(self, moves: dict[str, str], days: int = 0, **more: Any) -> str:
        answer = self.move(moves, days, **more)
        assert answer.status_code == 200, answer.json
        return answer.json["operation_id"]

    def undo(self, operation_id: str, by: Caller | None = None) -> TestResponse:
        headers = {"If-Match": "*"}
        return (by or self.officer).post(f"/v1/operations/{operation_id}/undo", headers=headers)

    def posts(self, days: int = 0, **query: Any) -> dict[str, str]:
        """Who heads which school on that day, by their letters."""
        asked = "".join(f"&{name}={str(value).lower()}" for name, value in query.items())
        items = self.officer.get(f"{self.path}/posts?as_of={in_days(days)}&limit=200{asked}").json["items"]
        letters = {str(id): ppr for ppr, id in self.ids.items()}
        named = {item["school_code"]: [letters[holder["principal_id"]] for holder in item["holders"]] for item in items}
        return {code: "".join(sorted(holders)) for code, holders in named.items()}

    def history(self, ppr: str) -> list[tuple[str, str, str | None]]:
        """The posts that somebody held, the earliest first: where or why not, from, to."""
        told = self.officer.get(f"/v1/principals/{self.ids[ppr]}/history").json["postings"]
        return [(each["school_code"] or each["absence"], each["starts_on"], each["ends_on"]) for each in told[::-1]]

    def on(self, day: date) -> None:
        """What the clock does on that day."""
        noon = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=12)
        with self.driven.sessions.transaction() as session:
            take_due_effects(session, noon)


def where(post: str) -> dict[str, str]:
    return {"absence": post} if post.islower() else {"school_code": post}


def movers_in(province) -> Movers:
    return Movers(province.driven, province.officer, province.delegation_id)


def random_moves(random: Random, heads: Mapping[UUID, str], vacant: Sequence[str]) -> list[MoveWish]:
    """A mouvement that can be decided: some of those who head a school (its code) go elsewhere or nowhere."""
    movers = random.sample(sorted(heads), random.randint(1, len(heads)))
    free = random.sample([*vacant, *(heads[mover] for mover in movers)], len(vacant) + len(movers))
    wishes = []
    for mover in movers:
        code = next((code for code in free if code != heads[mover]), None)
        code = None if random.random() < 0.2 else code
        free = [each for each in free if each != code]
        absence = None if code else random.choice([Absence.RETIRED, Absence.ON_LEAVE])
        wishes.append(MoveWish(mover, None, code, absence, follows=random.random() < 0.5))
    return wishes
