"""Whoever may not know of a thing cannot tell it from one that never was: by status, body, headers, time or counts."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import event

from shared.testing.harness import Driven

from .matrix import Person, Sample, World
from .test_matrix import WORLDS, new_world

PER_REQUEST = {"Correlation-Id", "Date"}
MOST_MORE = 5  # questions, each of one row by its key


@pytest.fixture(params=WORLDS, ids=lambda module: module.SERVICE.name)
def world(request: pytest.FixtureRequest, drive: Callable[..., Driven]) -> World:
    return new_world(request.param, drive)


def hidden(world: World) -> Iterator[tuple[str, Person, Sample]]:
    """Each request for a thing, by whoever may not know of it."""
    for verb, sample in world.samples.items():
        for person in world.people:
            if sample.thing is not None and world.expected(person, verb) == 404:
                yield verb, person, sample


def missing(sample: Sample) -> Sample:
    """The same for a thing that never was."""
    nobody = uuid4() if isinstance(sample.thing, UUID) else uuid4().hex[: len(sample.thing)]
    return replace(sample, path=sample.path.replace(str(sample.thing), str(nobody)), thing=nobody)


def seen(world: World, person: Person, verb: str, sample: Sample) -> tuple[Any, ...]:
    """All that an answer shows, without what differs from request to request."""
    answer = world.ask(person, verb, sample)
    headers = {name: value for name, value in answer.headers if name not in PER_REQUEST}
    told = {name: value for name, value in headers.items() if not name.startswith(("RateLimit", "X-RateLimit"))}
    return answer.status_code, answer.get_data(as_text=True).replace(str(sample.thing), "<thing>"), told


def test_a_hidden_thing_and_a_missing_one_are_the_same_answer(world):
    asked = list(hidden(world))
    assert len(asked) > 20
    differing = [
        (verb, person.name)
        for verb, person, sample in asked
        if seen(world, person, verb, sample) != seen(world, person, verb, missing(sample))
    ]
    assert differing == []


def test_a_hidden_thing_takes_a_few_small_questions_more_than_a_missing_one(world):
    """And so the same kind of time; counted, since clocks of shared machines lie."""
    asked = {verb: (person, sample) for verb, person, sample in hidden(world)}
    for verb, (person, sample) in asked.items():
        there, not_there = (_questions(world, person, verb, each) for each in (sample, missing(sample)))
        assert 0 <= there - not_there <= MOST_MORE, verb


def _questions(world: World, person: Person, verb: str, sample: Sample) -> int:
    """How many statements the database is asked."""
    asked: list[str] = []
    engine = world.driven.app.sessions.engine
    event.listen(engine, "before_cursor_execute", note := lambda *told: asked.append(told[2]))
    try:
        world.ask(person, verb, sample)
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(asked)


def test_lists_show_nobody_what_is_hidden_from_them(world):
    """What an outsider is shown names no id of this world."""
    hidden_ids = {str(sample.thing) for sample in world.samples.values() if sample.thing}
    lists = {verb: sample for verb, sample in world.samples.items() if sample.method == "GET" and not sample.thing}
    for verb in lists:
        for person in world.people:
            if _is_outside(world, person):
                shown = world.ask(person, verb).get_data(as_text=True)
                assert not [id for id in hidden_ids if id in shown], (verb, person.name)


def _is_outside(world: World, person: Person) -> bool:
    verbs = [verb for verb, sample in world.samples.items() if sample.thing]
    return all(world.expected(person, verb) == 404 for verb in verbs)
