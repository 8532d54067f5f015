"""Invitations that came to nothing are kept for a while; memberships, and what is still open, stay."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from membership.joining.model.membership import Membership, MembershipState
from membership.joining.use_cases import delete_ended_invitations

pytestmark = pytest.mark.both_databases

NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=731)


def test_only_what_was_declined_or_has_lapsed_long_ago_is_deleted(province):
    circle, S = province.circle(6), MembershipState
    states = [S.DECLINED, S.LAPSED, S.MEMBER, S.LEFT, S.INVITED, S.DECLINED]
    with province.driven.sessions.transaction() as session:
        for principal_id, state in zip(circle.member_ids, states, strict=True):
            mine = update(Membership).where(Membership.principal_id == principal_id)
            session.execute(mine.values(state=state, answer_by=LONG_AGO))
        session.execute(mine.values(answer_by=NOW - timedelta(days=729)))
    for count, most in ((1, 1), (1, 5), (0, 5)):
        with province.driven.sessions.transaction() as session:
            assert delete_ended_invitations(session, NOW - timedelta(days=730), most) == count
    with province.driven.sessions.reader() as session:
        assert set(session.scalars(select(Membership.principal_id))) == set(circle.member_ids[2:])
