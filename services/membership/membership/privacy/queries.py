"""What this service holds about one person, for the archive that they are owed: whether they voted, never what."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from membership.model import (
    FILLED_IN,
    Archive,
    Candidate,
    Canvas,
    CarriedPrincipal,
    Community,
    Consent,
    Election,
    Membership,
    Mitigation,
    PlanPlace,
    PlanWish,
    Posting,
    Principal,
    Stay,
    Transfer,
    Voter,
)
from membership.projections import Part, Participation
from shared.messaging.archiving import Holding, Record, records

ENTRY = ("id", "delegation_id", "ppr", "school_code", "cycle", "name_fr", "name_ar", "gender", "email", "phone",
         "language", "appointed_on")  # fmt: skip
COMMUNITY = ("id", "name_fr", "name_ar", "is_home", "state")
MEMBERSHIP = (
    "community_id",
    "state",
    "is_home",
    "answer_by",
    "requested_at",
    "answered_at",
    "channel",
    "refusal_reason",
    "joined_at",
    "left_at",
    "circle",
    "circle_choice",
)  # fmt: skip
PARTICIPATION = ("kind", "community_id", "thing_id", "happened_at")
CONSENT = ("id", "purpose", "community_id", "state", "text_version", "given_at", "channel", "withdrawn_at")
CANDIDACY = ("election_id", "statement", "gender", "cycle", "appointed_on")
CHOICE = ("id", "community_id", "state", "decided_by", "refusal_reason")
MANDATE = ("id", "name_fr", "name_ar", "mandate_ends_on")
CANVAS = ("id", "state", *FILLED_IN, "drafted_at", "community_id", "founded_at")
PLACE = ("plan_id", "number", "km", "placed_by", "is_fixed", "previous", "moved_from")
WISH = ("plan_id", "kind", "number", "exclusion", "km")
MEASURE = ("measure", "recorded_at")
POSTING = ("school_id", "absence", "starts_on", "ends_on")
STAY = ("community_id", "is_home", "joined_at", "left_at", "leaving")
TRANSFER = ("operation_id", "school_id", "absence", "follows", "home", "community_id", "mandate_ends_on",
            "invited_to_id")  # fmt: skip
CARRIED = ("operation_id", "delegation_id", "heir_id")
ARCHIVE = ("id", "state", "asked_at", "asked_by", "reason", "completed_at", "kept_until", "deleted_at")


def everything_about(session: Session, principal_id: UUID) -> Iterator[Record]:
    held = (*_person(principal_id), *_belonging(principal_id), *_elections(principal_id), *_canvases(principal_id))
    return records(session, [*held, *_plans(principal_id)])


def _person(id: UUID) -> Iterator[Holding]:
    yield Holding("entry", select(Principal).where(Principal.id == id), Principal.id, ENTRY)
    yield Holding("postings", select(Posting).where(Posting.principal_id == id), Posting.id, POSTING)
    yield Holding("transfers", select(Transfer).where(Transfer.principal_id == id), Transfer.operation_id, TRANSFER)
    carried = select(CarriedPrincipal).where(CarriedPrincipal.principal_id == id)
    yield Holding("carried", carried, CarriedPrincipal.operation_id, CARRIED)
    yield Holding("consents", select(Consent).where(Consent.principal_id == id), Consent.id, CONSENT)
    yield Holding("archives", select(Archive).where(Archive.principal_id == id), Archive.id, ARCHIVE)


def _belonging(id: UUID) -> Iterator[Holding]:
    mine = Membership.principal_id == id
    theirs = select(Community).where(Community.id.in_(select(Membership.community_id).where(mine)))
    yield Holding("communities", theirs, Community.id, COMMUNITY)
    yield Holding("memberships", select(Membership).where(mine), Membership.id, MEMBERSHIP)
    yield Holding("stays", select(Stay).where(Stay.principal_id == id), Stay.id, STAY)
    taken = select(Participation).where(Participation.principal_id == id)
    for part in Part:
        yield Holding("participation", taken.where(Participation.kind == part), Participation.thing_id, PARTICIPATION)
    coordinated = select(Community).where(Community.coordinator_id == id)
    yield Holding("mandates", coordinated, Community.id, MANDATE)


def _canvases(id: UUID) -> Iterator[Holding]:
    yield Holding("canvases", select(Canvas).where(Canvas.principal_id == id), Canvas.id, CANVAS)


def _plans(id: UUID) -> Iterator[Holding]:
    placed = select(PlanPlace).where(PlanPlace.principal_id == id)
    yield Holding("places_in_plans", placed, PlanPlace.id, PLACE)
    about = select(PlanWish).where((PlanWish.principal_id == id) | (PlanWish.other_id == id))
    yield Holding("wishes_in_plans", about, PlanWish.id, WISH)
    yield Holding("measures", select(Mitigation).where(Mitigation.principal_id == id), Mitigation.id, MEASURE)


def _elections(id: UUID) -> Iterator[Holding]:
    stood = select(Candidate).where(Candidate.principal_id == id)
    yield Holding("candidacies", stood, Candidate.election_id, CANDIDACY)
    yield Holding("chosen_by_peers", select(Election).where(Election.elected_id == id), Election.id, CHOICE)
    on_roll = select(Voter).where(Voter.principal_id == id)
    yield Holding("votes", on_roll, Voter.election_id, ("election_id", "has_voted"))
