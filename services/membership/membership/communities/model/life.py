"""The life of a community: what brings it to life, what puts it to sleep and wakes it, how it ends."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from shared.domain.database import Moment, word_of
from shared.domain.entity import Entity
from shared.domain.lifecycle import HasLifecycle
from shared.domain.refusals import Refused
from shared.events import CommunityActivated, CommunityDissolved, CommunitySilent, CommunityWentDormant

from .alarm import Alarm, Silence


class CommunityState(StrEnum):
    PLANNED = "planned"
    FORMING = "forming"
    ACTIVE = "active"
    DORMANT = "dormant"
    DISSOLVED = "dissolved"


C = CommunityState
WATCHED = text("watch_on IS NOT NULL")
AT_ONCE = date.min


@dataclass(frozen=True)
class Periods:
    """After how many days without a meeting, or without a coordinator, a community is dormant."""

    quiet_days: int
    vacant_days: int


@dataclass(frozen=True)
class Signs:
    """Of life: when the community last met, whether it ever did so formally, whether it gave itself rules."""

    last_held_at: datetime | None = None
    has_met_formally: bool = False
    has_rules: bool = False


class Living(HasLifecycle, Entity):
    """What a community says of its own life; the facts come as arguments, and the same facts lead to the same days.

    `watch_on` is merely when somebody looks again: what is found then is worked out anew.
    """

    delegation_id: Mapped[UUID]
    state: Mapped[CommunityState]
    coordinator_id: Mapped[UUID | None]
    mandate_ends_on: Mapped[date | None]

    activated_at: Mapped[datetime | None] = mapped_column(Moment)
    vacant_since: Mapped[datetime | None] = mapped_column(Moment)
    dormant_reason: Mapped[Silence | None] = mapped_column(word_of(Silence))
    watch_on: Mapped[date | None]
    dissolved_at: Mapped[datetime | None] = mapped_column(Moment)
    dissolution_reason: Mapped[str | None]

    def takes_note(self, signs: Signs, periods: Periods, alarms: Mapping[Silence, Alarm], *, now: datetime) -> None:
        """Something happened that may bring it to life, wake it, or take an alarm back; whatever came last decides."""
        if self._comes_to_life(signs) or self._wakes(signs, periods, now.date()):
            self._live(now)
        due = dict(self._silences(signs, periods))
        for alarm in alarms.values():
            alarm.holds_for(due.get(alarm.reason), now=now)

    def _comes_to_life(self, signs: Signs) -> bool:
        is_whole = signs.has_met_formally and signs.has_rules and self.coordinator_id is not None
        return self.state is C.FORMING and is_whole

    def _wakes(self, signs: Signs, periods: Periods, today: date) -> bool:
        return self.state is C.DORMANT and not any(self._keeps_asleep(signs, periods, today))

    def _live(self, now: datetime) -> None:
        self._become(C.ACTIVE)
        self.activated_at, self.watch_on, self.dormant_reason = now, now.date(), None
        about = {"community_id": self.id, "delegation_id": self.delegation_id}
        self.record(CommunityActivated(**about, activated_at=now))

    def _keeps_asleep(self, signs: Signs, periods: Periods, today: date) -> Iterator[bool]:
        """What sleeps for want of a coordinator needs but that; what sleeps for want of a meeting has to meet first."""
        for reason, due_on in self._silences(signs, periods):
            is_of_old = reason is Silence.NO_MEETING and self.dormant_reason is not Silence.NO_MEETING
            yield due_on <= today and not is_of_old

    def _silences(self, signs: Signs, periods: Periods) -> Iterator[tuple[Silence, date]]:
        """What is missing, and from which day on that is too long."""
        since = max(moment for moment in (self.activated_at, signs.last_held_at, BEFORE_ALL) if moment)
        yield Silence.NO_MEETING, since.date() + timedelta(days=periods.quiet_days)
        if self.vacant_since:
            yield Silence.NO_COORDINATOR, self.vacant_since.date() + timedelta(days=periods.vacant_days)

    def watch(self, signs: Signs, periods: Periods, alarms: Mapping[Silence, Alarm], *, now: datetime) -> list[Alarm]:
        """What came without a word is noted; then warn, or fall asleep, but never unwarned. Returns what stands."""
        self.watch_on = None
        self.takes_note(signs, periods, alarms, now=now)
        return self._warn(signs, periods, alarms, now.date()) if self.state is C.ACTIVE else []

    def _warn(self, signs: Signs, periods: Periods, alarms: Mapping[Silence, Alarm], today: date) -> list[Alarm]:
        standing = [self._heed(reason, due_on, alarms, today) for reason, due_on in self._silences(signs, periods)]
        late = [alarm for alarm in standing if alarm.is_over(today)]
        if late:
            self._sleep(late[0].reason)
        else:
            self.watch_on = min(alarm.look_again_on for alarm in standing)
        return [alarm for alarm in standing if alarm.days_before]

    def _heed(self, reason: Silence, due_on: date, alarms: Mapping[Silence, Alarm], today: date) -> Alarm:
        alarm = alarms.get(reason) or Alarm.quiet(self.id, reason, due_on)
        if alarm.rings(due_on, today=today):
            about = {"community_id": self.id, "delegation_id": self.delegation_id}
            self.record(CommunitySilent(**about, reason=reason, dormant_on=alarm.dormant_on))
        return alarm

    def _sleep(self, reason: Silence) -> None:
        self._become(C.DORMANT)
        self.dormant_reason, self.watch_on = reason, None
        about = {"community_id": self.id, "delegation_id": self.delegation_id}
        self.record(CommunityWentDormant(**about, reason=reason))

    def is_vacant_since(self, moment: datetime) -> None:
        self.vacant_since, self.watch_on = moment, moment.date()

    def dissolve(self, reason: str, *, now: datetime) -> None:
        """Decided, with a reason; it never lives again, and its practices stay."""
        self.demand_undissolved()
        self._become(C.DISSOLVED)
        self.dissolved_at, self.dissolution_reason, self.watch_on = now, reason, None
        self.coordinator_id = self.mandate_ends_on = None
        about = {"community_id": self.id, "delegation_id": self.delegation_id}
        self.record(CommunityDissolved(**about, reason=reason))

    def demand_undissolved(self) -> None:
        if self.state is C.DISSOLVED:
            raise Refused("community.dissolved")


BEFORE_ALL = datetime(1, 1, 1, tzinfo=UTC)
