"""What membership tells of people: principals, officers, companions."""

from datetime import date
from uuid import UUID

from shared.events._declare import Moment, event
from shared.events._personal import Email, NameAr, NameFr, PersonId, Traceable, YearOnly


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


@event("membership.principal_transferred.v1")
class PrincipalTransferred:
    """A mouvement has taken effect for this person; `absence` says why they head no school, where they do not.

    `community_follows`: their home community was left on that day, as the Delegation chose.
    """

    principal_id: UUID
    from_delegation_id: UUID
    to_delegation_id: UUID
    community_follows: bool
    absence: str | None
    effective_on: date


@event("membership.officer_appointed.v1")
class OfficerAppointed:
    """Somebody acts for a unit, or their entry was corrected. Carries the address: they are written to."""

    officer_id: PersonId
    unit_id: UUID
    level: str
    function: str
    name_fr: NameFr
    name_ar: NameAr
    language: str
    email: Email


@event("membership.officer_withdrawn.v1")
class OfficerWithdrawn:
    """They act for the unit no more."""

    officer_id: UUID
    unit_id: UUID


@event("membership.companion_registered.v1")
class CompanionRegistered:
    """Somebody can accompany communities, or their entry was corrected. Carries the address."""

    companion_id: PersonId
    name_fr: NameFr
    name_ar: NameAr
    language: str
    email: Email
