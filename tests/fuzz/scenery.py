"""What a world needs besides, so that every operation can succeed: things in each state, and dead letters."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from peers import new_community
from permissions import meetings_world, practices_world
from permissions.matrix import Person, Sample, World
from sqlalchemy import select
from sqlalchemy.orm import Session

from membership.model import Archive, Candidate, Community, Cycle, Election, Gender, Membership, Principal
from membership.model.archive import SERVICES
from shared.events import ArchiveAsked, DelegationRegistered
from shared.messaging.inbox_row import InboxRow, Status
from shared.messaging.leadership import Leadership
from shared.messaging.log import Stamper


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


def _of_membership(world: World) -> list[Sample]:
    """An archive to be fetched; communities without an election, with a candidate, that vote, that have elected."""
    voters = [_named(world, "a member").id, _named(world, "the coordinator").id]
    with world.driven.sessions.transaction() as session:
        archive = session.scalars(select(Archive)).one()
        archive.complete_if(set(SERVICES), now=datetime.now(UTC))
        quiet, standing, voting, decided = (_community(session, world, voters) for _ in range(4))
        called, running, elected = (_election(community, voters[0]) for community in (standing, voting, decided))
        for election in (running, elected):
            election.open(voters, closes_at=datetime.now(UTC) + timedelta(days=9), now=datetime.now(UTC))
        session.add_all([called, running, elected])
        for voter in voters:
            elected.vote(voter, choice=voters[0], receipt=uuid4().hex, now=datetime.now(UTC))
        elected.close(None, lot_seed="1")
        session.flush()
        return [
            Sample("POST", f"/v1/communities/{quiet.id}/elections"),
            Sample("POST", f"/v1/elections/{called.id}/open", world.samples["open_election"].json),
            Sample("POST", f"/v1/elections/{running.id}/vote", {"choice": str(voters[0]), "receipt": "r" * 24}),
            Sample("POST", f"/v1/elections/{elected.id}/confirm"),
            Sample("POST", f"/v1/elections/{elected.id}/refuse", {"reason": "Incomplet"}),
        ]


def _community(session: Session, world: World, member_ids: list[UUID]) -> Community:
    community = new_community(_named(world, "the Delegation").unit_id, is_home=False)
    community.form()
    session.add(community)
    session.flush()
    now = datetime.now(UTC)
    for member in session.scalars(select(Principal).where(Principal.id.in_(member_ids))):
        membership = Membership.invite(community, member.id, answer_by=now + timedelta(days=9), now=now)
        membership.accept(member, channel="portal", now=now)
        session.add(membership)
    return community


def _election(community: Community, candidate_id: UUID) -> Election:
    election = Election.call(community, is_under_way=False)
    election.candidates = [
        Candidate(
            principal_id=candidate_id,
            statement="A votre service",
            gender=Gender.FEMALE,
            cycle=Cycle.PRIMARY,
            appointed_on=date(2010, 9, 1),
        )
    ]
    return election


def _of_meetings(world: World) -> list[Sample]:
    """One that is planned, and one that was held and has a draft of minutes."""
    coordinator = _named(world, "the coordinator")
    community = world.samples["plan_meeting"].path
    planned, held = (_made(world, coordinator, community, meetings_world.PLAN) for _ in range(2))
    when, minutes = world.samples["schedule_meeting"].json, meetings_world.MINUTES
    for step, body in (
        ("schedule", when),
        ("hold", {"present_ids": [str(coordinator.id)]}),
        ("minutes", minutes),
    ):
        _made(world, coordinator, f"/v1/meetings/{held}/{step}", body)
    return [
        Sample("POST", f"/v1/meetings/{planned}/schedule", when),
        Sample("POST", f"/v1/meetings/{held}/minutes", minutes),
        Sample("POST", f"/v1/meetings/{held}/minutes/publish"),
    ]


def _of_practices(world: World) -> list[Sample]:
    """One that is a draft."""
    author = _named(world, "the author")
    draft = _made(world, author, world.samples["draft_practice"].path, practices_world.TEXT)
    path, revision = f"/v1/practices/{draft}", world.samples["revise_practice"].json
    return [Sample("GET", path), Sample("POST", f"{path}/revise", revision), Sample("POST", f"{path}/publish")]


def _of_notifications(world: World) -> list[Sample]:
    """An event of its own: without one it has no log to show."""
    world.driven.hear(ArchiveAsked(archive_id=uuid4(), principal_id=_named(world, "the reader").id))
    assert world.driven.told()
    return []


def _made(world: World, person: Person, path: str, body: object) -> str | None:
    sample = Sample("POST", path, body)
    answer = world.ask(person, "", replace(sample, if_match=None))
    answer = world.ask(person, "", sample) if answer.status_code == 428 else answer
    assert answer.status_code in (200, 201), answer.json
    return answer.json.get("id")


def _named(world: World, name: str) -> Person:
    return next(person for person in world.people if person.name == name)


ADDITIONS: dict[str, Callable[[World], list[Sample]]] = {
    "membership": _of_membership,
    "meetings": _of_meetings,
    "practices": _of_practices,
    "notifications": _of_notifications,
}
