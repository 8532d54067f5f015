"""What membership owns: the organisation, its people, communities, elections; every rule about them is here."""

from .ballots import BallotBox, Candidate, Voter
from .community import Community, CommunityState, Membership, MembershipState
from .counting import Predecessor, choose, lot
from .election import Election, ElectionState
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
