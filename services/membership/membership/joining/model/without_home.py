"""Principals without a home community: there is always a reason, and it is said."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from .leaving import Leaving
from .membership import Membership, MembershipState


class WithoutHome(StrEnum):
    """How it last stood between them and a home community; `invited` and `requested` wait for an answer."""

    NOT_INVITED = "not_invited"
    INVITED = "invited"
    REQUESTED = "requested"
    DECLINED = "declined"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    LEFT = "left"
    TRANSFERRED = "transferred"
    DISSOLVED = "dissolved"

    @classmethod
    def of(cls, memberships: Collection[Membership], last_leaving: Leaving | None) -> "WithoutHome":
        """Of somebody's memberships of home communities, none of which is current."""
        states = {membership.state for membership in memberships}
        for waiting in (MembershipState.INVITED, MembershipState.REQUESTED):
            if waiting in states:
                return cls(waiting)
        if not memberships:
            return cls(last_leaving or cls.NOT_INVITED)
        latest = max(memberships, key=_moment).state
        return cls(last_leaving or latest) if latest is MembershipState.LEFT else cls(latest)


def _moment(membership: Membership) -> datetime:
    """When it came to how it stands."""
    return membership.left_at or membership.answered_at or membership.answer_by
