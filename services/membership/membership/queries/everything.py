"""What this service holds about one person, for the archive that they are owed: whether they voted, never what."""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from membership.model import Archive, Candidate, Community, Consent, Election, Membership, Principal, Voter
from shared.messaging.archiving import Holding, Record, records

ENTRY = ("id", "delegation_id", "ppr", "school_code", "cycle", "name_fr", "name_ar", "gender", "email", "phone",
         "language", "appointed_on")  # fmt: skip
COMMUNITY = ("id", "name_fr", "name_ar", "is_home", "state")
MEMBERSHIP = ("community_id", "state", "is_home", "answer_by", "answered_at", "channel", "left_at")
CONSENT = ("id", "purpose", "community_id", "state", "text_version", "given_at", "channel", "withdrawn_at")
CANDIDACY = ("election_id", "statement", "gender", "cycle", "appointed_on")
CHOICE = ("id", "community_id", "state", "decided_by", "refusal_reason")
MANDATE = ("id", "name_fr", "name_ar", "mandate_ends_on")
ARCHIVE = ("id", "state", "asked_at", "asked_by", "reason", "completed_at", "kept_until", "deleted_at")


def everything_about(session: Session, principal_id: UUID) -> Iterator[Record]:
    return records(session, [*_person(principal_id), *_belonging(principal_id), *_elections(principal_id)])


def _person(id: UUID) -> Iterator[Holding]:
    yield Holding("entry", select(Principal).where(Principal.id == id), Principal.id, ENTRY)
    yield Holding("consents", select(Consent).where(Consent.principal_id == id), Consent.id, CONSENT)
    yield Holding("archives", select(Archive).where(Archive.principal_id == id), Archive.id, ARCHIVE)


def _belonging(id: UUID) -> Iterator[Holding]:
    mine = Membership.principal_id == id
    theirs = select(Community).where(Community.id.in_(select(Membership.community_id).where(mine)))
    yield Holding("communities", theirs, Community.id, COMMUNITY)
    yield Holding("memberships", select(Membership).where(mine), Membership.id, MEMBERSHIP)
    coordinated = select(Community).where(Community.coordinator_id == id)
    yield Holding("mandates", coordinated, Community.id, MANDATE)


def _elections(id: UUID) -> Iterator[Holding]:
    stood = select(Candidate).where(Candidate.principal_id == id)
    yield Holding("candidacies", stood, Candidate.election_id, CANDIDACY)
    yield Holding("chosen_by_peers", select(Election).where(Election.elected_id == id), Election.id, CHOICE)
    on_roll = select(Voter).where(Voter.principal_id == id)
    yield Holding("votes", on_roll, Voter.election_id, ("election_id", "has_voted"))
