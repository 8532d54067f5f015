"""The diagrams in the services' READMEs show the lifecycles that the code has, arrow by arrow."""

import importlib
import re
from collections.abc import Iterator

import pytest

from architecture.rules import ROOT, SERVICES
from shared.domain.lifecycle import HasLifecycle, Lifecycle

ARROW = re.compile(r"^\s*(\w+) --> (\w+)", re.MULTILINE)
DIAGRAM = re.compile(r"```mermaid\n(.*?)```", re.DOTALL)


def entities(service: str) -> list[type[HasLifecycle]]:
    importlib.import_module(f"{service}.app")
    return [
        kind
        for kind in _below(HasLifecycle)
        if kind.__module__.startswith(f"{service}.") and hasattr(kind, "lifecycle")
    ]


def _below(kind: type) -> Iterator[type]:
    for below in kind.__subclasses__():
        yield from (below, *_below(below))


def drawn(readme: str) -> list[set[tuple[str, str]]]:
    """The arrows of each diagram from one state to another; what stays in its state is no move."""
    diagrams = DIAGRAM.findall(readme)
    return [{(a, b) for a, b in ARROW.findall(diagram) if a != b} for diagram in diagrams]


def moves(lifecycle: Lifecycle) -> set[tuple[str, str]]:
    return {(str(a), str(b)) for a, targets in lifecycle.items() for b in targets if a != b}


@pytest.mark.parametrize("service", SERVICES)
def test_every_lifecycle_is_drawn_as_it_is(service):
    readme = (ROOT / "services" / service / "README.md").read_text()
    expected = [moves(kind.lifecycle) for kind in entities(service)]
    assert expected
    assert sorted(map(sorted, drawn(readme))) == sorted(map(sorted, expected))


def test_a_missing_arrow_is_seen():
    assert drawn("```mermaid\nstateDiagram-v2\n  [*] --> a\n  a --> b: go\n  a --> a\n```") == [{("a", "b")}]
