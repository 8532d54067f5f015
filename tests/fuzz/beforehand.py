"""What somebody of a world asks before the play begins."""

from dataclasses import replace
from typing import Any

from permissions.matrix import Person, Sample, World


def named(world: World, name: str) -> Person:
    return next(person for person in world.people if person.name == name)


def made(world: World, person: Person, path: str, body: object, **more: Any) -> str | None:
    """Its id."""
    return done(world, person, Sample("POST", path, body, **more)).get("id")


def done(world: World, person: Person, sample: Sample) -> dict[str, Any]:
    """First without a condition: what is made anew takes none."""
    answer = world.ask(person, "", replace(sample, if_match=None))
    answer = world.ask(person, "", sample) if answer.status_code == 428 else answer
    assert answer.status_code in (200, 201, 202), answer.json
    return answer.json
