"""Stays: opened by every yes that makes a member, closed by every leaving, with why."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from membership import queries
from membership.model import Leaving, Membership, Stay


def begin_stay(session: Session, membership: Membership) -> None:
    """Comes after whatever makes somebody a member: `accept`, `admit`."""
    session.add(Stay.begin(membership))


def end_stays(session: Session, memberships: Collection[Membership], leaving: Leaving, *, now: datetime) -> None:
    """Of those who have just left. Whose yes was written down by a release that kept no stays has one from now on."""
    found = queries.open_stays(session, memberships)
    for membership in memberships:
        stay = found.get((membership.community_id, membership.principal_id)) or Stay.begin(membership)
        stay.end(leaving, now=now)
        session.add(stay)
