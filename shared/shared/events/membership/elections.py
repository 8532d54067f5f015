"""What membership tells of elections: votes, and coordinators."""

from datetime import date
from uuid import UUID

from shared.events._declare import Moment, event
from shared.events._personal import CommunityId, NameAr, NameFr, PersonId, Words


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


@event("membership.election_abandoned.v1")
class ElectionAbandoned:
    """It came to nothing. `reason`: nobody_stands, and another can be called; or dissolved, with its community.

    At first no reason was told.
    """

    election_id: UUID
    community_id: UUID
    reason: str | None = None
