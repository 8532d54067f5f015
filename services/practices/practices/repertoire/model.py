"""Practices: one entry of the shared repertoire, from a draft to the archive."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import JSON, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from practices.tables import Base
from shared.domain.database import Moment, word_of
from shared.domain.entity import Entity
from shared.domain.erasure import Traces
from shared.domain.folding import fold
from shared.domain.lifecycle import HasLifecycle, Lifecycle
from shared.domain.refusals import Fault, Invalid, Refused
from shared.events import FORMER_MEMBER, PracticePublished


class State(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


LIFECYCLE: Lifecycle = {
    State.DRAFT: frozenset({State.PUBLISHED}),
    State.PUBLISHED: frozenset({State.ARCHIVED}),
    State.ARCHIVED: frozenset(),
}


class Language(StrEnum):
    FRENCH = "fr"
    ARABIC = "ar"


class Cycle(StrEnum):
    PRIMARY = "primary"
    LOWER_SECONDARY = "lower_secondary"
    UPPER_SECONDARY = "upper_secondary"
    ALL = "all"


class Setting(StrEnum):
    URBAN = "urban"
    RURAL = "rural"
    REMOTE = "remote"
    ANY = "any"


class Audience(StrEnum):
    """Who may read it once it is published, from the narrowest to the widest."""

    COMMUNITY = "community"
    DELEGATION = "delegation"
    ACADEMY = "academy"
    EVERYONE = "everyone"


NEEDED = ("title", "problem", "what_was_done", "result")
SEARCHED = (*NEEDED, "resources")


class Practice(HasLifecycle, Entity, Base):
    """What worked in a school, told by who did it. Once published its text stands; its author decides who reads it."""

    __tablename__ = "practice"
    thing, lifecycle = "practice", LIFECYCLE

    author_id: Mapped[UUID] = mapped_column(index=True)
    author_name_fr: Mapped[str]
    author_name_ar: Mapped[str]
    community_id: Mapped[UUID]
    state: Mapped[State] = mapped_column(word_of(State))
    language: Mapped[Language] = mapped_column(word_of(Language))
    cycle: Mapped[Cycle] = mapped_column(word_of(Cycle))
    setting: Mapped[Setting] = mapped_column(word_of(Setting))
    audience: Mapped[Audience] = mapped_column(word_of(Audience))
    title: Mapped[str]
    problem: Mapped[str] = mapped_column(Text)
    what_was_done: Mapped[str] = mapped_column(Text)
    result: Mapped[str] = mapped_column(Text)
    resources: Mapped[str] = mapped_column(Text)
    tags: Mapped[list[str]] = mapped_column(JSON)
    search_text: Mapped[str] = mapped_column(Text)
    published_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (Index(None, "community_id", "id"),)

    @classmethod
    def draft(
        cls, *, community_id: UUID, author_id: UUID, author_name_fr: str, author_name_ar: str, **text: Any
    ) -> "Practice":
        """`text` holds every field that an author writes or chooses."""
        practice = cls(
            state=State.DRAFT,
            community_id=community_id,
            author_id=author_id,
            author_name_fr=author_name_fr,
            author_name_ar=author_name_ar,
        )
        practice._write(text)
        return practice

    def revise(self, **changes: Any) -> None:
        """Change what is named, and nothing else. What others have read is not changed behind their backs."""
        if self.state is not State.DRAFT:
            raise Refused("practice.wrong_state", state=self.state)
        self._write(changes)

    def publish(self, *, reader_ids: Collection[UUID], author_name_fr: str, author_name_ar: str, now: datetime) -> None:
        """Let its audience read it; those told by mail are `reader_ids`, less the author."""
        self._must_be_able_to_become(State.PUBLISHED)
        self._must_be_complete()
        self._become(State.PUBLISHED)
        self.published_at = now
        self.author_name_fr, self.author_name_ar = author_name_fr, author_name_ar
        self.record(self._publication(reader_ids))

    def archive(self) -> None:
        """Out of the repertoire; its author and community keep it."""
        self._become(State.ARCHIVED)

    def forget_author(self) -> None:
        """Erased: what they shared is the community's, told by a former member."""
        self.author_name_fr, self.author_name_ar = FORMER_MEMBER.name_fr, FORMER_MEMBER.name_ar

    def leave_out(self, traces: Traces) -> None:
        """Somebody is erased: what was shared stands, without their name."""
        self._write({field: traces.gone_from_all(getattr(self, field)) for field in (*SEARCHED, "tags")})

    def _write(self, text: dict[str, Any]) -> None:
        for field, value in text.items():
            setattr(self, field, value)
        self.search_text = fold(" ".join([*(getattr(self, field) for field in SEARCHED), *self.tags]))

    def _must_be_complete(self) -> None:
        faults = [Fault("field.blank", field=field) for field in NEEDED if not getattr(self, field)]
        if faults:
            raise Invalid("practice.incomplete", faults=faults)

    def _publication(self, reader_ids: Collection[UUID]) -> PracticePublished:
        return PracticePublished(
            practice_id=self.id,
            community_id=self.community_id,
            author_id=self.author_id,
            author_name_fr=self.author_name_fr,
            author_name_ar=self.author_name_ar,
            reader_ids=sorted(set(reader_ids) - {self.author_id}),
            audience=self.audience.value,
            language=self.language.value,
            title=self.title,
            problem=self.problem,
        )
