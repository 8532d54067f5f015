"""The table of letters: about which event who is written to, and what may be spoken of.

`may_refuse`: its reader can switch it off. Who is called to a meeting or to a vote must be reached, and who is owed a
word about their data must get it. `may_wait`: it may stand in a digest, for who prefers one; the others need an answer,
or soon come too late. Of several letters about one event, the first that somebody gets is the only one.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from notifications import people
from notifications.people import Community, Recipient, recipient_if_known
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

from .contents import (
    archive_completed,
    community_activated,
    community_dissolved,
    community_silent,
    community_went_dormant,
    confirmation_awaited,
    coordinator_confirmed,
    coordinator_elected,
    coordinator_refused,
    election_abandoned,
    election_failed,
    election_opened,
    join_lapsed,
    join_refused,
    join_requested,
    meeting_cancelled,
    meeting_rescheduled,
    meeting_scheduled,
    member_invited,
    member_joined,
    minutes_published,
    practice_published,
    principal_transferred,
    rules_adopted,
)
from .letter import Letter
from .readers import (
    invitees,
    members,
    members_if_none_stand,
    officers,
    readers,
    the_person,
    the_reachable_person,
    voters,
    who_may_admit,
)


def community(session: Session, event: Any) -> Community:
    return people.community(session, event.community_id)


def the_principal(session: Session, event: Any) -> Recipient:
    """Who asks, was chosen, was confirmed."""
    return people.recipient(session, event.principal_id)


def convener(session: Session, event: Any) -> Recipient | None:
    return recipient_if_known(session, event.convener_id)


@dataclass(frozen=True)
class Row:
    """One kind of letter about one event."""

    event: type[Any]
    says: Callable[..., Letter]
    to: Callable[[Session, Any], Collection[UUID]]
    speaks_of: tuple[Callable[[Session, Any], Any], ...]
    may_refuse: bool
    may_wait: bool

    @property
    def kind(self) -> str:
        """As its function and its templates are called."""
        return self.says.__name__

    def letter(self, event: Any, *things: Any) -> Letter:
        return replace(self.says(event, *things), may_refuse=self.may_refuse)

    def letter_about(self, session: Session, event: Any) -> Letter:
        return self.letter(event, *(thing(session, event) for thing in self.speaks_of))


# fmt: off
LETTERS = (
    #   about                 what it says            to whom                of what                     refuse wait
    Row(MemberInvited,        member_invited,         the_person,            (community,),               True,  False),
    Row(MemberJoined,         member_joined,          the_person,            (community,),               True,  True),
    Row(JoinRequested,        join_requested,         who_may_admit,         (community, the_principal), True,  False),
    Row(JoinRefused,          join_refused,           the_person,            (community,),               True,  False),
    Row(JoinLapsed,           join_lapsed,            the_person,            (community,),               True,  False),
    Row(PrincipalTransferred, principal_transferred,  the_reachable_person,  (),                         True,  False),
    Row(ElectionOpened,       election_opened,        voters,                (community,),               False, False),
    Row(ElectionFailed,       election_failed,        members,               (community,),               False, False),
    Row(ElectionAbandoned,    election_abandoned,     members_if_none_stand, (community,),               False, False),
    Row(CoordinatorElected,   confirmation_awaited,   officers,              (community, the_principal), True,  False),
    Row(CoordinatorElected,   coordinator_elected,    members,               (community, the_principal), False, False),
    Row(CoordinatorConfirmed, coordinator_confirmed,  members,               (community, the_principal), True,  True),
    Row(CoordinatorRefused,   coordinator_refused,    members,               (community, the_principal), True,  False),
    Row(MeetingScheduled,     meeting_scheduled,      invitees,              (community, convener),      False, False),
    Row(MeetingRescheduled,   meeting_rescheduled,    invitees,              (community, convener),      False, False),
    Row(MeetingCancelled,     meeting_cancelled,      invitees,              (community, convener),      False, False),
    Row(MinutesPublished,     minutes_published,      readers,               (community,),               True,  True),
    Row(PracticePublished,    practice_published,     readers,               (community,),               True,  True),
    Row(CommunityActivated,   community_activated,    members,               (community,),               True,  True),
    Row(CommunitySilent,      community_silent,       officers,              (community,),               True,  True),
    Row(CommunityWentDormant, community_went_dormant, officers,              (community,),               True,  True),
    Row(CommunityDissolved,   community_dissolved,    members,               (community,),               True,  False),
    Row(RulesAdopted,         rules_adopted,          members,               (community,),               True,  True),
    Row(ArchiveCompleted,     archive_completed,      the_person,            (),                         False, False),
)
# fmt: on

OPTIONAL = tuple(row.kind for row in LETTERS if row.may_refuse)
MANDATORY = tuple(sorted(row.kind for row in LETTERS if not row.may_refuse))
EVENTS = tuple(dict.fromkeys(row.event for row in LETTERS))
