"""What membership owns: the organisation, its people, communities, elections; every rule about them is here."""

from .community import Community, CommunityState, Membership, MembershipState
from .election import BallotBox, Candidate, Election, ElectionState, Predecessor, Voter, choose, lot
from .organisation import Cycle, Delegation, School, Setting
from .people import Gender, Language, Principal
from .tables import Base

__all__ = [
    "BallotBox",
    "Base",
    "Candidate",
    "Community",
    "CommunityState",
    "Cycle",
    "Delegation",
    "Election",
    "ElectionState",
    "Gender",
    "Language",
    "Membership",
    "MembershipState",
    "Predecessor",
    "Principal",
    "School",
    "Setting",
    "Voter",
    "choose",
    "lot",
]
