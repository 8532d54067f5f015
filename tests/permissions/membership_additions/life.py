"""Requests about life, and the things that they are about."""

from typing import Any

from sqlalchemy.orm import Session

from permissions.matrix import Sample


def add(_session: Session, _things: dict[str, Any]) -> dict[str, Sample]:
    """`things` names what the world holds: `delegation`, `community`, `election`, `member`, `invited`, ... (ids)."""
    return {}
