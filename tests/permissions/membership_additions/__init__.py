"""What the world of membership holds besides, and the requests for it: one module for each theme."""

from collections.abc import Callable
from typing import Any

from sqlalchemy.orm import Session

from permissions.matrix import Sample

from . import imports, joining, life, people, planning, units

ADDITIONS: tuple[Callable[[Session, dict[str, Any]], dict[str, Sample]], ...] = tuple(
    theme.add for theme in (units, people, imports, planning, joining, life)
)
