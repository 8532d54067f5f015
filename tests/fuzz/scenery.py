"""What a world needs besides, so that every operation can succeed: things in each state, and dead letters."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

from permissions import meetings_world, practices_world
from permissions.matrix import Sample, World

from shared.events import ArchiveAsked, DelegationRegistered
from shared.messaging.inbox_row import InboxRow, Status
from shared.messaging.leadership import Leadership
from shared.messaging.log import Stamper

from .beforehand import made, named
from .membership_scenery import of_membership


def prepare(world: World) -> list[Sample]:
    """Requests that succeed in what was added to the world."""
    additions = [*_dead_letters(world), *ADDITIONS[world.driven.service.name](world)]
    sessions = world.driven.sessions
    Stamper(sessions, Leadership(sessions.engine, "log")).stamp()  # or there is no log to be shown
    return additions


def _dead_letters(world: World) -> list[Sample]:
    letters = [_letter(world.driven.service.subscriptions.name) for _ in range(3)]
    with world.driven.sessions.transaction() as session:
        session.add_all(letters)
        paths = [f"/v1/dead-letters/{letter.message_id}" for letter in letters]
    why = {"reason": "mended"}
    first, second, third = paths
    return [Sample("GET", first), Sample("POST", f"{second}/replay", why), Sample("POST", f"{third}/discard", why)]


def _letter(subscription: str) -> InboxRow:
    now = datetime.now(UTC)
    return InboxRow(
        subscription=subscription,
        message_id=uuid4(),
        type=DelegationRegistered.wire_type,
        partition_key=uuid4().hex,
        status=Status.DEAD,
        attempts=21,
        received_at=now,
        died_at=now,
        payload="{}",
        exception="ValueError",
        error="ValueError: no such bell",
    )


def _of_meetings(world: World) -> list[Sample]:
    """One that is planned, and one that was held and has a draft of minutes."""
    coordinator = named(world, "the coordinator")
    community = world.samples["plan_meeting"].path
    planned, held = (made(world, coordinator, community, meetings_world.PLAN) for _ in range(2))
    when, minutes = world.samples["schedule_meeting"].json, meetings_world.MINUTES
    for step, body in (
        ("schedule", when),
        ("hold", {"present_ids": [str(coordinator.id)]}),
        ("minutes", minutes),
    ):
        made(world, coordinator, f"/v1/meetings/{held}/{step}", body)
    return [
        Sample("POST", f"/v1/meetings/{planned}/schedule", when),
        Sample("POST", f"/v1/meetings/{held}/minutes", minutes),
        Sample("POST", f"/v1/meetings/{held}/minutes/publish"),
    ]


def _of_practices(world: World) -> list[Sample]:
    """One that is a draft."""
    author = named(world, "the author")
    draft = made(world, author, world.samples["draft_practice"].path, practices_world.TEXT)
    path, revision = f"/v1/practices/{draft}", world.samples["revise_practice"].json
    return [Sample("GET", path), Sample("POST", f"{path}/revise", revision), Sample("POST", f"{path}/publish")]


def _of_notifications(world: World) -> list[Sample]:
    """An event of its own: without one it has no log to show."""
    world.driven.hear(ArchiveAsked(archive_id=uuid4(), principal_id=named(world, "the reader").id))
    assert world.driven.told()
    return []


ADDITIONS: dict[str, Callable[[World], list[Sample]]] = {
    "membership": of_membership,
    "meetings": _of_meetings,
    "practices": _of_practices,
    "notifications": _of_notifications,
}
