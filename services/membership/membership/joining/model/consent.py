"""Consents: who agreed to what, in which words, when and by what channel; and when they took it back."""

from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Self
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from membership.communities import Community
from membership.ground import Base
from membership.people import Principal
from shared.domain.database import Moment, word_of
from shared.domain.entity import Entity
from shared.domain.lifecycle import HasLifecycle, Lifecycle

from .membership import Membership


class Purpose(StrEnum):
    """What a consent is for."""

    PARTICIPATION = "participation"


class ConsentState(StrEnum):
    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class Consent(HasLifecycle, Entity, Base):
    """One yes, in the words of one version. Withdrawn once, never overwritten: who consents again gives a new one."""

    __tablename__ = "consent"
    thing = "consent"
    lifecycle: ClassVar[Lifecycle] = {
        ConsentState.GIVEN: frozenset({ConsentState.WITHDRAWN}),
        ConsentState.WITHDRAWN: frozenset(),
    }

    principal_id: Mapped[UUID] = mapped_column(ForeignKey(Principal.id), index=True)
    purpose: Mapped[Purpose] = mapped_column(word_of(Purpose))
    community_id: Mapped[UUID | None] = mapped_column(ForeignKey(Community.id))
    state: Mapped[ConsentState] = mapped_column(word_of(ConsentState))
    text_version: Mapped[str]
    given_at: Mapped[datetime] = mapped_column(Moment)
    channel: Mapped[str]
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def person_id(self) -> UUID:
        """Whom it is about."""
        return self.principal_id

    @classmethod
    def to_participate(cls, membership: Membership, *, text_version: str) -> Self:
        """The yes by which this membership began, in the words that were shown."""
        return cls(
            principal_id=membership.principal_id,
            purpose=Purpose.PARTICIPATION,
            community_id=membership.community_id,
            state=ConsentState.GIVEN,
            text_version=text_version,
            given_at=membership.answered_at,
            channel=membership.channel,
        )

    def renewed(self) -> Self:
        """It was withdrawn with a leaving that was not theirs and was taken back: their yes counts as it was given."""
        kept = ("principal_id", "purpose", "community_id", "text_version", "given_at", "channel")
        return type(self)(state=ConsentState.GIVEN, **{name: getattr(self, name) for name in kept})

    def demand_given(self) -> UUID:
        """Withdrawn once, it has no say about a membership that began again since. Returns the community it is for."""
        self._must_be_able_to_become(ConsentState.WITHDRAWN)
        if self.community_id is None:
            raise LookupError(f"consent {self.id} is for no community")
        return self.community_id

    def withdraw(self, *, now: datetime) -> None:
        self._become(ConsentState.WITHDRAWN)
        self.withdrawn_at = now
