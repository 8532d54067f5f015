"""The letters: one function per event, named like its template, saying what the template may speak of."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from notifications.model import Rendered
from notifications.projections import Community, Recipient
from notifications.settings import MailSettings
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

from . import calendar, wording
from .calendar import Entry
from .layout import dress
from .offers import Offer, address, addresses, to_unsubscribe


@dataclass(frozen=True)
class Letter:
    """What is to be said about one event, whoever reads it.

    `kind` names the templates, `path` is where in the portal the reader can act, `zone` is where times are told;
    `entry` makes the reader's calendar entry, where there is something to attend; `offers` is what can be done from
    the mail itself.
    """

    kind: str
    path: str
    facts: dict[str, Any]
    zone: str | None = None
    entry: Callable[..., Entry] | None = None
    offers: Sequence[Offer] = ()

    @property
    def community_id(self) -> UUID | None:
        """In which community it was that it speaks of."""
        return self.facts["community"].id if "community" in self.facts else None

    def render(self, recipient: Recipient, settings: MailSettings) -> Rendered:
        link, now = settings.portal_url.rstrip("/") + self.path, datetime.now(UTC)
        acts = addresses(self.offers, recipient, settings, now)
        no_more = to_unsubscribe(self.kind, now)
        unsubscribe = no_more and address(no_more, recipient, settings, now)
        facts = {"reader": recipient, "link": link, "act": acts, "zone": self.zone or settings.zone, **self.facts}
        subject, body = self._words(recipient.reads, facts, unsubscribe)
        html = dress(subject, body, language=recipient.reads, links=[link, *acts.values(), unsubscribe])
        return self._with_entry(Rendered(subject, body, html, unsubscribe_url=unsubscribe), recipient, settings, link)

    def _words(self, language: str, facts: dict[str, Any], unsubscribe: str | None) -> tuple[str, str]:
        """The last paragraph says why the letter came, and how no other like it comes."""
        subject, _, body = wording.compose(self.kind, language, **facts).partition("\n\n")
        footer = wording.compose("footer", language, unsubscribe=unsubscribe)
        return subject, f"{body}\n{footer}"

    def _with_entry(self, content: Rendered, recipient: Recipient, settings: MailSettings, link: str) -> Rendered:
        if self.entry is None:
            return content
        entry = self.entry(recipient, link=link, sender=settings.mail_from, stamped_at=datetime.now(UTC))
        return replace(content, calendar=entry.text, calendar_method=entry.method)


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
