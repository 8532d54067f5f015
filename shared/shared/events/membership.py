"""What the membership service tells: people, communities, elections."""

from datetime import date
from uuid import UUID

from ._declare import Moment, event
from ._personal import CommunityId, Email, NameAr, NameFr, PersonId, Traceable, Words, YearOnly


@event("membership.academy_registered.v1")
class AcademyRegistered:
    """An academy (region) was entered or its names were corrected."""

    academy_id: UUID
    code: str
    name_fr: str
    name_ar: str


@event("membership.delegation_registered.v1")
class DelegationRegistered:
    """A Délégation was entered, corrected, or placed under an academy: how far the academy's reach goes."""

    delegation_id: UUID
    code: str
    name_fr: str
    name_ar: str
    academy_id: UUID | None = None


@event("membership.school_registered.v1")
class SchoolRegistered:
    """A school was entered or its entry was corrected; a satellite names its main school's code."""

    school_id: UUID
    delegation_id: UUID
    code: str
    main_code: str
    cycle: str
    name_fr: str
    name_ar: str


@event("membership.principal_registered.v1")
class PrincipalRegistered:
    """A principal was entered or their entry was corrected. The one event that carries an address."""

    principal_id: PersonId
    delegation_id: UUID
    school_code: Traceable
    cycle: str
    name_fr: NameFr
    name_ar: NameAr
    gender: str
    language: str
    email: Email
    appointed_on: YearOnly


@event("membership.principal_erased.v1")
class PrincipalErased:
    """Nothing of this person may be left anywhere but the id. The communities are all they were ever invited to."""

    principal_id: UUID
    community_ids: list[UUID]
    erased_at: Moment


@event("membership.links_revoked.v1")
class LinksRevoked:
    """Somebody took back the links in all mails that were written to them until this moment."""

    principal_id: UUID
    revoked_at: Moment


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
    """`left_at` tells a leaving from before a later return, heard again, from a new one. At first it was not told."""

    community_id: UUID
    principal_id: UUID
    left_at: Moment | None = None


@event("membership.companion_given.v1")
class CompanionGiven:
    """From now on this person accompanies the community: sees what its members let them see, never votes."""

    community_id: UUID
    companion_id: UUID
    given_at: Moment


@event("membership.companion_withdrawn.v1")
class CompanionWithdrawn:
    community_id: UUID
    companion_id: UUID
    withdrawn_at: Moment


@event("membership.election_opened.v1")
class ElectionOpened:
    """A vote is open. Who may vote is told; who has voted, and what, never leaves the service."""

    election_id: UUID
    community_id: UUID
    voter_ids: list[UUID]
    closes_at: Moment


@event("membership.election_failed.v1")
class ElectionFailed:
    """A vote closed without a result: too few voted, or nobody stood."""

    election_id: UUID
    community_id: UUID
    voted: int
    needed: int


@event("membership.coordinator_elected.v1")
class CoordinatorElected:
    """The peers have chosen; the choice counts only once the Délégation has confirmed it."""

    election_id: UUID
    community_id: UUID
    delegation_id: UUID
    principal_id: UUID
    voted: int
    entitled: int
    decided_by: str


@event("membership.coordinator_confirmed.v1")
class CoordinatorConfirmed:
    community_id: UUID
    principal_id: PersonId
    name_fr: NameFr
    name_ar: NameAr
    mandate_ends_on: date


@event("membership.coordinator_refused.v1")
class CoordinatorRefused:
    """The Délégation declined the choice, with a reason; the community votes again."""

    community_id: CommunityId
    principal_id: UUID
    reason: Words


@event("membership.archive_asked.v1")
class ArchiveAsked:
    """Somebody is owed a copy of their data: each service answers with the parts that it holds."""

    archive_id: UUID
    principal_id: UUID


@event("membership.archive_completed.v1")
class ArchiveCompleted:
    """All services have answered; the archive can be read until `kept_until`."""

    archive_id: UUID
    principal_id: UUID
    kept_until: Moment


@event("membership.archive_deleted.v1")
class ArchiveDeleted:
    """The archive is gone; whoever told a part of it blanks what was told."""

    archive_id: UUID
    principal_id: UUID
