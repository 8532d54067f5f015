"""What can be asked; no question's cost grows with the country."""

from .communities import (
    communities,
    community,
    has_home_elsewhere,
    is_member,
    member_ids,
    members,
    membership,
    memberships,
    unanswered_invitations,
    visible_community,
)
from .elections import elected, election, elections_to_close, predecessor, visible_election
from .organisation import (
    delegation_by_code,
    delegations,
    demand_delegation,
    demand_principals,
    principal,
    principals,
    principals_by_ppr,
    schools,
    schools_by_code,
)

__all__ = [
    "communities",
    "community",
    "delegation_by_code",
    "delegations",
    "demand_delegation",
    "demand_principals",
    "elected",
    "election",
    "elections_to_close",
    "has_home_elsewhere",
    "is_member",
    "member_ids",
    "members",
    "membership",
    "memberships",
    "predecessor",
    "principal",
    "principals",
    "principals_by_ppr",
    "schools",
    "schools_by_code",
    "unanswered_invitations",
    "visible_community",
    "visible_election",
]
