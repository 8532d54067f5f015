"""What membership tells of communities: who joins, who leaves, how they live and end."""

from datetime import date
from uuid import UUID

from shared.events._declare import Moment, event
from shared.events._personal import CommunityId, NameAr, NameFr, PersonId, Words


@event("membership.community_planned.v1")
class CommunityPlanned:
    community_id: UUID
    delegation_id: UUID
    name_fr: str
    name_ar: str


@event("membership.member_invited.v1")
class MemberInvited:
    community_id: UUID
    principal_id: UUID
    answer_by: Moment


@event("membership.invitation_declined.v1")
class InvitationDeclined:
    community_id: UUID
    principal_id: UUID


@event("membership.invitation_lapsed.v1")
class InvitationLapsed:
    community_id: UUID
    principal_id: UUID


@event("membership.member_joined.v1")
class MemberJoined:
    """A principal said yes. The name travels along, so that rosters elsewhere can be read by people."""

    community_id: UUID
    principal_id: PersonId
    name_fr: NameFr
    name_ar: NameAr
    joined_at: Moment


@event("membership.member_left.v1")
class MemberLeft:
    """`left_at` tells a leaving from before a later return, heard again, from a new one. At first neither was told.

    `reason`: left, transferred, dissolved or erased.
    """

    community_id: UUID
    principal_id: UUID
    left_at: Moment | None = None
    reason: str | None = None


@event("membership.community_moved.v1")
class CommunityMoved:
    """The community belongs to another Delegation from now on."""

    community_id: UUID
    delegation_id: UUID


@event("membership.join_requested.v1")
class JoinRequested:
    """A principal asks to be taken in; those who may admit them are told."""

    community_id: UUID
    principal_id: UUID
    requested_at: Moment


@event("membership.join_withdrawn.v1")
class JoinWithdrawn:
    community_id: UUID
    principal_id: UUID


@event("membership.join_lapsed.v1")
class JoinLapsed:
    """Nobody has answered a request, and nobody can any more. `reason`: unanswered in time, or dissolved."""

    community_id: UUID
    principal_id: UUID
    requested_at: Moment
    reason: str


@event("membership.join_refused.v1")
class JoinRefused:
    community_id: CommunityId
    principal_id: UUID
    reason: Words


@event("membership.circle_changed.v1")
class CircleChanged:
    """How close to the core a member is now: by what they take part in, or by their own choice."""

    community_id: UUID
    principal_id: UUID
    circle: str


@event("membership.rules_adopted.v1")
class RulesAdopted:
    """The members have given themselves rules, or new ones."""

    community_id: UUID
    edition: int
    adopted_on: date
    quorum_percent: int
    mandate_months: int
    meeting_rhythm_weeks: int


@event("membership.community_activated.v1")
class CommunityActivated:
    """It lives: met formally, gave itself rules, has a confirmed coordinator. Told again when it awakes."""

    community_id: UUID
    delegation_id: UUID
    activated_at: Moment


@event("membership.community_silent.v1")
class CommunitySilent:
    """A warning before sleep: on `dormant_on` it will be dormant, for this reason, unless something happens."""

    community_id: UUID
    delegation_id: UUID
    reason: str
    dormant_on: date


@event("membership.community_went_dormant.v1")
class CommunityWentDormant:
    community_id: UUID
    delegation_id: UUID
    reason: str


@event("membership.community_dissolved.v1")
class CommunityDissolved:
    """Decided, with a reason. Its practices stay; its members have left with it."""

    community_id: CommunityId
    delegation_id: UUID
    reason: Words
