"""What membership owns: the organisation, its people, communities, elections; every rule about them is here."""

from .accompaniment import Accompaniment, AccompanimentState
from .archive import Archive, ArchivePart, ArchiveState
from .ballots import BallotBox, Candidate, Voter
from .community import Community, CommunityState, Membership, MembershipState
from .consent import Consent, ConsentState, Purpose
from .consent_texts import ATTITUDES, CONSENT_TEXTS, CURRENT_VERSION, VERSIONS, ConsentText
from .counting import Predecessor, choose, lot
from .election import Election, ElectionState
from .operation import Operation, OperationKind, OperationState
from .organisation import Academy, Cycle, Delegation, School, Setting
from .people import Gender, Language, Principal
from .posting import Absence, Posting
from .standing import EVER, Level, Standing
from .stay import Leaving, Stay
from .tables import Base

__all__ = [
    "ATTITUDES",
    "CONSENT_TEXTS",
    "CURRENT_VERSION",
    "EVER",
    "VERSIONS",
    "Absence",
    "Academy",
    "Accompaniment",
    "AccompanimentState",
    "Archive",
    "ArchivePart",
    "ArchiveState",
    "BallotBox",
    "Base",
    "Candidate",
    "Community",
    "CommunityState",
    "Consent",
    "ConsentState",
    "ConsentText",
    "Cycle",
    "Delegation",
    "Election",
    "ElectionState",
    "Gender",
    "Language",
    "Leaving",
    "Level",
    "Membership",
    "MembershipState",
    "Operation",
    "OperationKind",
    "OperationState",
    "Posting",
    "Predecessor",
    "Principal",
    "Purpose",
    "School",
    "Setting",
    "Standing",
    "Stay",
    "Voter",
    "choose",
    "lot",
]
