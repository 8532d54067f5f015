"""Who plays what, and the tables that a reader wants: cases per service and person, what never succeeded."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count
from types import ModuleType

from permissions.test_matrix import WORLDS

from .play import OTHER_METHODS, Asked, Played, Script, operations, play
from .stage import Databases, Stage


def stages(databases: Databases, service: str | None = None) -> list[Stage]:
    return [Stage(module, databases) for module in modules(service)]


def modules(service: str | None = None) -> list[ModuleType]:
    return [module for module in WORLDS if service in (None, module.SERVICE.name)]


def rounds(stages: Sequence[Stage], script: Script) -> Iterator[Iterator[Played]]:
    """Everybody asks everything, again and again with other seeds."""
    for round in count():
        yield _round(stages, replace(script, seed=script.seed + round))


def _round(stages: Sequence[Stage], script: Script) -> Iterator[Played]:
    return (play(stage, person, script) for stage in stages for person in stage.cast())


def short(stage: Stage, script: Script) -> Iterator[Played]:
    """Each operation by one person, and by the next with the next seed; what leads to what by one of them."""
    cast, asked = stage.cast(), operations(stage)
    for place, person in enumerate(cast):
        mine = frozenset(asked[(place + script.seed) % len(cast) :: len(cast)])
        yield play(stage, person, replace(script, scenarios=0, only=mine))
    yield play(stage, cast[script.seed % len(cast)], replace(script, covers=False, examples=0))


def as_text(played: Sequence[Played]) -> str:
    return "\n".join([*_cases(played), "", *_successes(played), "", *_wrong(played)])


def _cases(played: Sequence[Played]) -> Iterator[str]:
    counted: Counter[tuple[str, str]] = Counter()
    for each in played:
        counted[each.service, each.person] += each.cases
    for (service, person), cases in counted.items():
        yield f"{cases:7}  {service:14} {person}"
    yield f"{counted.total():7}  in all"


def _successes(played: Sequence[Played]) -> Iterator[str]:
    yield "answers   2xx  operation"
    for (service, asked), (answers, succeeded) in successes(played).items():
        yield f"{answers:7} {succeeded:5}  {service} {asked}" + ("" if succeeded else "   <-- NEVER SUCCEEDED")


def successes(played: Sequence[Played]) -> dict[tuple[str, Asked], tuple[int, int]]:
    """Of each operation, how many answers there were, and how many of them were 2xx or 3xx."""
    answers: Counter[tuple[str, Asked]] = Counter()
    succeeded: Counter[tuple[str, Asked]] = Counter()
    for each in played:
        for (asked, status), times in each.answers.items():
            answers[each.service, asked] += times
            succeeded[each.service, asked] += times if 200 <= status < 400 else 0
    return {of: (times, succeeded[of]) for of, times in sorted(answers.items()) if of[1] != OTHER_METHODS}


def _wrong(played: Sequence[Played]) -> Iterator[str]:
    for each in played:
        for wrong in each.wrong.values():
            yield f"FAILURE, {each.service} as {each.person}, seed {each.seed}: {wrong}\n"
    yield f"{failures(played)} failures"


def failures(played: Sequence[Played]) -> int:
    return sum(len(each.wrong) for each in played)
