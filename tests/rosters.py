"""What membership tells of one community, in any history that can be; and what keepers make of it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from shared.events import CommunityPlanned, CoordinatorConfirmed, MemberJoined, MemberLeft
from shared.testing.harness import Driven, wrap

COMMUNITY, DELEGATION = UUID(int=1), UUID(int=2)
PEOPLE = [UUID(int=11), UUID(int=12)]
NAMES = {"name_fr": "Rachida Meknassi", "name_ar": "رشيدة المكناسي"}

many_histories = settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@st.composite
def histories(draw: st.DrawFn) -> list[Any]:
    """Planned, then people join, leave, join again; some are confirmed as coordinator while they are members."""
    steps = st.tuples(st.sampled_from(["join", "leave", "confirm"]), st.sampled_from(PEOPLE))
    told: list[Any] = [
        CommunityPlanned(community_id=COMMUNITY, delegation_id=DELEGATION, name_fr="Atlas", name_ar="أطلس")
    ]
    members: set[UUID] = set()
    for step, who in draw(st.lists(steps, max_size=14)):
        if (who in members) is not (step == "join"):
            told.append(_tell(step, who, datetime(2026, 1, 5, tzinfo=UTC) + timedelta(days=len(told))))
            members ^= {who} if step != "confirm" else set()
    return told


def _tell(step: str, who: UUID, moment: datetime) -> Any:
    both = {"community_id": COMMUNITY, "principal_id": who}
    if step == "join":
        return MemberJoined(**both, **NAMES, joined_at=moment)
    if step == "leave":
        return MemberLeft(**both, left_at=moment)
    return CoordinatorConfirmed(**both, **NAMES, mandate_ends_on=date(2028, 9, 1))


def kept(driven: Driven, *told: Any) -> dict[str, list[Any]]:
    """What the projections hold after keepers alone were told this, and nothing before."""
    keeping = driven.service.subscriptions.only_keeping("tests.rosters")
    tables = [projection.__table__ for projection in driven.service.projections]
    with driven.sessions.transaction() as session:
        for table in tables:
            session.execute(delete(table))
        for event in told:
            if keeping.hears(envelope := wrap(event)):
                keeping.handle(envelope, session)
                session.flush()
    with driven.sessions.reader() as session:
        return {table.name: session.execute(select(table).order_by(*table.primary_key)).all() for table in tables}
