"""Every lifecycle, all pairs of states; every verb, all states: what is refused changes nothing, tells nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from peers import new_community, new_principal

from membership.communities.model.canvas import FILLED_IN, Canvas, CanvasState
from membership.communities.model.community import Community
from membership.communities.model.life import CommunityState
from membership.elections.model.election import Election, ElectionState
from membership.joining.model.circle import Circle
from membership.joining.model.membership import Membership, MembershipState
from shared.domain.refusals import Refusal, Refused

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
IN_A_WEEK = NOW + timedelta(days=7)

MAY_BECOME = {
    Community: {
        "planned": {"forming", "dissolved"},
        "forming": {"active", "dissolved"},
        "active": {"dormant", "dissolved"},
        "dormant": {"active", "dissolved"},
    },
    Membership: {
        "invited": {"member", "declined", "lapsed"},
        "requested": {"member", "refused", "withdrawn", "lapsed"},
        "member": {"left"},
        "declined": {"invited", "requested"},
        "refused": {"invited", "requested"},
        "withdrawn": {"invited", "requested"},
        "lapsed": {"invited", "requested"},
        "left": {"invited", "requested", "member"},
    },
    Election: {
        "called": {"open", "abandoned"},
        "open": {"elected", "failed", "abandoned"},
        "elected": {"confirmed", "refused", "abandoned"},
    },
    Canvas: {"draft": {"draft", "founded", "discarded"}},
}
STATES = {Community: CommunityState, Membership: MembershipState, Election: ElectionState, Canvas: CanvasState}
PAIRS = [(kind, start, end) for kind, states in STATES.items() for start in states for end in states]


ANY = new_principal()


def membership() -> Membership:
    return Membership.invite(new_community(), ANY.id, answer_by=IN_A_WEEK, now=NOW)


def election() -> Election:
    """One that stands, who is all the roll; nobody has voted."""
    call = Election.call(new_community(), is_under_way=False)
    call.stand(ANY, "À votre service")
    call.open([ANY.id], closes_at=IN_A_WEEK, now=NOW)
    return call


THOUGHTS = dict.fromkeys(FILLED_IN, "Accueillir")
AGREED = {"is_home": True, "quorum_percent": 50, "mandate_months": 12}


def canvas() -> Canvas:
    return Canvas.draft(ANY.delegation_id, None, now=NOW, **THOUGHTS)


MAKE = {Community: new_community, Membership: membership, Election: election, Canvas: canvas}


def made(kind, state):
    """One that got into this state; what it told on the way is forgotten."""
    thing = MAKE[kind]()
    thing.state = state
    thing.forget_recorded()
    return thing


@pytest.mark.parametrize(
    ("kind", "start", "end"), PAIRS, ids=[f"{kind.thing}: {start} -> {end}" for kind, start, end in PAIRS]
)
def test_a_thing_becomes_only_what_its_table_says(kind, start, end):
    thing = made(kind, start)
    if end in MAY_BECOME[kind].get(start, set()):
        thing._become(end)
        assert thing.state is end
    else:
        with pytest.raises(Refused) as refusal:
            thing._become(end)
        assert (refusal.value.code, thing.state) == (f"{kind.thing}.wrong_state", start)


ENDED_FOR_NOW = ("declined", "refused", "withdrawn", "lapsed", "left")

# What each verb makes of the states it is allowed in; in all others it is refused.
VERBS = {
    (Membership, "accept"): (lambda it: it.accept(ANY, channel="portal", now=NOW), {"invited": "member"}),
    (Membership, "decline"): (lambda it: it.decline(channel="mail", now=NOW), {"invited": "declined"}),
    (Membership, "lapse"): (lambda it: it.lapse(), {"invited": "lapsed", "requested": "lapsed"}),
    (Membership, "admit"): (lambda it: it.admit(ANY, now=NOW), {"requested": "member"}),
    (Membership, "refuse"): (lambda it: it.refuse("Complet"), {"requested": "refused"}),
    (Membership, "withdraw"): (lambda it: it.withdraw(), {"requested": "withdrawn"}),
    (Membership, "request again"): (
        lambda it: it.request_again(channel="portal", now=NOW),
        dict.fromkeys(ENDED_FOR_NOW, "requested"),
    ),
    (Membership, "choose a circle"): (lambda it: it.choose_circle(Circle.OUTER), {"member": "member"}),
    (Membership, "move to a circle"): (lambda it: it.moves_to(Circle.CORE), {"member": "member"}),
    (Membership, "leave"): (lambda it: it.leave(now=NOW), {"member": "left"}),
    (Membership, "invite again"): (
        lambda it: it.invite_again(answer_by=IN_A_WEEK, now=NOW),
        dict.fromkeys(ENDED_FOR_NOW, "invited"),
    ),
    (Election, "stand"): (lambda it: it.stand(new_principal(), "Moi aussi"), {"called": "called"}),
    (Election, "open"): (lambda it: it.open([ANY.id], closes_at=IN_A_WEEK, now=NOW), {"called": "open"}),
    (Election, "vote"): (lambda it: it.vote(ANY.id, choice=ANY.id, receipt="r" * 22, now=NOW), {"open": "open"}),
    (Election, "close"): (lambda it: it.close(None, lot_seed="s"), {"open": "failed"}),
    (Election, "confirm"): (
        lambda it: it.confirm(new_community(), ANY, is_member=True, today=NOW.date()),
        {"elected": "confirmed"},
    ),
    (Election, "end with its community"): (
        lambda it: it.end_with_community(),
        {"called": "abandoned", "open": "abandoned", "elected": "abandoned"},
    ),
    (Canvas, "change"): (lambda it: it.change(**THOUGHTS), {"draft": "draft"}),
    (Canvas, "found"): (lambda it: it.found(now=NOW, **AGREED), {"draft": "founded"}),
    (Canvas, "discard"): (lambda it: it.discard(), {"draft": "discarded"}),
    (Community, "dissolve"): (
        lambda it: it.dissolve("Trop peu", now=NOW),
        {"planned": "dissolved", "forming": "dissolved", "active": "dissolved", "dormant": "dissolved"},
    ),
    (Election, "refuse"): (lambda it: it.refuse("Sans formation"), {"elected": "refused"}),
    (Community, "form"): (
        lambda it: it.form(),
        {"planned": "forming", "forming": "forming", "active": "active", "dormant": "dormant"},
    ),
}
TRIALS = [(kind, verb, state) for kind, verb in VERBS for state in STATES[kind]]


@pytest.mark.parametrize(
    ("kind", "verb", "state"), TRIALS, ids=[f"{kind.thing} {state}: {verb}" for kind, verb, state in TRIALS]
)
def test_a_verb_is_refused_in_the_wrong_state_and_then_changes_nothing(kind, verb, state):
    act, allowed = VERBS[kind, verb]
    thing = made(kind, state)
    thing.elected_id = ANY.id
    if state in allowed:
        act(thing)
        assert thing.state == allowed[state]
    else:
        before = (thing.state, thing.last_sequence)
        with pytest.raises(Refusal):
            act(thing)
        assert (thing.state, thing.last_sequence, thing.recorded) == (*before, [])


def test_the_states_of_the_tables_are_all_there_are():
    for kind, states in STATES.items():
        assert set(kind.lifecycle) == set(states)
