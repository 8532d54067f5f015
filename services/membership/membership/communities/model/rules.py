"""Rules of functioning: what the members of a community have agreed on, edition after edition."""

from datetime import date
from typing import Any, Self
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from membership.ground import Base
from shared.domain.entity import Entity
from shared.domain.erasure import Traces
from shared.domain.refusals import Invalid, Refused
from shared.events import RulesAdopted

from .community import Community


class Rules(Entity, Base):
    """One edition, adopted at a meeting on `adopted_on`. It is never changed, only followed by another."""

    __tablename__ = "rules"

    community_id: Mapped[UUID] = mapped_column(ForeignKey(Community.id))
    edition_number: Mapped[int] = mapped_column("edition")
    adopted_on: Mapped[date]
    quorum_percent: Mapped[int]
    mandate_months: Mapped[int]
    meeting_rhythm_weeks: Mapped[int]
    text_fr: Mapped[str]
    text_ar: Mapped[str]

    __table_args__ = (UniqueConstraint("community_id", "edition"),)

    @property
    def edition(self) -> str:
        """Under one address the rules in force are shown, whichever they are."""
        return f"{self.edition_number}.{super().edition}"

    @property
    def partition_key(self) -> str:
        # Editions are heard in their order, and in order with what else happens to the community.
        return str(self.community_id)

    @classmethod
    def adopt(
        cls,
        community: Community,
        previous: "Rules | None",
        *,
        adopted_on: date,
        quorum_percent: int,
        mandate_months: int,
        meeting_rhythm_weeks: int,
        text_fr: str,
        text_ar: str,
        today: date,
    ) -> Self:
        """The next election is held by them; one under way keeps those that it was called by."""
        community.demand_undissolved()
        _demand_in_order(adopted_on, previous, today)
        agreed = {"quorum_percent": quorum_percent, "mandate_months": mandate_months}
        agreed |= {"meeting_rhythm_weeks": meeting_rhythm_weeks}
        _demand_new(previous, **agreed, text_fr=text_fr, text_ar=text_ar)
        number = previous.edition_number + 1 if previous else 1
        rules = cls(
            community_id=community.id,
            edition_number=number,
            adopted_on=adopted_on,
            text_fr=text_fr,
            text_ar=text_ar,
            **agreed,
        )
        community.is_ruled_by(quorum_percent=quorum_percent, mandate_months=mandate_months)
        rules.record(RulesAdopted(community_id=community.id, edition=number, adopted_on=adopted_on, **agreed))
        return rules

    def leave_out(self, traces: Traces) -> None:
        """Somebody is erased; what was agreed stays, without them."""
        self.text_fr, self.text_ar = traces.gone_from(self.text_fr), traces.gone_from(self.text_ar)


def _demand_in_order(adopted_on: date, previous: Rules | None, today: date) -> None:
    if adopted_on > today:
        raise Invalid("rules.adopted_later")
    if previous and adopted_on < previous.adopted_on:
        raise Invalid("rules.adopted_earlier", edition=previous.edition_number)


def _demand_new(previous: Rules | None, **agreed: Any) -> None:
    """What is sent twice is adopted once; and what stays as it is, is no evolution."""
    if previous and all(getattr(previous, name) == value for name, value in agreed.items()):
        raise Refused("rules.unchanged", edition=previous.edition_number)
