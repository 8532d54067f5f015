"""What membership tells of the organisation: academies, Delegations, zones, schools."""

from datetime import date
from uuid import UUID

from shared.events._declare import event


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
    zone_id: UUID | None = None


@event("membership.zone_registered.v1")
class ZoneRegistered:
    """A zone was entered, corrected or placed elsewhere; `parent_id` is its Delegation or a zone around it."""

    zone_id: UUID
    delegation_id: UUID
    parent_id: UUID
    code: str
    kind: str
    name_fr: str
    name_ar: str


@event("membership.unit_closed.v1")
class UnitClosed:
    """A unit of any level is no more from that day on; what lay below it has been placed elsewhere before."""

    unit_id: UUID
    level: str
    closed_on: date


@event("membership.unit_reopened.v1")
class UnitReopened:
    """What closed a unit was taken back."""

    unit_id: UUID
    level: str
