"""Meetings of one community, and whoever could ask for them."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from meetings.app import service
from shared.domain.actor import Role
from shared.events import CommunityPlanned, CompanionGiven, CoordinatorConfirmed, DelegationRegistered, MemberJoined
from shared.testing.harness import Driven

from .matrix import Person, Sample, World, officers

PLAN = {
    "subject": "Evaluer autrement",
    "activity": "case_discussion",
    "modality": "hybrid",
    "agenda": [],
    "duration_minutes": 90,
    "zone": "Africa/Casablanca",
}
MINUTES = {"summary": "Nous avons appris.", "discussion": "Entre nous.", "decisions": [], "actions": []}
NAMES = {"name_fr": "Atlas", "name_ar": "أطلس"}
SERVICE = service
SETTINGS = {"may_be_held_early": 1}


def world(driven: Driven) -> World:
    academy, delegation, community, companion = (uuid4() for _ in range(4))
    coordinator, member = uuid4(), uuid4()
    began = datetime(2026, 1, 5, tzinfo=UTC)
    driven.hear(
        DelegationRegistered(delegation_id=delegation, code="T", academy_id=academy, **NAMES),
        CommunityPlanned(community_id=community, delegation_id=delegation, **NAMES),
        *(
            MemberJoined(community_id=community, principal_id=who, joined_at=began, **NAMES)
            for who in (coordinator, member)
        ),
        CoordinatorConfirmed(
            community_id=community, principal_id=coordinator, mandate_ends_on=date(2028, 1, 1), **NAMES
        ),
        CompanionGiven(community_id=community, companion_id=companion, given_at=began),
    )
    people = [
        *officers(academy, delegation),
        Person("a member", Role.PRINCIPAL, id=member, stands=frozenset({"member", "themself"})),
        Person("the coordinator", Role.PRINCIPAL, id=coordinator, stands=frozenset({"member", "coordinator"})),
        Person("the companion", Role.COMPANION, id=companion, stands=frozenset({"companion"})),
    ]
    made = World(driven, people, {})
    made.samples |= _samples(community, *_meetings(made, people[-2], community), coordinator)
    return made


def _meetings(world: World, coordinator: Person, community: UUID) -> tuple[UUID, UUID]:
    """One that is scheduled, and one that was held and has published minutes."""
    scheduled, held = (_scheduled(world, coordinator, community) for _ in range(2))
    path = f"/v1/meetings/{held}"
    for step, body, edition in (
        ("hold", {"present_ids": [str(coordinator.id)]}, "*"),
        ("minutes", MINUTES, None),
        ("minutes/publish", None, "*"),
    ):
        answer = world.ask(coordinator, "", Sample("POST", f"{path}/{step}", body, if_match=edition))
        assert answer.status_code == 200, answer.json
    return scheduled, held


def _scheduled(world: World, coordinator: Person, community: UUID) -> UUID:
    planned = world.ask(coordinator, "", Sample("POST", f"/v1/communities/{community}/meetings", PLAN, if_match=None))
    assert planned.status_code == 201, planned.json
    when = {"starts_at": (datetime.now(UTC) + timedelta(days=9)).isoformat(), "place": "Salle 3"}
    answer = world.ask(coordinator, "", Sample("POST", f"/v1/meetings/{planned.json['id']}/schedule", when))
    assert answer.status_code == 200, answer.json
    return UUID(planned.json["id"])


def _samples(community: UUID, scheduled: UUID, held: UUID, coordinator: UUID) -> dict[str, Sample]:
    when = {"starts_at": (datetime.now(UTC) + timedelta(days=20)).isoformat(), "place": "Salle 4"}
    at, ahead, past = f"/v1/communities/{community}", f"/v1/meetings/{scheduled}", f"/v1/meetings/{held}"
    return {
        "get_community": Sample("GET", at, thing=community),
        "list_meetings": Sample("GET", f"{at}/meetings", thing=community),
        "plan_meeting": Sample("POST", f"{at}/meetings", PLAN, community, if_match=None),
        "get_meeting": Sample("GET", ahead, thing=scheduled),
        "schedule_meeting": Sample("POST", f"{ahead}/schedule", when, scheduled),
        "reschedule_meeting": Sample("POST", f"{ahead}/reschedule", {"place": "Salle 5"}, scheduled),
        "answer_invitation": Sample("POST", f"{ahead}/answer", {"answer": "yes", "attendance": "remote"}, scheduled),
        "list_answers": Sample("GET", f"{ahead}/answers", thing=scheduled),
        "hold_meeting": Sample("POST", f"{ahead}/hold", {"present_ids": [str(coordinator)]}, scheduled),
        "cancel_meeting": Sample("POST", f"{ahead}/cancel", {"reason": "Examens"}, scheduled),
        "get_minutes": Sample("GET", f"{past}/minutes", thing=held),
        "write_minutes": Sample("POST", f"{past}/minutes", MINUTES, held),
        "publish_minutes": Sample("POST", f"{past}/minutes/publish", None, held),
    }
