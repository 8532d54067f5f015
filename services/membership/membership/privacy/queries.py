"""Questions about archives and erasure; what this service holds about one person: whether they voted, never what."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, aliased

from membership.communities import FILLED_IN, KEEPS_ITS_KEY, Canvas, Community, Part, Participation, Rules
from membership.elections import Candidate, Election, Voter
from membership.joining import Consent, ConsentState, Membership, Stay, communities_held
from membership.moves import CarriedPrincipal, Transfer, hold_elections_of
from membership.people import Posting, Principal
from membership.planning import Mitigation, PlanPlace, PlanWish
from shared.domain.actor import Actor
from shared.domain.erasure import Traces
from shared.domain.paging import every
from shared.domain.policy import permit
from shared.events import PrincipalRegistered
from shared.messaging.archiving import Holding, Record, records
from shared.messaging.erasure import told_of

from .model import KEPT_FOR, Archive, ArchivePart, ArchiveState

AT_ONCE = 50
HELD = (ArchiveState.GATHERING, ArchiveState.COMPLETE)


def person(session: Session, principal_id: UUID) -> Principal | None:
    """Locked: of two who ask for the same person's archive at once, the second finds that of the first."""
    return session.get(Principal, principal_id, with_for_update=True)


def archive(session: Session, archive_id: UUID, *, lock: bool = False) -> Archive | None:
    return session.get(Archive, archive_id, with_for_update=lock or None)


def visible_archive(session: Session, actor: Actor, archive_id: UUID) -> Archive:
    return permit(session, actor, "show_archive", archive(session, archive_id))


def archive_to_download(session: Session, actor: Actor, archive_id: UUID) -> tuple[Archive, Sequence[ArchivePart]]:
    """A complete one, with its parts in order; one person's, so that they fit in memory."""
    found = permit(session, actor, "download_archive", archive(session, archive_id))
    found.demand_complete()
    parts = select(ArchivePart).where(ArchivePart.archive_id == archive_id)
    return found, session.scalars(parts.order_by(ArchivePart.service, ArchivePart.number)).all()


def held_archives(session: Session, principal_id: UUID) -> Sequence[Archive]:
    """Being gathered, or complete and not yet deleted: one at most of each."""
    mine = select(Archive).where(Archive.principal_id == principal_id, Archive.state.in_(HELD))
    return session.scalars(mine.with_for_update()).all()


def held_archives_near(session: Session, principal_id: UUID) -> Sequence[Archive]:
    """Theirs, and those of all who were ever invited beside them: what peers hold may name them."""
    beside = aliased(Membership)
    theirs = select(Membership.community_id).where(Membership.principal_id == principal_id)
    peers = select(beside.principal_id).where(beside.community_id.in_(theirs))
    near = or_(Archive.principal_id == principal_id, Archive.principal_id.in_(peers))
    return session.scalars(select(Archive).where(Archive.state.in_(HELD), near).with_for_update()).all()


def services_that_answered(session: Session, archive_id: UUID) -> set[str]:
    """Those of which every part is here."""
    told = select(ArchivePart.service).where(ArchivePart.archive_id == archive_id)
    whole = told.group_by(ArchivePart.service).having(func.count() == func.max(ArchivePart.parts))
    return set(session.scalars(whole))


def archives_to_delete(session: Session, before: datetime, most: int) -> Sequence[Archive]:
    over = select(Archive).where(Archive.state == ArchiveState.COMPLETE, Archive.kept_until <= before + KEPT_FOR)
    oldest = over.order_by(Archive.kept_until).limit(min(most, AT_ONCE))
    return session.scalars(oldest.with_for_update(skip_locked=True)).all()


def traces_of(session: Session, principal: Principal) -> Traces:
    """As they are called now, and as they were called whenever that was told."""
    told = told_of(session, PrincipalRegistered, principal.id)
    return Traces(
        [principal.name_fr, *(entry["name_fr"] for entry in told)],
        [principal.name_ar, *(entry["name_ar"] for entry in told)],
        [principal.email, principal.phone, principal.ppr, *(entry["email"] for entry in told)],
    )


def memberships_of(session: Session, principal_id: UUID) -> Sequence[Membership]:
    return session.scalars(select(Membership).where(Membership.principal_id == principal_id)).all()


def person_to_erase(session: Session, principal_id: UUID) -> Principal | None:
    """Locked after their communities and the elections there: the order of locks is the same everywhere."""
    community_ids = [membership.community_id for membership in memberships_of(session, principal_id)]
    communities_held(session, community_ids)
    hold_elections_of(session, community_ids)
    return session.get(Principal, principal_id, with_for_update=KEEPS_ITS_KEY)


def given_consents(session: Session, principal_id: UUID) -> Sequence[Consent]:
    mine = (Consent.principal_id == principal_id) & (Consent.state == ConsentState.GIVEN)
    return session.scalars(select(Consent).where(mine)).all()


def candidacies(session: Session, principal_id: UUID) -> Sequence[Candidate]:
    return session.scalars(select(Candidate).where(Candidate.principal_id == principal_id)).all()


def candidates_in(session: Session, community_ids: Sequence[UUID]) -> Iterator[Candidate]:
    elections = select(Election.id).where(Election.community_id.in_(community_ids))
    return session.scalars(select(Candidate).where(Candidate.election_id.in_(elections))).yield_per(200)


def elections_in(session: Session, community_ids: Sequence[UUID]) -> Iterator[Election]:
    return every(session, select(Election).where(Election.community_id.in_(community_ids)), Election.id)


def written_about_communities(
    session: Session, principal: Principal, community_ids: Collection[UUID]
) -> Iterator[Canvas | Community | Rules]:
    """Where they were ever invited; and whatever else their Delegation has thought of, since it may name key people."""
    theirs = (Canvas.delegation_id == principal.delegation_id) | (Canvas.principal_id == principal.id)
    yield from every(session, select(Canvas).where(theirs | Canvas.community_id.in_(community_ids)), Canvas.id)
    yield from every(session, select(Rules).where(Rules.community_id.in_(community_ids)), Rules.id)
    yield from session.scalars(select(Community).where(Community.id.in_(community_ids)))


def every_archive_part(session: Session) -> Iterator[ArchivePart]:
    """Of everybody: what is kept for a week may quote whoever is erased today."""
    return session.scalars(select(ArchivePart).order_by(ArchivePart.archive_id)).yield_per(10)


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
