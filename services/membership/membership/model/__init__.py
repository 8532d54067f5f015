"""What membership owns: the organisation, its people, communities, elections; every rule about them is here."""

from .accompaniment import Accompaniment, AccompanimentState
from .alarm import Alarm, Silence
from .archive import Archive, ArchivePart, ArchiveState
from .ballots import BallotBox, Candidate, Voter
from .canvas import FILLED_IN, Canvas, CanvasState
from .carried import CarriedPrincipal
from .circle import Circle, Share, circle_of
from .circle_review import CircleReview
from .community import Community
from .consent import Consent, ConsentState, Purpose
from .consent_texts import ATTITUDES, CONSENT_TEXTS, CURRENT_VERSION, VERSIONS, ConsentText
from .counting import Predecessor, choose, lot
from .dispersion import Distance, MeasureKind, Mitigation, kilometres
from .election import Election, ElectionState
from .imports import ColumnMapping, Import, ImportFault, ImportKind, ImportPart, ImportState
from .leaving import Leaving
from .levels import BELOW, Level, LevelName
from .life import CommunityState, Periods, Signs
from .membership import Membership, MembershipState, Unanswered
from .mouvement import Ground, MouvementPlan, Move, PlannedMove, faults_of
from .officer import Companion, Officer, OfficerFunction, OfficerState
from .operation import Operation, OperationKind, OperationState
from .organisation import MINISTRY_ID, Academy, Cycle, Delegation, Ministry, School, Setting, Unit, Zone, ZoneKind
from .people import Gender, Language, Place, Principal, newcomers_since
from .plan import Plan, PlanningRound, PlanState
from .plan_parts import Exclusion, PlacedBy, PlanGroup, PlanPlace, PlanWish, WishKind
from .posting import Absence, Career, Post, Posting
from .rules import Rules
from .standing import EVER, Standing
from .stay import Stay
from .tables import Base
from .transfer import Home, Neighbourhood, Transfer
from .without_home import WithoutHome

__all__ = [
    "ATTITUDES",
    "BELOW",
    "CONSENT_TEXTS",
    "CURRENT_VERSION",
    "EVER",
    "FILLED_IN",
    "MINISTRY_ID",
    "VERSIONS",
    "Absence",
    "Academy",
    "Accompaniment",
    "AccompanimentState",
    "Alarm",
    "Archive",
    "ArchivePart",
    "ArchiveState",
    "BallotBox",
    "Base",
    "Candidate",
    "Canvas",
    "CanvasState",
    "Career",
    "CarriedPrincipal",
    "Circle",
    "CircleReview",
    "ColumnMapping",
    "Community",
    "CommunityState",
    "Companion",
    "Consent",
    "ConsentState",
    "ConsentText",
    "Cycle",
    "Delegation",
    "Distance",
    "Election",
    "ElectionState",
    "Exclusion",
    "Gender",
    "Ground",
    "Home",
    "Import",
    "ImportFault",
    "ImportKind",
    "ImportPart",
    "ImportState",
    "Language",
    "Leaving",
    "Level",
    "LevelName",
    "MeasureKind",
    "Membership",
    "MembershipState",
    "Ministry",
    "Mitigation",
    "MouvementPlan",
    "Move",
    "Neighbourhood",
    "Officer",
    "OfficerFunction",
    "OfficerState",
    "Operation",
    "OperationKind",
    "OperationState",
    "Periods",
    "Place",
    "PlacedBy",
    "Plan",
    "PlanGroup",
    "PlanPlace",
    "PlanState",
    "PlanWish",
    "PlannedMove",
    "PlanningRound",
    "Post",
    "Posting",
    "Predecessor",
    "Principal",
    "Purpose",
    "Rules",
    "School",
    "Setting",
    "Share",
    "Signs",
    "Silence",
    "Standing",
    "Stay",
    "Transfer",
    "Unanswered",
    "Unit",
    "Voter",
    "WishKind",
    "WithoutHome",
    "Zone",
    "ZoneKind",
    "choose",
    "circle_of",
    "faults_of",
    "kilometres",
    "lot",
    "newcomers_since",
]
