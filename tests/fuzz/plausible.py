"""Half of what is valid gets ids, conditions and bodies of the world: else all but nothing would ever be found."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from random import Random
from typing import Any
from urllib.parse import parse_qsl

from flask import Flask
from flask_smorest.spec.plugins import FlaskPlugin
from permissions.matrix import Sample
from schemathesis import Case
from schemathesis.core import NOT_SET
from schemathesis.core.parameters import ParameterLocation as Place
from schemathesis.schemas import APIOperation

UUIDS = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# How often what would succeed is taken as a whole, or a part of it.
OWN, WHOLE, FIELD, CONDITION = 0.8, 0.4, 0.7, 0.8


class Plausible:
    """Changes only what is valid, and only into what is valid. The same case is always changed in the same way."""

    def __init__(self, app: Flask, samples: Iterable[Sample], seed: int) -> None:
        self._seed = seed
        self._samples: dict[tuple[str, str], list[tuple[Sample, dict[str, Any]]]] = defaultdict(list)
        self._known: dict[str, list[Any]] = defaultdict(list)
        routes = app.url_map.bind("")
        for sample in samples:
            rule, blanks = routes.match(sample.path.partition("?")[0], sample.method, return_rule=True)
            self._samples[sample.method, FlaskPlugin.flaskpath2openapi(rule.rule)].append((sample, blanks))
            for name, value in blanks.items():
                if value not in self._known[name]:
                    self._known[name].append(value)

    def change(self, case: Case) -> Case:
        chance = Random(f"{self._seed} {_without_ids(case)}")
        samples = self._samples.get((case.operation.method.upper(), case.operation.path), [])
        # What the scenery added comes last: it was made to succeed.
        sample, blanks = chance.choice([*samples[-1:] * 2, *samples]) if samples else (Sample("", ""), {})
        if chance.random() < OWN and _is_valid(case, Place.PATH):
            self._find_way(case, chance, blanks)
        if _is_valid(case, Place.QUERY):
            wished = _query(sample)
            case.query = wished if chance.random() < WHOLE and sample.path else {**case.query, **_some(chance, wished)}
        if chance.random() < CONDITION and _is_valid(case, Place.HEADER) and "If-Match" in case.operation.headers:
            case.headers["If-Match"] = "*"
        if _is_valid(case, Place.BODY) and isinstance(case.body, dict):
            whole = _body(sample) if chance.random() < WHOLE else {}
            case.body = whole or {**case.body, **_some(chance, _body(sample))}
        return case

    def told(self, operation: APIOperation) -> Iterator[Case]:
        """The samples themselves: of what is there already with a condition, of what is made anew without."""
        header = operation.headers.get("If-Match")
        conditions = [{"If-Match": "*"}] if header else []
        conditions += [] if header and header.is_required else [{}]
        for sample, blanks in self._samples.get((operation.method.upper(), operation.path), []):
            body = _body(sample) or NOT_SET
            for condition in conditions:
                yield operation.Case(
                    path_parameters={name: str(value) for name, value in blanks.items()},
                    query=_query(sample),
                    headers=condition,
                    body=body,
                    media_type=None
                    if body is NOT_SET
                    else "multipart/form-data"
                    if sample.file
                    else "application/json",
                )

    def _find_way(self, case: Case, chance: Random, blanks: Mapping[str, Any]) -> None:
        is_own = bool(blanks) and chance.random() < OWN
        for name in case.path_parameters:
            known = [blanks[name]] if is_own else self._known.get(name)
            if known:
                case.path_parameters[name] = str(chance.choice(known))


def _is_valid(case: Case, place: Place) -> bool:
    return case.meta is not None and not case.meta.is_negative_at(place)


def _some(chance: Random, told: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in told.items() if chance.random() < FIELD}


def _query(sample: Sample) -> dict[str, str]:
    return dict(parse_qsl(sample.path.partition("?")[2]))


def _body(sample: Sample) -> dict[str, Any]:
    """Of a sample without one, nothing: such a route asks for none, or what was drawn stays."""
    if sample.file is not None:
        return {"file": sample.file, **sample.form}
    return sample.json if isinstance(sample.json, dict) else {}


def _without_ids(case: Case) -> str:
    """Ids and tokens are new in each run; nothing is chosen by them."""
    body = None if case.body is NOT_SET else case.body
    headers = {name: value for name, value in case.headers.items() if name != "Authorization"}
    told = (case.method, case.path, dict(case.path_parameters), dict(case.query), headers, body)
    return UUIDS.sub("", repr(told))
