"""The present follows the history: each unit lies where it stands today."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from membership import organisation
from membership.organisation import Change, Delegation, Level, School, Standing, Unit, ZoneKind
from shared.domain import units


@dataclass
class Followed:
    """Schools that lie in another Delegation now, by their codes; which ones they left, and which are no more."""

    schools: dict[str, UUID] = field(default_factory=dict)
    left: set[UUID] = field(default_factory=set)
    closed: set[UUID] = field(default_factory=set)

    @property
    def is_nothing(self) -> bool:
        return not (self.schools or self.closed)


def follow(session: Session, changes: Sequence[Change], day: date, today: date) -> Followed:
    """What was changed for `day`, and all zones and schools below it, which say of themselves where they lie."""
    return _Present(session, {change.unit_id: change for change in changes}, today).follow(day)


class _Present:
    def __init__(self, session: Session, changes: dict[UUID, Change], today: date) -> None:
        self._session, self._changes = session, changes
        concerned = organisation.standing_with_all_below(session, changes.values(), today)
        above = organisation.path_of(session, list(changes), today)
        self._rows = {row.unit_id: row for row in (*above, *concerned)}
        self._concerned = sorted(concerned, key=self._depth)
        wanted = {row.unit_id: row.level for row in concerned} | {id: change.level for id, change in changes.items()}
        self._entries = organisation.entries(session, wanted)
        self._followed = Followed()

    def follow(self, day: date) -> Followed:
        for row in self._concerned:
            self._place(row)
        for unit_id in self._changes.keys() - self._rows.keys():
            self._close(unit_id, day)
        self._session.flush()
        return self._followed

    def _depth(self, row: Standing) -> int:
        """From the top: what is new must be there before something lies below it."""
        depth = 0
        while row.parent_id in self._rows:
            row, depth = self._rows[row.parent_id], depth + 1
        return depth

    def _place(self, row: Standing) -> None:
        entry = self._entries.get(row.unit_id)
        where = {"name_fr": row.name_fr, "name_ar": row.name_ar, **self._where(row)}
        if entry is None:
            self._enter(row, where)
        else:
            self._bring(entry, where)
        if row.level is not Level.SCHOOL:
            units.place(self._session, row.unit_id, self._office_above(row))

    def _enter(self, row: Standing, where: dict[str, Any]) -> None:
        kind = self._changes[row.unit_id].zone_kind
        more = {"kind": ZoneKind(kind)} if kind else {}
        entry = organisation.KIND_OF[row.level].register(id=row.unit_id, code=row.code, **where, **more)
        self._session.add(entry)
        self._session.flush()

    def _bring(self, entry: Any, where: dict[str, Any]) -> None:
        if isinstance(entry, School) and entry.delegation_id != where["delegation_id"]:
            self._followed.left.add(entry.delegation_id)
            self._followed.schools[entry.code] = where["delegation_id"]
        entry.correct(**where)
        if isinstance(entry, Unit):
            entry.reopen()

    def _close(self, unit_id: UUID, day: date) -> None:
        """It stands no more, or an opening was taken back: it never stood."""
        entry = self._entries.get(unit_id)
        if entry is not None:
            entry.close(day)
        if isinstance(entry, Delegation):
            self._followed.closed.add(unit_id)

    def _where(self, row: Standing) -> dict[str, Any]:
        """What the entry of a unit says of its place."""
        parent = self._rows.get(row.parent_id) if row.parent_id else None
        if row.level is Level.DELEGATION:
            return {"academy_id": parent.unit_id if parent and parent.level is Level.ACADEMY else None}
        if row.level is Level.ZONE:
            around = parent.unit_id if parent and parent.level is Level.ZONE else None
            return {"delegation_id": self._delegation_of(row), "around_id": around}
        if row.level is Level.SCHOOL:
            zone = parent.unit_id if parent and parent.level is Level.ZONE else None
            main = parent.code if parent and parent.level is Level.SCHOOL else row.code
            return {"delegation_id": self._delegation_of(row), "zone_id": zone, "main_code": main}
        return {}

    def _delegation_of(self, row: Standing) -> UUID:
        while row.level is not Level.DELEGATION:
            if row.parent_id is None:
                raise LookupError(f"{row.unit_id} lies in no Delegation")
            row = self._rows[row.parent_id]
        return row.unit_id

    def _office_above(self, row: Standing) -> UUID | None:
        """The Ministry reaches everything without being above anything."""
        parent = self._rows.get(row.parent_id) if row.parent_id else None
        return parent.unit_id if parent and parent.level is not Level.MINISTRY else None
