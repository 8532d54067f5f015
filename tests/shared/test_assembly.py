"""A service is assembled from its capabilities: what each hears, who may, in the order in which they stand."""

import sys
from types import ModuleType

import pytest
from bells import BellRung

from shared.domain.actor import Actor, Role
from shared.domain.policy import Kind, More, Policy, anywhere
from shared.domain.refusals import NotAllowed, NotFound
from shared.events import MemberLeft
from shared.messaging.subscriptions import Subscriptions
from shared.running.capabilities import found_in
from shared.testing.harness import wrap

BELL = BellRung(bell_id="00000000-0000-0000-0000-000000000001", number=1)
ALL, NOBODY = {Role.PRINCIPAL: anywhere}, {Role.PRINCIPAL: lambda _session, _actor, _thing: False}
PRINCIPAL = Actor("00000000-0000-0000-0000-000000000007", Role.PRINCIPAL)


def noting(order: list[str], word: str):
    return lambda _session, _event: order.append(word)


def test_what_several_capabilities_hear_is_handled_phase_by_phase_in_their_order():
    order: list[str] = []
    lower = Subscriptions("bells.ear", on={BellRung: noting(order, "lower acts")})
    upper = Subscriptions(
        "bells.ear",
        on={BellRung: (noting(order, "upper acts"), noting(order, "and acts again"))},
        keeps={BellRung: noting(order, "upper keeps"), MemberLeft: noting(order, "never")},
        before_keeping={BellRung: noting(order, "upper acts first")},
    )
    whole = Subscriptions.joined([lower, upper])
    whole.handle(wrap(BELL), None)
    assert order == ["upper acts first", "upper keeps", "lower acts", "upper acts", "and acts again"]
    assert whole.types == sorted([BellRung.wire_type, MemberLeft.wire_type])
    assert lower.types == [BellRung.wire_type]


def test_capabilities_that_hear_under_two_names_are_refused():
    with pytest.raises(ValueError, match=r"bells\.ear.*bells\.nose"):
        Subscriptions.joined([Subscriptions("bells.ear"), Subscriptions("bells.nose")])


def test_a_capability_adds_verbs_to_a_kind_that_another_shows():
    shown = Kind("tower", {"show_tower": ALL, "paint_tower": NOBODY})
    policy = Policy(More("tower", {"ring_bells": NOBODY}), shown)
    with pytest.raises(NotAllowed):  # seen, and not allowed
        policy.permit(None, PRINCIPAL, "ring_bells", object())
    hidden = Policy(Kind("tower", {"show_tower": NOBODY}), More("tower", {"ring_bells": NOBODY}))
    with pytest.raises(NotFound):
        hidden.permit(None, PRINCIPAL, "ring_bells", object())


def test_a_verb_that_stands_twice_and_a_kind_that_nobody_has_are_refused():
    with pytest.raises(ValueError, match="twice"):
        Policy(Kind("tower", {"show_tower": ALL}), More("tower", {"show_tower": ALL}))
    with pytest.raises(KeyError, match="steeple"):
        Policy(More("steeple", {"show_steeple": ALL}))


@pytest.fixture
def package(tmp_path, monkeypatch) -> ModuleType:
    folder = tmp_path / "chimes"
    folder.mkdir()
    (folder / "__init__.py").write_text('"""Nothing but bells."""\n')
    (folder / "policy.py").write_text('kinds = ["a kind"]\n')
    (folder / "clock.py").write_text("deadlines = [(5, print)]\n")
    (folder / "problems.toml").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    for name in ("chimes", "chimes.policy", "chimes.clock"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    return __import__("chimes")


def test_what_the_rooms_of_a_capability_hand_on_is_found(package):
    found = found_in(package)
    assert (found.kinds, found.deadlines) == (["a kind"], [(5, print)])
    assert (found.blueprints, found.subscriptions, found.retention) == ((), None, ())
    assert [path.name for path in found.texts] == ["problems.toml"]
