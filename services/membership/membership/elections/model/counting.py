"""How votes become a choice: most votes win; a tie is narrowed by rules that anyone can follow, never silently."""

from collections import Counter
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from uuid import UUID

from membership.organisation import Cycle
from membership.people import Gender

from .ballots import Candidate


@dataclass(frozen=True)
class Predecessor:
    """Who coordinated before, for the rotation woman/man and among the cycles."""

    gender: Gender
    cycle: Cycle


def choose(
    tally: Counter[UUID], candidates: list[Candidate], predecessor: Predecessor | None, lot_seed: str
) -> tuple[UUID, str]:
    """The winner, and what decided: `votes`, `rotation`, `seniority` or `lot`. The rules narrow the tie one by one."""
    most = max(tally.values())
    tied = [candidate for candidate in candidates if tally[candidate.principal_id] == most]
    for decided_by, narrow in (("votes", _all), ("rotation", _rotating), ("seniority", _most_senior)):
        tied = narrow(tied, predecessor) or tied
        if len(tied) == 1:
            return tied[0].principal_id, decided_by
    return min((candidate.principal_id for candidate in tied), key=partial(lot, lot_seed)), "lot"


def lot(seed: str, principal_id: UUID) -> str:
    """What anyone can compute again: the smallest SHA-256 of seed and id is drawn."""
    return sha256(f"{seed}:{principal_id}".encode()).hexdigest()


def _all(tied: list[Candidate], _predecessor: Predecessor | None) -> list[Candidate]:
    return tied


def _rotating(tied: list[Candidate], predecessor: Predecessor | None) -> list[Candidate]:
    if predecessor is None:
        return tied
    by_gender = [candidate for candidate in tied if candidate.gender != predecessor.gender] or tied
    return [candidate for candidate in by_gender if candidate.cycle != predecessor.cycle] or by_gender


def _most_senior(tied: list[Candidate], _predecessor: Predecessor | None) -> list[Candidate]:
    first = min(candidate.appointed_on for candidate in tied)
    return [candidate for candidate in tied if candidate.appointed_on == first]
