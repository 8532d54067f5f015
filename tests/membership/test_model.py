"""The rules of entering, inviting and joining, with nothing around them: whole events, no database."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from peers import code_of, new_community, new_principal

from membership.joining.model.membership import Membership
from membership.organisation.model.organisation import Cycle, Delegation, School
from shared.events import (
    CommunityPlanned,
    DelegationRegistered,
    InvitationDeclined,
    InvitationLapsed,
    MemberInvited,
    MemberJoined,
    MemberLeft,
    PrincipalRegistered,
    SchoolRegistered,
)

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
IN_A_WEEK = NOW + timedelta(days=7)


# -- the organisation


def test_what_is_entered_is_told_whole():
    delegation = Delegation.register(code="231", name_fr="Taounate", name_ar="تاونات")
    names = {"name_fr": "Ghosn", "name_ar": "غصن"}
    school = School.register(delegation.id, code="15395H", cycle=Cycle.PRIMARY, **names)
    assert delegation.recorded == [
        DelegationRegistered(delegation_id=delegation.id, code="231", name_fr="Taounate", name_ar="تاونات")
    ]
    whole = {"delegation_id": delegation.id, "code": "15395H", "main_code": "15395H", "cycle": "primary"}
    assert school.is_main
    assert school.recorded == [SchoolRegistered(school_id=school.id, **whole, **names)]


def test_a_correction_is_told_once_and_only_if_something_differs():
    person = new_principal()
    person.forget_recorded()
    assert person.correct(email="rachida@example.org") is False
    assert person.correct(email="r.meknassi@example.org", phone=None) is True
    assert person.recorded == [
        PrincipalRegistered(
            principal_id=person.id,
            delegation_id=person.delegation_id,
            school_code="15395H",
            cycle="primary",
            name_fr="Rachida Meknassi",
            name_ar="رشيدة المكناسي",
            gender="female",
            language="ar",
            email="r.meknassi@example.org",
            appointed_on=date(2010, 9, 1),
        )
    ]


# -- joining


def test_an_invitation_a_yes_and_a_leaving_are_told_whole():
    home, person = new_community(), new_principal()
    names = {"name_fr": "Atlas", "name_ar": "أطلس"}
    assert home.recorded == [CommunityPlanned(community_id=home.id, delegation_id=home.delegation_id, **names)]
    membership = Membership.invite(home, person.id, answer_by=IN_A_WEEK, now=NOW)
    membership.accept(person, channel="paper", now=NOW)
    assert (membership.answered_at, membership.channel, membership.is_home) == (NOW, "paper", True)
    membership.leave(now=IN_A_WEEK)
    both = {"community_id": home.id, "principal_id": person.id}
    assert membership.recorded == [
        MemberInvited(**both, answer_by=IN_A_WEEK),
        MemberJoined(**both, name_fr=person.name_fr, name_ar=person.name_ar, joined_at=NOW),
        MemberLeft(**both, left_at=IN_A_WEEK, reason="left"),
    ]


def test_who_declined_can_be_asked_again_and_their_earlier_answer_is_gone():
    home, person = new_community(), new_principal()
    membership = Membership.invite(home, person.id, answer_by=IN_A_WEEK, now=NOW)
    membership.decline(channel="mail", now=NOW)
    membership.invite_again(answer_by=IN_A_WEEK, now=NOW)
    assert (membership.state, membership.answered_at, membership.channel) == ("invited", None, None)
    membership.lapse()
    both = {"community_id": home.id, "principal_id": person.id}
    invited = MemberInvited(**both, answer_by=IN_A_WEEK)
    assert membership.recorded == [invited, InvitationDeclined(**both), invited, InvitationLapsed(**both)]


def test_a_late_answer_is_refused_a_punctual_one_counts():
    person = new_principal()
    membership = Membership.invite(new_community(), person.id, answer_by=IN_A_WEEK, now=NOW)
    late = IN_A_WEEK + timedelta(microseconds=1)
    for answer in (lambda: membership.accept(person, channel="portal", now=late), lambda: decline(membership, late)):
        assert code_of(answer) == "membership.invitation_lapsed"
    membership.accept(person, channel="portal", now=IN_A_WEEK)
    assert membership.state == "member"


def decline(membership, now):
    membership.decline(channel="portal", now=now)


@pytest.mark.parametrize(
    ("answer_by", "code"),
    [
        (NOW, "invitation.answer_by_past"),
        (NOW + timedelta(days=400), "invitation.answer_by_far"),
        (datetime.fromisoformat("9999-12-31T23:59:59-12:00"), "invitation.answer_by_far"),
        (datetime.fromisoformat("0001-01-01T00:00:00+14:00"), "invitation.answer_by_past"),
    ],
)
def test_an_invitation_can_be_answered_within_a_year(answer_by, code):
    assert code_of(lambda: Membership.invite(new_community(), uuid4(), answer_by=answer_by, now=NOW)) == code


def test_a_community_whose_coordinator_leaves_has_none():
    home, coordinator = new_community(), uuid4()
    home.is_coordinated_by(coordinator, date(2027, 3, 1))
    home.loses(uuid4(), now=NOW)
    assert home.coordinator_id == coordinator
    home.loses(coordinator, now=NOW)
    assert (home.coordinator_id, home.mandate_ends_on) == (None, None)
