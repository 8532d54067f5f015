"""Of membership: things in each state, so that each operation on them can succeed."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from peers import new_community
from permissions.matrix import Sample, World
from permissions.membership_world import ATTITUDES, LATER, NAMES
from sqlalchemy import select
from sqlalchemy.orm import Session

from membership.communities.model.canvas import FILLED_IN, Canvas
from membership.communities.model.community import Community
from membership.elections.model.ballots import Candidate
from membership.elections.model.election import Election
from membership.joining.model.membership import Membership
from membership.organisation.model.organisation import Cycle
from membership.people.model.people import Gender, Principal
from membership.privacy.model import SERVICES, Archive

from .beforehand import done, made, named

WRONG_ROWS = "code,cycle,name_fr,name_ar\nA1,nothing,A,B\n"


def of_membership(world: World) -> list[Sample]:
    return [
        *_of_communities(world),
        *_of_canvases(world),
        *_of_zones(world),
        *_of_imports(world),
        *_of_plans(world),
    ]


def _of_communities(world: World) -> list[Sample]:
    """An archive to be fetched; communities without an election, with a candidate, that vote, that have elected."""
    voters = [named(world, "a member").id, named(world, "the coordinator").id]
    asking = named(world, "a principal of the Delegation").id
    with world.driven.sessions.transaction() as session:
        archive = session.scalars(select(Archive)).one()
        archive.complete_if(set(SERVICES), now=datetime.now(UTC))
        quiet, standing, voting, decided = (_community(session, world, voters) for _ in range(4))
        called, running, elected = (_election(community, voters[0]) for community in (standing, voting, decided))
        for election in (running, elected):
            election.open(voters, closes_at=datetime.now(UTC) + timedelta(days=9), now=datetime.now(UTC))
        session.add_all([called, running, elected])
        session.add(Membership.request(standing, asking, channel="portal", now=datetime.now(UTC)))
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
            Sample("POST", f"/v1/communities/{quiet.id}/requests", {"attitudes": ATTITUDES}),
            Sample("POST", f"/v1/communities/{standing.id}/requests/withdraw"),
        ]


def _community(session: Session, world: World, member_ids: list[UUID]) -> Community:
    community = new_community(named(world, "the Delegation").unit_id, is_home=False)
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


def _of_canvases(world: World) -> list[Sample]:
    """One in which all is thought through."""
    delegation, thoughts = named(world, "the Delegation").unit_id, dict.fromkeys(FILLED_IN, "Tout")
    with world.driven.sessions.transaction() as session:
        canvas = Canvas.draft(delegation, None, now=datetime.now(UTC), **thoughts)
        session.add(canvas)
        session.flush()
        return [Sample("POST", f"/v1/canvases/{canvas.id}/{verb}", {}) for verb in ("found", "discard")]


def _of_zones(world: World) -> list[Sample]:
    """One that was closed, and can be opened again; that it was closed can be undone."""
    officer = named(world, "the Delegation")
    path = f"/v1/delegations/{officer.unit_id}/zones/by-code/Z-9"
    zone = done(world, officer, Sample("PUT", path, {"kind": "school_basin", **NAMES}))["id"]
    closed = done(world, officer, Sample("POST", f"/v1/units/{zone}/close", {"effective_on": "2026-01-01"}))
    return [
        Sample("POST", f"/v1/units/{zone}/open?dry_run=true", {"effective_on": "2026-02-01"}),
        Sample("POST", f"/v1/operations/{closed['operation']['id']}/undo"),
    ]


def _of_imports(world: World) -> list[Sample]:
    """One that was refused, with a report of what was wrong."""
    sent = world.samples["start_import"]
    asked = made(world, named(world, "the Delegation"), sent.path, None, file=WRONG_ROWS, form=sent.form)
    world.driven.work()
    return [Sample("GET", f"/v1/imports/{asked}/{what}") for what in ("report", "faults")]


def _of_plans(world: World) -> list[Sample]:
    """One that is ready, in which somebody was moved by hand."""
    officer, asked = named(world, "the Delegation"), world.samples["ask_plan"]
    path = f"/v1/plans/{made(world, officer, asked.path, asked.json)}"
    world.driven.work()
    moves = world.samples["move_places"].json
    done(world, officer, Sample("POST", f"{path}/moves", moves))
    (moved,) = moves["moves"]
    return [
        Sample("POST", f"{path}/moves", moves),
        Sample("DELETE", f"{path}/moves/{moved['principal_id']}"),
        Sample("POST", f"{path}/recompute", {}),
        Sample("POST", f"{path}/discard"),
        Sample("POST", f"{path}/adopt", {"answer_by": LATER}),
    ]
