"""What a capability brings to its service, found in its rooms: a package that has a room is all there is to say."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

from flask import Blueprint
from sqlalchemy.orm import DeclarativeBase

from shared.domain.database import Sessions
from shared.domain.policy import Kind, More
from shared.messaging.leadership import Leadership
from shared.messaging.subscriptions import Subscriptions

from .clock import Deadline
from .jobs import Jobs
from .retention import Keeping
from .settings import Settings

Worker = Callable[[Sessions, Leadership, Settings], Callable[[], bool]]

# Under which name each room hands on what.
ROOMS: Mapping[str, Sequence[str]] = {
    "api": ["blueprints"],
    "pages": ["pages"],
    "policy": ["kinds"],
    "subscribers": ["subscriptions"],
    "clock": ["deadlines", "retention"],
    "jobs": ["jobs"],
    "workers": ["workers"],
    "projections": ["projections"],
}


def _no_pages(_settings: Any) -> Sequence[Blueprint]:
    return ()


@dataclass(frozen=True)
class Capability:
    """One thing that a service can do.

    `pages` are routes that depend on the settings; `projections` what it was told by others and keeps: the tables that
    `rebuild` makes anew. `workers` are what it does towards the outside world (sending mail). `jobs` take longer than a
    request may. `texts` are the catalogues of what refusals say to people; `retention` says how long what is kept.
    """

    blueprints: Sequence[Blueprint] = ()
    pages: Callable[[Any], Sequence[Blueprint]] = _no_pages
    kinds: Sequence[Kind | More] = ()
    subscriptions: Subscriptions | None = None
    deadlines: Sequence[Deadline] = ()
    retention: Sequence[Keeping] = ()
    jobs: Jobs = field(default_factory=Jobs)
    workers: Sequence[Worker] = ()
    projections: Sequence[type[DeclarativeBase]] = ()
    texts: Sequence[Path] = ()


def found_in(package: ModuleType) -> Capability:
    """What the rooms of this package hold; a room that is not there brings nothing."""
    rooms = {name: import_module(f"{package.__name__}.{name}") for name in ROOMS if _has_room(package, name)}
    found = {what: getattr(rooms[name], what) for name in rooms for what in ROOMS[name] if hasattr(rooms[name], what)}
    folder = Path(package.__path__[0])
    return Capability(**found, texts=sorted([*folder.glob("problems.toml"), *folder.glob("problems/*.toml")]))


def _has_room(package: ModuleType, name: str) -> bool:
    return find_spec(f"{package.__name__}.{name}") is not None
