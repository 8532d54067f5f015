"""Apps of tests, built in a third of the time: what Werkzeug makes of a rule it makes once, not for each app.

It writes and compiles a function for every rule of every app, to build addresses with. A run of all tests makes some
thousand apps of the same rules. Nothing else is shared: each test has an app of its own.
"""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]

_compile: Callable[[Rule, bool], Builder] = Rule._compile_builder
_compiled: dict[Any, Builder] = {}


def _compile_once(rule: Rule, append_unknown: bool = True) -> Builder:
    """Unbound: it asks the rule that it is bound to for its converters, so equal rules may share it."""
    if rule.defaults:  # which are written into it by the converters
        return _compile(rule, append_unknown)
    key = (append_unknown, rule.rule, tuple(rule._trace))
    if key not in _compiled:
        _compiled[key] = _compile(rule, append_unknown)
    return _compiled[key]


def build_apps_quickly() -> None:
    setattr(Rule, "_compile_builder", _compile_once)  # noqa: B010 - a private method of the library's
