"""What notifications hears: it keeps who is who, and writes to whom an event concerns."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from shared.domain import units
from shared.domain.correlation import current
from shared.events import (
    ArchiveAsked,
    ArchiveCompleted,
    ArchiveDeleted,
    CommunityActivated,
    CommunityDissolved,
    CommunityMoved,
    CommunityPlanned,
    CommunitySilent,
    CommunityWentDormant,
    CoordinatorConfirmed,
    CoordinatorElected,
    CoordinatorRefused,
    DelegationRegistered,
    ElectionAbandoned,
    ElectionFailed,
    ElectionOpened,
    JoinLapsed,
    JoinRefused,
    JoinRequested,
    LinksRevoked,
    MeetingCancelled,
    MeetingRescheduled,
    MeetingScheduled,
    MemberInvited,
    MemberJoined,
    MemberLeft,
    MinutesPublished,
    OfficerAppointed,
    OfficerWithdrawn,
    PracticePublished,
    PrincipalErased,
    PrincipalRegistered,
    PrincipalTransferred,
    RulesAdopted,
)
from shared.messaging.subscriptions import Subscriptions

from . import projections, queries, use_cases
from .mail import letters

UNREACHABLE = ("deceased", "erased")  # why somebody heads no school, and is not written to about it
NOBODY_STANDS = "nobody_stands"  # why an election came to nothing

subscriptions = Subscriptions("notifications.mail")


@subscriptions.keeps(DelegationRegistered)
def keep_unit(event: DelegationRegistered, session: Session) -> None:
    units.place(session, event.delegation_id, event.academy_id)


@subscriptions.keeps(PrincipalRegistered)
def keep_recipient(event: PrincipalRegistered, session: Session) -> None:
    projections.keep_recipient(session, event)


@subscriptions.keeps(CommunityPlanned)
def keep_community(event: CommunityPlanned, session: Session) -> None:
    projections.keep_community(session, event)


@subscriptions.keeps(CommunityMoved)
def keep_place(event: CommunityMoved, session: Session) -> None:
    projections.keep_place(queries.community(session, event.community_id), event)


@subscriptions.keeps(OfficerAppointed)
def keep_officer(event: OfficerAppointed, session: Session) -> None:
    projections.keep_officer(session, event)


@subscriptions.keeps(OfficerWithdrawn)
def let_officer_go(event: OfficerWithdrawn, session: Session) -> None:
    projections.let_officer_go(session, event)


@subscriptions.on(CommunityActivated)
def tell_members_of_life(event: CommunityActivated, session: Session) -> None:
    community = queries.community(session, event.community_id)
    _write(session, queries.member_ids(session, community.id), letters.community_activated(event, community))


@subscriptions.on(CommunitySilent)
def warn_officers(event: CommunitySilent, session: Session) -> None:
    community = queries.community(session, event.community_id)
    officers = queries.officer_ids(session, event.delegation_id)
    _write(session, officers, letters.community_silent(event, community))


@subscriptions.on(CommunityWentDormant)
def tell_officers_of_sleep(event: CommunityWentDormant, session: Session) -> None:
    community = queries.community(session, event.community_id)
    officers = queries.officer_ids(session, event.delegation_id)
    _write(session, officers, letters.community_went_dormant(event, community))


@subscriptions.on(CommunityDissolved)
def tell_members_of_end(event: CommunityDissolved, session: Session) -> None:
    community = queries.community(session, event.community_id)
    _write(session, queries.member_ids(session, community.id), letters.community_dissolved(event, community))


@subscriptions.on(JoinRequested)
def ask_who_may_admit(event: JoinRequested, session: Session) -> None:
    community = queries.community(session, event.community_id)
    asking = queries.recipient(session, event.principal_id)
    deciding = queries.who_may_admit(session, community)
    _write(session, deciding, letters.join_requested(event, community, asking))


@subscriptions.on(JoinRefused)
def tell_principal_of_refusal(event: JoinRefused, session: Session) -> None:
    community = queries.community(session, event.community_id)
    _write(session, [event.principal_id], letters.join_refused(event, community))


@subscriptions.on(JoinLapsed)
def tell_principal_of_lapse(event: JoinLapsed, session: Session) -> None:
    community = queries.community(session, event.community_id)
    _write(session, [event.principal_id], letters.join_lapsed(event, community))


@subscriptions.on(RulesAdopted)
def tell_members_of_rules(event: RulesAdopted, session: Session) -> None:
    community = queries.community(session, event.community_id)
    _write(session, queries.member_ids(session, community.id), letters.rules_adopted(event, community))


@subscriptions.on(PrincipalTransferred)
def tell_principal_of_transfer(event: PrincipalTransferred, session: Session) -> None:
    readers = [] if event.absence in UNREACHABLE else [event.principal_id]
    _write(session, readers, letters.principal_transferred(event))


@subscriptions.on(MemberInvited)
def invite_member(event: MemberInvited, session: Session) -> None:
    community = queries.community(session, event.community_id)
    _write(session, [event.principal_id], letters.member_invited(event, community))


@subscriptions.keeps(MemberJoined)
def keep_member(event: MemberJoined, session: Session) -> None:
    projections.keep_member(session, event)


@subscriptions.on(MemberJoined)
def welcome_member(event: MemberJoined, session: Session) -> None:
    community = queries.community(session, event.community_id)
    _write(session, [event.principal_id], letters.member_joined(event, community))


@subscriptions.keeps(MemberLeft)
def forget_member(event: MemberLeft, session: Session) -> None:
    projections.forget_member(session, event)


@subscriptions.on(ElectionOpened)
def call_voters(event: ElectionOpened, session: Session) -> None:
    community = queries.community(session, event.community_id)
    _write(session, event.voter_ids, letters.election_opened(event, community))


@subscriptions.on(ElectionFailed)
def tell_members_of_failed_election(event: ElectionFailed, session: Session) -> None:
    community = queries.community(session, event.community_id)
    members = queries.member_ids(session, event.community_id)
    _write(session, members, letters.election_failed(event, community))


@subscriptions.on(ElectionAbandoned)
def tell_members_of_abandoned_election(event: ElectionAbandoned, session: Session) -> None:
    """Of what ended with its community they are told with its end."""
    community = queries.community(session, event.community_id)
    readers = queries.member_ids(session, community.id) if event.reason == NOBODY_STANDS else []
    _write(session, readers, letters.election_abandoned(event, community))


@subscriptions.on(CoordinatorElected)
def tell_members_and_officers_of_choice(event: CoordinatorElected, session: Session) -> None:
    """Officers, who have something to do, first: nobody is written to twice about one event."""
    community = queries.community(session, event.community_id)
    chosen = queries.recipient(session, event.principal_id)
    members = queries.member_ids(session, event.community_id)
    officers = queries.officer_ids(session, event.delegation_id)
    _write(session, officers, letters.confirmation_awaited(event, community, chosen))
    _write(session, members, letters.coordinator_elected(event, community, chosen))


@subscriptions.keeps(CoordinatorConfirmed)
def keep_coordinator(event: CoordinatorConfirmed, session: Session) -> None:
    projections.keep_coordinator(queries.community(session, event.community_id), event)


@subscriptions.on(CoordinatorConfirmed)
def tell_members_of_coordinator(event: CoordinatorConfirmed, session: Session) -> None:
    community = queries.community(session, event.community_id)
    chosen = queries.recipient(session, event.principal_id)
    members = queries.member_ids(session, event.community_id)
    _write(session, members, letters.coordinator_confirmed(event, community, chosen))


@subscriptions.on(CoordinatorRefused)
def tell_members_of_refusal(event: CoordinatorRefused, session: Session) -> None:
    community = queries.community(session, event.community_id)
    chosen = queries.recipient(session, event.principal_id)
    members = queries.member_ids(session, event.community_id)
    _write(session, members, letters.coordinator_refused(event, community, chosen))


@subscriptions.on(MeetingScheduled)
def invite_members(event: MeetingScheduled, session: Session) -> None:
    community = queries.community(session, event.community_id)
    convener = queries.recipient_if_known(session, event.convener_id)
    _write(session, event.invitee_ids, letters.meeting_scheduled(event, community, convener))


@subscriptions.on(MeetingRescheduled)
def tell_invitees_of_new_date(event: MeetingRescheduled, session: Session) -> None:
    community = queries.community(session, event.community_id)
    convener = queries.recipient_if_known(session, event.convener_id)
    _write(session, event.invitee_ids, letters.meeting_rescheduled(event, community, convener))


@subscriptions.on(MeetingCancelled)
def tell_invitees_of_cancellation(event: MeetingCancelled, session: Session) -> None:
    community = queries.community(session, event.community_id)
    convener = queries.recipient_if_known(session, event.convener_id)
    _write(session, event.invitee_ids, letters.meeting_cancelled(event, community, convener))


@subscriptions.on(MinutesPublished)
def send_minutes(event: MinutesPublished, session: Session) -> None:
    community = queries.community(session, event.community_id)
    _write(session, event.reader_ids, letters.minutes_published(event, community))


@subscriptions.on(PracticePublished)
def tell_readers_of_practice(event: PracticePublished, session: Session) -> None:
    community = queries.community(session, event.community_id)
    _write(session, event.reader_ids, letters.practice_published(event, community))


@subscriptions.before_keeping(PrincipalErased)
def erase_person(event: PrincipalErased, session: Session) -> None:
    use_cases.erase_person(session, event)


@subscriptions.keeps(PrincipalErased)
def forget_recipient(event: PrincipalErased, session: Session) -> None:
    projections.forget_recipient(session, event)


@subscriptions.on(ArchiveAsked)
def gather_archive(event: ArchiveAsked, session: Session) -> None:
    use_cases.gather_archive(session, event)


@subscriptions.on(ArchiveCompleted)
def tell_person_of_archive(event: ArchiveCompleted, session: Session) -> None:
    _write(session, [event.principal_id], letters.archive_completed(event))


@subscriptions.on(ArchiveDeleted)
def blank_archive(event: ArchiveDeleted, session: Session) -> None:
    use_cases.blank_archive(session, event)


@subscriptions.on(LinksRevoked)
def revoke_links(event: LinksRevoked, session: Session) -> None:
    use_cases.revoke_links(session, event)


def _write(session: Session, recipient_ids: Collection[UUID], letter: letters.Letter) -> None:
    """The event being handled is the one that the letter is about, and that nobody is written to about twice."""
    use_cases.notify(session, UUID(current.get().cause), recipient_ids, letter)
