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


def keep_unit(session: Session, event: DelegationRegistered) -> None:
    units.place(session, event.delegation_id, event.academy_id)


def keep_recipient(session: Session, event: PrincipalRegistered) -> None:
    projections.keep_recipient(session, event)


def keep_community(session: Session, event: CommunityPlanned) -> None:
    projections.keep_community(session, event)


def keep_place(session: Session, event: CommunityMoved) -> None:
    projections.keep_place(queries.community(session, event.community_id), event)


def keep_officer(session: Session, event: OfficerAppointed) -> None:
    projections.keep_officer(session, event)


def let_officer_go(session: Session, event: OfficerWithdrawn) -> None:
    projections.let_officer_go(session, event)


def tell_members_of_life(session: Session, event: CommunityActivated) -> None:
    community = queries.community(session, event.community_id)
    _write(session, queries.member_ids(session, community.id), letters.community_activated(event, community))


def warn_officers(session: Session, event: CommunitySilent) -> None:
    community = queries.community(session, event.community_id)
    officers = queries.officer_ids(session, event.delegation_id)
    _write(session, officers, letters.community_silent(event, community))


def tell_officers_of_sleep(session: Session, event: CommunityWentDormant) -> None:
    community = queries.community(session, event.community_id)
    officers = queries.officer_ids(session, event.delegation_id)
    _write(session, officers, letters.community_went_dormant(event, community))


def tell_members_of_end(session: Session, event: CommunityDissolved) -> None:
    community = queries.community(session, event.community_id)
    _write(session, queries.member_ids(session, community.id), letters.community_dissolved(event, community))


def ask_who_may_admit(session: Session, event: JoinRequested) -> None:
    community = queries.community(session, event.community_id)
    asking = queries.recipient(session, event.principal_id)
    deciding = queries.who_may_admit(session, community)
    _write(session, deciding, letters.join_requested(event, community, asking))


def tell_principal_of_refusal(session: Session, event: JoinRefused) -> None:
    community = queries.community(session, event.community_id)
    _write(session, [event.principal_id], letters.join_refused(event, community))


def tell_principal_of_lapse(session: Session, event: JoinLapsed) -> None:
    community = queries.community(session, event.community_id)
    _write(session, [event.principal_id], letters.join_lapsed(event, community))


def tell_members_of_rules(session: Session, event: RulesAdopted) -> None:
    community = queries.community(session, event.community_id)
    _write(session, queries.member_ids(session, community.id), letters.rules_adopted(event, community))


def tell_principal_of_transfer(session: Session, event: PrincipalTransferred) -> None:
    readers = [] if event.absence in UNREACHABLE else [event.principal_id]
    _write(session, readers, letters.principal_transferred(event))


def invite_member(session: Session, event: MemberInvited) -> None:
    community = queries.community(session, event.community_id)
    _write(session, [event.principal_id], letters.member_invited(event, community))


def keep_member(session: Session, event: MemberJoined) -> None:
    projections.keep_member(session, event)


def welcome_member(session: Session, event: MemberJoined) -> None:
    community = queries.community(session, event.community_id)
    _write(session, [event.principal_id], letters.member_joined(event, community))


def forget_member(session: Session, event: MemberLeft) -> None:
    projections.forget_member(session, event)


def call_voters(session: Session, event: ElectionOpened) -> None:
    community = queries.community(session, event.community_id)
    _write(session, event.voter_ids, letters.election_opened(event, community))


def tell_members_of_failed_election(session: Session, event: ElectionFailed) -> None:
    community = queries.community(session, event.community_id)
    members = queries.member_ids(session, event.community_id)
    _write(session, members, letters.election_failed(event, community))


def tell_members_of_abandoned_election(session: Session, event: ElectionAbandoned) -> None:
    """Of what ended with its community they are told with its end."""
    community = queries.community(session, event.community_id)
    readers = queries.member_ids(session, community.id) if event.reason == NOBODY_STANDS else []
    _write(session, readers, letters.election_abandoned(event, community))


def tell_members_and_officers_of_choice(session: Session, event: CoordinatorElected) -> None:
    """Officers, who have something to do, first: nobody is written to twice about one event."""
    community = queries.community(session, event.community_id)
    chosen = queries.recipient(session, event.principal_id)
    members = queries.member_ids(session, event.community_id)
    officers = queries.officer_ids(session, event.delegation_id)
    _write(session, officers, letters.confirmation_awaited(event, community, chosen))
    _write(session, members, letters.coordinator_elected(event, community, chosen))


def keep_coordinator(session: Session, event: CoordinatorConfirmed) -> None:
    projections.keep_coordinator(queries.community(session, event.community_id), event)


def tell_members_of_coordinator(session: Session, event: CoordinatorConfirmed) -> None:
    community = queries.community(session, event.community_id)
    chosen = queries.recipient(session, event.principal_id)
    members = queries.member_ids(session, event.community_id)
    _write(session, members, letters.coordinator_confirmed(event, community, chosen))


def tell_members_of_refusal(session: Session, event: CoordinatorRefused) -> None:
    community = queries.community(session, event.community_id)
    chosen = queries.recipient(session, event.principal_id)
    members = queries.member_ids(session, event.community_id)
    _write(session, members, letters.coordinator_refused(event, community, chosen))


def invite_members(session: Session, event: MeetingScheduled) -> None:
    community = queries.community(session, event.community_id)
    convener = queries.recipient_if_known(session, event.convener_id)
    _write(session, event.invitee_ids, letters.meeting_scheduled(event, community, convener))


def tell_invitees_of_new_date(session: Session, event: MeetingRescheduled) -> None:
    community = queries.community(session, event.community_id)
    convener = queries.recipient_if_known(session, event.convener_id)
    _write(session, event.invitee_ids, letters.meeting_rescheduled(event, community, convener))


def tell_invitees_of_cancellation(session: Session, event: MeetingCancelled) -> None:
    community = queries.community(session, event.community_id)
    convener = queries.recipient_if_known(session, event.convener_id)
    _write(session, event.invitee_ids, letters.meeting_cancelled(event, community, convener))


def send_minutes(session: Session, event: MinutesPublished) -> None:
    community = queries.community(session, event.community_id)
    _write(session, event.reader_ids, letters.minutes_published(event, community))


def tell_readers_of_practice(session: Session, event: PracticePublished) -> None:
    community = queries.community(session, event.community_id)
    _write(session, event.reader_ids, letters.practice_published(event, community))


def erase_person(session: Session, event: PrincipalErased) -> None:
    use_cases.erase_person(session, event)


def forget_recipient(session: Session, event: PrincipalErased) -> None:
    projections.forget_recipient(session, event)


def gather_archive(session: Session, event: ArchiveAsked) -> None:
    use_cases.gather_archive(session, event)


def tell_person_of_archive(session: Session, event: ArchiveCompleted) -> None:
    _write(session, [event.principal_id], letters.archive_completed(event))


def blank_archive(session: Session, event: ArchiveDeleted) -> None:
    use_cases.blank_archive(session, event)


def revoke_links(session: Session, event: LinksRevoked) -> None:
    use_cases.revoke_links(session, event)


def _write(session: Session, recipient_ids: Collection[UUID], letter: letters.Letter) -> None:
    """The event being handled is the one that the letter is about, and that nobody is written to about twice."""
    use_cases.notify(session, UUID(current.get().cause), recipient_ids, letter)


subscriptions = Subscriptions(
    "notifications.mail",
    before_keeping={
        PrincipalErased: erase_person,
    },
    keeps={
        DelegationRegistered: keep_unit,
        PrincipalRegistered: keep_recipient,
        CommunityPlanned: keep_community,
        CommunityMoved: keep_place,
        OfficerAppointed: keep_officer,
        OfficerWithdrawn: let_officer_go,
        MemberJoined: keep_member,
        MemberLeft: forget_member,
        CoordinatorConfirmed: keep_coordinator,
        PrincipalErased: forget_recipient,
    },
    on={
        CommunityActivated: tell_members_of_life,
        CommunitySilent: warn_officers,
        CommunityWentDormant: tell_officers_of_sleep,
        CommunityDissolved: tell_members_of_end,
        JoinRequested: ask_who_may_admit,
        JoinRefused: tell_principal_of_refusal,
        JoinLapsed: tell_principal_of_lapse,
        RulesAdopted: tell_members_of_rules,
        PrincipalTransferred: tell_principal_of_transfer,
        MemberInvited: invite_member,
        MemberJoined: welcome_member,
        ElectionOpened: call_voters,
        ElectionFailed: tell_members_of_failed_election,
        ElectionAbandoned: tell_members_of_abandoned_election,
        CoordinatorElected: tell_members_and_officers_of_choice,
        CoordinatorConfirmed: tell_members_of_coordinator,
        CoordinatorRefused: tell_members_of_refusal,
        MeetingScheduled: invite_members,
        MeetingRescheduled: tell_invitees_of_new_date,
        MeetingCancelled: tell_invitees_of_cancellation,
        MinutesPublished: send_minutes,
        PracticePublished: tell_readers_of_practice,
        ArchiveAsked: gather_archive,
        ArchiveCompleted: tell_person_of_archive,
        ArchiveDeleted: blank_archive,
        LinksRevoked: revoke_links,
    },
)
