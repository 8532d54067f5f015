"""The papers of an election: candidates, the roll, the box."""

import random
from collections import Counter
from datetime import date
from uuid import UUID

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from membership.ground import Base
from membership.organisation import Cycle
from membership.people import Gender, Principal, year_only
from shared.domain.database import word_of
from shared.domain.erasure import Traces


class Candidate(Base):
    """A member who stands, with what the rules of a tie need to know of them, as it was then."""

    __tablename__ = "candidate"

    election_id: Mapped[UUID] = mapped_column(ForeignKey("election.id"), primary_key=True)
    principal_id: Mapped[UUID] = mapped_column(ForeignKey(Principal.id), primary_key=True, index=True)
    statement: Mapped[str]
    gender: Mapped[Gender] = mapped_column(word_of(Gender))
    cycle: Mapped[Cycle] = mapped_column(word_of(Cycle))
    appointed_on: Mapped[date]

    def forget(self) -> None:
        """The person is erased; that somebody stood, and how many votes they had, belongs to the election."""
        self.statement, self.appointed_on = "", year_only(self.appointed_on)

    def leave_out(self, traces: Traces) -> None:
        self.statement = traces.gone_from(self.statement)


class Voter(Base):
    """One name on the roll, which is frozen when the vote opens. Says whether they voted, never what or when."""

    __tablename__ = "voter"

    election_id: Mapped[UUID] = mapped_column(ForeignKey("election.id"), primary_key=True)
    principal_id: Mapped[UUID] = mapped_column(ForeignKey(Principal.id), primary_key=True, index=True)
    has_voted: Mapped[bool]


class BallotBox(Base):
    """All ballots of an election in one row, shaken at each vote.

    A row per ballot would tell by its place, its transaction or its time who cast it; here each vote rewrites all.
    A ballot is `{"receipt": …, "choice": …}`; the receipt is drawn by the voter's own side and found in the count.
    """

    __tablename__ = "ballot_box"

    election_id: Mapped[UUID] = mapped_column(ForeignKey("election.id"), primary_key=True)
    ballots: Mapped[list[dict[str, str]]] = mapped_column(JSON)

    def holds(self, receipt: str, choice: UUID | None = None) -> bool:
        found = [ballot["choice"] for ballot in self.ballots if ballot["receipt"] == receipt]
        return bool(found) and choice in (None, UUID(found[0]))

    def take(self, receipt: str, choice: UUID) -> None:
        ballots = [*self.ballots, {"receipt": receipt, "choice": str(choice)}]
        random.SystemRandom().shuffle(ballots)
        self.ballots = ballots

    def tally(self) -> Counter[UUID]:
        return Counter(UUID(ballot["choice"]) for ballot in self.ballots)
