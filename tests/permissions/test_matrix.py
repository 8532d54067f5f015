"""Acceptance of the policy tables: each route by each caller, inside and outside their reach."""

from collections.abc import Callable
from types import ModuleType

import pytest

from shared.testing.harness import Driven

from . import meetings_world, membership_world, notifications_world, practices_world
from .matrix import PASSED, World
from .operating_samples import samples_about

ENDING = ["erase_principal"]
WORLDS = [membership_world, meetings_world, practices_world, notifications_world]


@pytest.fixture(params=WORLDS, ids=lambda module: module.SERVICE.name)
def world(request: pytest.FixtureRequest, drive: Callable[..., Driven]) -> World:
    return new_world(request.param, drive)


def new_world(module: ModuleType, drive: Callable[..., Driven]) -> World:
    made = module.world(drive(module.SERVICE, **getattr(module, "SETTINGS", {})))
    (themself,) = (person.id for person in made.people if "themself" in person.stands)
    made.samples |= samples_about(themself)
    return made


def test_every_route_has_an_entry_in_a_policy_table_and_a_sample_here(world):
    without = [verb for verb in world.verbs() if world.kind_of(verb) is None]
    assert without == [], "add a row to the service's policy.py: what is not in the table is refused"
    assert sorted(world.samples) == world.verbs(), "add a request to the service's world here"


def test_whoever_may_not_is_refused_and_changes_nothing(world):
    before = world.driven.told()
    found = {(verb, person.name): world.answered(person, verb) for verb, person in world.refused()}
    wrong = {asked: status for asked, status in found.items() if status != _expected(world)[asked]}
    assert wrong == {}
    assert world.driven.told() == before


def test_whoever_may_gets_past_the_guard(world):
    asked = [(verb, person) for verb, person in world.passing() if verb not in ENDING]
    found = {(verb, person.name): world.answered(person, verb) for verb, person in asked}
    assert len(found) > len(world.samples)
    assert {asked: status for asked, status in found.items() if status != PASSED} == {}


@pytest.mark.parametrize("verb", ENDING)
def test_whoever_may_do_what_ends_a_person_gets_past_the_guard(verb, drive):
    """In a world of their own each, since afterwards nobody stands where they stood."""
    for who in [person.name for asked, person in new_world(membership_world, drive).passing() if asked == verb]:
        world = new_world(membership_world, drive)
        (person,) = (person for person in world.people if person.name == who)
        assert world.answered(person, verb) == PASSED, who


def _expected(world: World) -> dict[tuple[str, str], int | str]:
    return {(verb, person.name): world.expected(person, verb) for verb, person in world.refused()}


def test_whoever_shows_no_token_is_told_so_and_changes_nothing(world):
    before = world.driven.told()
    client = world.driven.app.test_client()
    answers = {verb: client.open(sample.path, method=sample.method) for verb, sample in world.samples.items()}
    assert {(answer.status_code, answer.json["code"]) for answer in answers.values()} == {(401, "token.missing")}
    assert world.driven.told() == before
