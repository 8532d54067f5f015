"""Figures as a table for people and as JSON for programs."""

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

from .figures import Figure, Series

COLUMNS = ("figure", "unit", "ours", "baseline", "against", "ratio", "reach", "reached")
MEASURED_WITH = ("kombu", "amqp", "SQLAlchemy", "psycopg", "Flask", "gunicorn")


def table(figures: Sequence[Figure]) -> str:
    """Medians, with the lowest and the highest run in brackets."""
    rows = [COLUMNS, *(_row(figure) for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(word.ljust(width) for word, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _row(figure: Figure) -> tuple[str, ...]:
    return (
        figure.name,
        figure.unit,
        _spread(figure.ours),
        _spread(figure.baseline),
        figure.against or "-",
        _spread(figure.ratio),
        str(figure.goal or "-"),
        {True: "yes", False: "NO", None: "-"}[figure.is_reached],
    )


def _spread(series: Series | None) -> str:
    return f"{_short(series.median)} ({_short(series.low)}..{_short(series.high)})" if series else "-"


def _short(value: float) -> str:
    """Three digits that count, and no exponent."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def as_json(figures: Sequence[Figure], **circumstances: Any) -> dict[str, Any]:
    return {"machine": machine(), **circumstances, "figures": [_plain(figure) for figure in figures]}


def machine() -> dict[str, Any]:
    return {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "processor": platform.machine(),
        "python": platform.python_version(),
        "versions": {name: version(name) for name in MEASURED_WITH},
    }


def _plain(figure: Figure) -> dict[str, Any]:
    return {
        "name": figure.name,
        "unit": figure.unit,
        "against": figure.against or None,
        "ours": _numbers(figure.ours),
        "baseline": _numbers(figure.baseline),
        "ratio": _numbers(figure.ratio),
        "reach": str(figure.goal) if figure.goal else None,
        "reached": figure.is_reached,
    }


def _numbers(series: Series | None) -> dict[str, Any] | None:
    if series is None:
        return None
    numbers = {"median": series.median, "lowest": series.low, "highest": series.high}
    return {"runs": len(series.values), **numbers, "values": list(series.values)}
