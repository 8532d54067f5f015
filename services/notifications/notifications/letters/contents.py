"""What letters say: one function for each, named like its template, of what the table lets it speak of."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from notifications.people import Community, Recipient
from shared.events import (
    ArchiveCompleted,
    CommunityActivated,
    CommunityDissolved,
    CommunitySilent,
    CommunityWentDormant,
    CoordinatorConfirmed,
    CoordinatorElected,
    CoordinatorRefused,
    ElectionAbandoned,
    ElectionFailed,
    ElectionOpened,
    JoinLapsed,
    JoinRefused,
    JoinRequested,
    MeetingCancelled,
    MeetingRescheduled,
    MeetingScheduled,
    MemberInvited,
    MemberJoined,
    MinutesPublished,
    PracticePublished,
    PrincipalTransferred,
    RulesAdopted,
)

from . import calendar
from .calendar import Entry
from .letter import Letter
from .offers import Offer


@dataclass(frozen=True)
class Named:
    """Somebody whose name came with the event."""

    name_fr: str
    name_ar: str


def member_invited(event: MemberInvited, community: Community) -> Letter:
    facts = {"community": community, "answer_by": event.answer_by}
    answers = ("accept_invitation", "decline_invitation")
    offers = [Offer("membership", answer, str(community.id), event.answer_by) for answer in answers]
    return Letter("member_invited", f"/communities/{community.id}", facts, offers=offers)


def member_joined(_event: MemberJoined, community: Community) -> Letter:
    return Letter("member_joined", f"/communities/{community.id}", {"community": community})


def election_opened(event: ElectionOpened, community: Community) -> Letter:
    facts = {"community": community, "closes_at": event.closes_at}
    return Letter("election_opened", f"/elections/{event.election_id}", facts)


def election_failed(event: ElectionFailed, community: Community) -> Letter:
    facts = {"community": community, "voted": event.voted, "needed": event.needed}
    return Letter("election_failed", f"/elections/{event.election_id}", facts)


def coordinator_elected(event: CoordinatorElected, community: Community, chosen: Recipient) -> Letter:
    facts = {"community": community, "chosen": chosen, "decided_by": event.decided_by}
    turnout = {"voted": event.voted, "entitled": event.entitled}
    return Letter("coordinator_elected", f"/elections/{event.election_id}", facts | turnout)


def coordinator_confirmed(event: CoordinatorConfirmed, community: Community, chosen: Recipient) -> Letter:
    facts = {"community": community, "chosen": chosen, "mandate_ends_on": event.mandate_ends_on}
    return Letter("coordinator_confirmed", f"/communities/{community.id}", facts)


def coordinator_refused(event: CoordinatorRefused, community: Community, chosen: Recipient) -> Letter:
    facts = {"community": community, "chosen": chosen, "reason": event.reason}
    return Letter("coordinator_refused", f"/communities/{community.id}", facts)


def meeting_scheduled(event: MeetingScheduled, community: Community, convener: Recipient | None) -> Letter:
    return _about_meeting("meeting_scheduled", event, community, convener, calendar.request)


def meeting_rescheduled(event: MeetingRescheduled, community: Community, convener: Recipient | None) -> Letter:
    return _about_meeting("meeting_rescheduled", event, community, convener, calendar.request)


def meeting_cancelled(event: MeetingCancelled, community: Community, convener: Recipient | None) -> Letter:
    return _about_meeting("meeting_cancelled", event, community, convener, calendar.cancellation)


def _about_meeting(
    kind: str,
    event: MeetingScheduled | MeetingRescheduled | MeetingCancelled,
    community: Community,
    convener: Recipient | None,
    make_entry: Callable[..., Entry],
) -> Letter:
    facts = {"event": event, "community": community, "convener": convener}
    entry = partial(make_entry, event, community, convener)
    offers = [Offer("meetings", "answer_invitation", str(event.meeting_id), event.ends_at)]
    return Letter(kind, f"/meetings/{event.meeting_id}", facts, zone=event.zone, entry=entry, offers=offers)


def minutes_published(event: MinutesPublished, community: Community) -> Letter:
    facts = {"event": event, "community": community}
    return Letter("minutes_published", f"/meetings/{event.meeting_id}", facts, zone=event.zone)


def practice_published(event: PracticePublished, community: Community) -> Letter:
    facts = {"event": event, "community": community, "author": Named(event.author_name_fr, event.author_name_ar)}
    return Letter("practice_published", f"/practices/{event.practice_id}", facts)


def confirmation_awaited(event: CoordinatorElected, community: Community, chosen: Recipient) -> Letter:
    """The same event, for those who are to confirm it."""
    facts = {"community": community, "chosen": chosen, "voted": event.voted, "entitled": event.entitled}
    return Letter("confirmation_awaited", f"/elections/{event.election_id}", facts)


def community_activated(_event: CommunityActivated, community: Community) -> Letter:
    return Letter("community_activated", f"/communities/{community.id}", {"community": community})


def community_silent(event: CommunitySilent, community: Community) -> Letter:
    facts = {"community": community, "reason": event.reason, "dormant_on": event.dormant_on}
    return Letter("community_silent", f"/communities/{community.id}", facts)


def community_went_dormant(event: CommunityWentDormant, community: Community) -> Letter:
    facts = {"community": community, "reason": event.reason}
    return Letter("community_went_dormant", f"/communities/{community.id}", facts)


def community_dissolved(event: CommunityDissolved, community: Community) -> Letter:
    """It leads to the communities nearby: who belonged to this one sees it no more."""
    facts = {"community": community, "reason": event.reason}
    return Letter("community_dissolved", "/communities", facts)


def rules_adopted(event: RulesAdopted, community: Community) -> Letter:
    return Letter("rules_adopted", f"/communities/{community.id}/rules", {"community": community, "event": event})


def election_abandoned(_event: ElectionAbandoned, community: Community) -> Letter:
    return Letter("election_abandoned", f"/communities/{community.id}", {"community": community})


def join_requested(_event: JoinRequested, community: Community, asking: Recipient) -> Letter:
    return Letter("join_requested", f"/communities/{community.id}", {"community": community, "asking": asking})


def join_refused(event: JoinRefused, community: Community) -> Letter:
    facts = {"community": community, "reason": event.reason}
    return Letter("join_refused", "/communities", facts)


def join_lapsed(event: JoinLapsed, community: Community) -> Letter:
    facts = {"community": community, "requested_at": event.requested_at, "reason": event.reason}
    return Letter("join_lapsed", "/communities", facts)


def principal_transferred(event: PrincipalTransferred) -> Letter:
    return Letter("principal_transferred", "/communities", {"event": event})


def archive_completed(event: ArchiveCompleted) -> Letter:
    """Nothing of what is in it: it is read where its person is identified."""
    return Letter("archive_completed", f"/archives/{event.archive_id}", {"kept_until": event.kept_until})
