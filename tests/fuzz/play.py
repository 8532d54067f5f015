"""One service as one person: what was asked, what was answered, what was wrong."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from math import inf

import schemathesis
from permissions.matrix import Person
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder
from schemathesis.schemas import BaseSchema

from . import told
from .plausible import Plausible
from .stage import Stage

OTHER_METHODS = "other methods"
LONGEST_ANSWER = 1000  # characters of it that are shown
Asked = str  # an operation, as `POST /v1/meetings/{meeting_id}/hold`


class Phase(StrEnum):
    """What is known to succeed; each constraint of the schema; at random; along links from answer to request."""

    EXAMPLES = "examples"
    COVERAGE = "coverage"
    FUZZING = "fuzzing"
    STATEFUL = "stateful"


# Changes until the world is put back; what is asked along links must find what it made on the way.
LASTS = {Phase.EXAMPLES: 1, Phase.COVERAGE: 5, Phase.FUZZING: 5, Phase.STATEFUL: inf}


@dataclass(frozen=True)
class Script:
    """What to play. `only` is a part of the operations; no examples of a phase mean that it is left out."""

    seed: int
    covers: bool = True
    examples: int = 10
    scenarios: int = 3
    only: frozenset[Asked] | None = None


@dataclass(frozen=True)
class Wrong:
    """A check that failed, and how to see that again."""

    check: str
    asked: Asked
    why: str
    how: str

    def __str__(self) -> str:
        return f"{self.check}: {self.asked}\n{self.why}\n{self.how}"


@dataclass
class Played:
    """The outcome of one script."""

    service: str
    person: str
    seed: int
    answers: Counter[tuple[Asked, int]] = field(default_factory=Counter)
    wrong: dict[tuple[str, Asked, str], Wrong] = field(default_factory=dict)

    @property
    def cases(self) -> int:
        return self.answers.total()


def describe(stage: Stage, seed: int) -> BaseSchema:
    told.speak_in_process()
    schema = schemathesis.openapi.from_dict(stage.description, config=told.configure(seed))
    schema.app, schema.location = stage, "/openapi.json"
    return schema


def play(stage: Stage, person: Person, script: Script) -> Played:
    stage.put_back()
    played, token = Played(stage.service, person.name, script.seed), stage.token(person)
    for event in _events(stage, token, script):
        if isinstance(event, events.PhaseStarted):
            stage.put_back()
            stage.lasts = LASTS.get(event.phase.name.value, 1)
        if isinstance(event, events.ScenarioFinished):
            _count(played, event.recorder, token)
        if isinstance(event, events.NonFatalError | events.FatalError):
            _note_breakdown(played, event)
    return played


def _events(stage: Stage, token: str, script: Script) -> Iterator[events.EngineEvent]:
    schema = describe(stage, script.seed)
    schema.config.update(headers={"Authorization": f"Bearer {token}"})
    plausible = Plausible(stage.world.driven.app, stage.samples, script.seed)
    schema.hook("map_case")(lambda context, case: plausible.change(case))
    schema.hook("before_add_examples")(lambda context, examples: examples.extend(plausible.told(context.operation)))
    schema.hook(told.filter_failure)
    for name, is_played, examples in (
        (Phase.COVERAGE, script.covers, None),
        (Phase.FUZZING, script.examples > 0, script.examples),
        (Phase.STATEFUL, script.scenarios > 0, script.scenarios),
    ):
        phase = schema.config.phases.get_by_name(name=name)
        phase.enabled = is_played
        phase.generation.update(max_examples=examples, no_shrink=True, database="none")
    if script.only is not None:
        schema = schema.include(lambda operation: operation.operation.label in script.only)
    return iter(from_schema(schema).execute())


def _count(played: Played, recorder: ScenarioRecorder, token: str) -> None:
    for id, interaction in recorder.interactions.items():
        case, status = recorder.cases[id].value, interaction.response.status_code if interaction.response else 0
        is_itself = case.method.upper() == case.operation.method.upper()  # and not OPTIONS, say, of the same address
        played.answers[case.operation.label if is_itself else OTHER_METHODS, status] += 1
    for id, checks in recorder.checks.items():
        asked = recorder.cases[id].value.operation.label
        for told_of in (check for check in checks if check.failure_info):
            failure, how = told_of.failure_info.failure, told_of.failure_info.code_sample.replace(token, "$TOKEN")
            why = f"{failure.title}\n{failure.message}\n{_answer(recorder, id)}"
            wrong = Wrong(told_of.name, asked, why, how)
            played.wrong.setdefault((wrong.check, wrong.asked, failure.title), wrong)


def _answer(recorder: ScenarioRecorder, id: str) -> str:
    interaction = recorder.interactions.get(id)
    response = interaction and interaction.response
    return f"{response.status_code} {response.text[:LONGEST_ANSWER]}" if response else "no answer"


def _note_breakdown(played: Played, event: events.NonFatalError | events.FatalError) -> None:
    """Schemathesis itself could not go on: never passed over, or nobody would know what was not asked."""
    error = event.value if isinstance(event, events.NonFatalError) else event.exception
    asked = getattr(event, "label", "all of it")
    played.wrong[("broke down", asked, str(error))] = Wrong("broke down", asked, repr(error), "")


def operations(stage: Stage) -> list[Asked]:
    return [found.ok().label for found in describe(stage, 0).get_all_operations()]
