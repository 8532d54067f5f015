"""What a caller has seen of the thing they change, so that nobody overwrites what they have not read.

The web leaves the caller's conditions (`If-Match`, `If-None-Match: *`) in the session; a use case asks about them in
the line after `permit`, where the thing was loaded: `demand_seen(session, meeting)`. What changes between that line
and the commit is found by the count of versions.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session

from .refusals import NotSeen, Outdated

ANY = "*"  # whatever it is, as long as it is there


class Edited(Protocol):
    """What tells its states apart, as an `Entity` does."""

    @property
    def edition(self) -> str: ...


@dataclass
class Seen:
    """The conditions of one request. `was_checked`: a use case has asked."""

    editions: Collection[str] = ()
    must_be_new: bool = False
    is_demanded: bool = False
    was_checked: bool = False

    @property
    def is_conditional(self) -> bool:
        return bool(self.editions) or self.must_be_new

    def check(self, thing: Edited | None) -> None:
        """Raises `Outdated` if it is not what was seen, `NotSeen` if that had to be said and was not."""
        self.was_checked = True
        if thing is None:
            self._check_of_nothing()
        elif self.must_be_new or (self.editions and not {ANY, thing.edition} & set(self.editions)):
            raise Outdated("request.precondition_failed")
        elif self.is_demanded and not self.editions:
            raise NotSeen("request.precondition_required")

    def _check_of_nothing(self) -> None:
        if self.editions:
            raise Outdated("request.precondition_failed")


def demand_seen(session: Session, thing: Edited | None) -> None:
    """The caller has seen this very edition of it; None is what is yet to be made. Holds for requests alone."""
    seen: Seen | None = session.info.get("seen")
    if seen is not None:
        seen.check(thing)
