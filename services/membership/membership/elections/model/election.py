"""The election of a coordinator: by peers, in secret, then confirmed by the Delegation."""

from calendar import monthrange
from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Self
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from membership.communities import Community
from membership.ground import Base
from membership.people import Principal
from shared.domain.database import Moment, word_of
from shared.domain.entity import Entity
from shared.domain.erasure import Traces
from shared.domain.lifecycle import HasLifecycle, Lifecycle
from shared.domain.refusals import Invalid, Refused
from shared.events import (
    CoordinatorConfirmed,
    CoordinatorElected,
    CoordinatorRefused,
    ElectionAbandoned,
    ElectionFailed,
    ElectionOpened,
)

from .ballots import BallotBox, Candidate, Voter
from .counting import Predecessor, choose

SHORTEST_VOTE, LONGEST_VOTE = timedelta(hours=1), timedelta(days=60)


class ElectionState(StrEnum):
    CALLED = "called"
    OPEN = "open"
    FAILED = "failed"
    ELECTED = "elected"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    ABANDONED = "abandoned"


S = ElectionState
UNDER_WAY = text("state IN ('called', 'open', 'elected')")


class Election(HasLifecycle, Entity, Base):
    """One choice of a coordinator. A community has at most one under way; once decided, the count never changes."""

    __tablename__ = "election"
    thing = "election"
    lifecycle: ClassVar[Lifecycle] = {
        S.CALLED: frozenset({S.OPEN, S.ABANDONED}),
        S.OPEN: frozenset({S.ELECTED, S.FAILED, S.ABANDONED}),
        S.ELECTED: frozenset({S.CONFIRMED, S.REFUSED, S.ABANDONED}),
        S.FAILED: frozenset(),
        S.CONFIRMED: frozenset(),
        S.REFUSED: frozenset(),
        S.ABANDONED: frozenset(),
    }

    community_id: Mapped[UUID] = mapped_column(ForeignKey(Community.id))
    delegation_id: Mapped[UUID]
    state: Mapped[ElectionState] = mapped_column(word_of(ElectionState))
    quorum_percent: Mapped[int]
    mandate_months: Mapped[int]
    closes_at: Mapped[datetime | None] = mapped_column(Moment)
    elected_id: Mapped[UUID | None] = mapped_column(ForeignKey(Principal.id), index=True)
    decided_by: Mapped[str | None]
    lot_seed: Mapped[str | None]
    refusal_reason: Mapped[str | None]

    candidates: Mapped[list[Candidate]] = relationship(lazy="raise", cascade="all, delete-orphan")
    roll: Mapped[list[Voter]] = relationship(lazy="raise", cascade="all, delete-orphan")
    box: Mapped[BallotBox | None] = relationship(lazy="raise", cascade="all, delete-orphan")

    __table_args__ = (
        Index("uq_election_under_way", "community_id", unique=True, postgresql_where=UNDER_WAY, sqlite_where=UNDER_WAY),
        Index(
            "ix_election_closes_at",
            "closes_at",
            postgresql_where=text("state = 'open'"),
            sqlite_where=text("state = 'open'"),
        ),
    )

    @property
    def edition(self) -> str:
        """Who stands and who has voted changes what is shown, and not the election's own row."""
        return f"{super().edition}.{len(self.candidates)}.{self.voted}"

    @property
    def partition_key(self) -> str:
        # One community's elections follow each other: their outcomes must be heard in that order.
        return str(self.community_id)

    @classmethod
    def call(cls, community: Community, *, is_under_way: bool) -> Self:
        """Members may stand from now on; the rules are those of the community as they are now."""
        community.demand_undissolved()
        if is_under_way:
            raise Refused("election.under_way")
        return cls(
            community_id=community.id,
            delegation_id=community.delegation_id,
            state=S.CALLED,
            quorum_percent=community.quorum_percent,
            mandate_months=community.mandate_months,
            candidates=[],
            roll=[],
            box=None,
        )

    def stand(self, principal: Principal, statement: str) -> None:
        if self.state is not S.CALLED:
            raise Refused("election.candidacy_closed")
        if any(candidate.principal_id == principal.id for candidate in self.candidates):
            raise Refused("election.already_stands")
        facts = {"gender": principal.gender, "cycle": principal.cycle, "appointed_on": principal.appointed_on}
        self.candidates.append(Candidate(principal_id=principal.id, statement=statement, **facts))

    def open(self, voter_ids: list[UUID], *, closes_at: datetime, now: datetime) -> None:
        """Freeze the roll and let the members vote; who has left stands no more."""
        standing = [candidate for candidate in self.candidates if candidate.principal_id in voter_ids]
        if not standing:
            raise Refused("election.no_candidate")
        if not SHORTEST_VOTE <= closes_at - now <= LONGEST_VOTE:
            raise Invalid("election.bad_closing", hours=SHORTEST_VOTE // timedelta(hours=1), days=LONGEST_VOTE.days)
        self._become(S.OPEN)
        self.closes_at, self.candidates = closes_at, standing
        self.roll = [Voter(principal_id=voter_id, has_voted=False) for voter_id in voter_ids]
        self.box = BallotBox(ballots=[])
        event = ElectionOpened(
            election_id=self.id, community_id=self.community_id, voter_ids=voter_ids, closes_at=closes_at
        )
        self.record(event)

    def vote(self, voter_id: UUID, *, choice: UUID, receipt: str, now: datetime) -> None:
        """One vote each. The same vote sent twice (a line that dropped) counts once and is no error."""
        voter = self._on_roll(voter_id)
        box = self._opened_box()
        if voter.has_voted and box.holds(receipt, choice):
            return
        self._demand_open(now)
        self._demand_acceptable(voter, choice, receipt)
        voter.has_voted = True
        box.take(receipt, choice)

    def _on_roll(self, voter_id: UUID) -> Voter:
        for voter in self.roll:
            if voter.principal_id == voter_id:
                return voter
        raise Refused("election.not_on_roll")

    def _opened_box(self) -> BallotBox:
        if self.box is None:
            raise Refused("election.not_open")
        return self.box

    def _demand_open(self, now: datetime) -> None:
        if self.state is not S.OPEN or self.closes_at is None or now >= self.closes_at:
            raise Refused("election.not_open")

    def _demand_acceptable(self, voter: Voter, choice: UUID, receipt: str) -> None:
        if voter.has_voted:
            raise Refused("election.already_voted")
        if all(candidate.principal_id != choice for candidate in self.candidates):
            raise Invalid("election.unknown_candidate")
        if self._opened_box().holds(receipt):
            raise Refused("election.receipt_taken")

    @property
    def entitled(self) -> int:
        return len(self.roll)

    @property
    def ballots(self) -> list[dict[str, str]]:
        """The count that is published: nothing before the vote is closed, and nothing of one that never was."""
        return self.box.ballots if self.box and self.state not in (S.CALLED, S.OPEN, S.ABANDONED) else []

    @property
    def voted(self) -> int:
        return sum(voter.has_voted for voter in self.roll)

    @property
    def needed(self) -> int:
        """How many must vote for the result to count."""
        return max(1, -(-self.entitled * self.quorum_percent // 100))

    @property
    def is_complete(self) -> bool:
        return self.state is S.OPEN and self.voted == self.entitled

    def close(self, predecessor: Predecessor | None, *, lot_seed: str) -> None:
        """Count. Most votes win; a tie is decided by rotation, then seniority, then a lot whose seed is published."""
        if self.voted < self.needed:
            self._become(S.FAILED)
            self.record(self._failed())
            return
        self._become(S.ELECTED)
        self._elect(*choose(self._opened_box().tally(), self.candidates, predecessor, lot_seed), lot_seed=lot_seed)

    def _failed(self) -> ElectionFailed:
        return ElectionFailed(election_id=self.id, community_id=self.community_id, voted=self.voted, needed=self.needed)

    def _elect(self, elected_id: UUID, decided_by: str, *, lot_seed: str) -> None:
        self.elected_id, self.decided_by = elected_id, decided_by
        self.lot_seed = lot_seed if decided_by == "lot" else None
        event = CoordinatorElected(
            election_id=self.id,
            community_id=self.community_id,
            delegation_id=self.delegation_id,
            principal_id=elected_id,
            voted=self.voted,
            entitled=self.entitled,
            decided_by=decided_by,
        )
        self.record(event)

    def confirm(self, community: Community, elected: Principal, *, is_member: bool, today: date) -> None:
        """The Delegation's yes: the mandate begins."""
        self._must_be_able_to_become(S.CONFIRMED)
        if not is_member:
            raise Refused("election.elected_has_left")
        self._become(S.CONFIRMED)
        ends_on = _months_after(today, self.mandate_months)
        community.is_coordinated_by(elected.id, ends_on)
        event = CoordinatorConfirmed(
            community_id=self.community_id,
            principal_id=elected.id,
            name_fr=elected.name_fr,
            name_ar=elected.name_ar,
            mandate_ends_on=ends_on,
        )
        self.record(event)

    def refuse(self, reason: str) -> None:
        """The Delegation's no, with its reason: the peers vote again."""
        self._become(S.REFUSED)
        self.refusal_reason = reason
        event = CoordinatorRefused(community_id=self.community_id, principal_id=self.winner_id, reason=reason)
        self.record(event)

    @property
    def winner_id(self) -> UUID:
        """Refuses as long as nobody is elected."""
        if self.elected_id is None:
            raise Refused("election.wrong_state", state=self.state)
        return self.elected_id

    def belongs_to(self, delegation_id: UUID) -> None:
        """With its community; another Delegue confirms from now on."""
        self.delegation_id = delegation_id

    def abandon(self, member_ids: Collection[UUID]) -> None:
        """Nobody stands, or none who is a member still: it comes to nothing, and another can be called."""
        if self.state is not S.CALLED:
            raise Refused("election.wrong_state", state=self.state)
        if any(candidate.principal_id in member_ids for candidate in self.candidates):
            raise Refused("election.somebody_stands")
        self._come_to_nothing("nobody_stands")

    def end_with_community(self) -> None:
        """Its community is dissolved: whatever was under way is not counted, or not confirmed, any more."""
        self._come_to_nothing("dissolved")

    def _come_to_nothing(self, reason: str) -> None:
        self._become(S.ABANDONED)
        self.record(ElectionAbandoned(election_id=self.id, community_id=self.community_id, reason=reason))

    def leave_out(self, traces: Traces) -> None:
        """Somebody is erased; what was written stays, without them."""
        self.refusal_reason = self.refusal_reason and traces.gone_from(self.refusal_reason)


def _months_after(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))
