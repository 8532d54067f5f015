"""What a file of rows is once it is open, and how somebody may ask for it to be read."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from shared.domain.refusals import Invalid

MOST_ROWS = 200_000
MOST_COLUMNS = 200
LONGEST_CELL = 32_767  # characters; a spreadsheet holds no more
Line = tuple[int, list[str]]


@dataclass(frozen=True)
class Reading:
    """What is None is found out by looking at the file."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    date_format: str | None = None


@dataclass(frozen=True)
class Table:
    """`found` says how the file was read. The lines come as they are asked for, once, with their numbers."""

    header: list[str]
    lines: Iterator[Line]
    found: dict[str, Any]


def counted(lines: Iterator[Line]) -> Iterator[Line]:
    """The lines that are not blank; refuses what no list of the Ministry's can be, before it fills the memory."""
    count = 0
    for number, cells in lines:
        if any(cell and not cell.isspace() for cell in cells):
            count += 1
            if count > MOST_ROWS:
                raise Invalid("import.too_many_rows", most=MOST_ROWS)
            yield number, cells


def demand_width(header: list[str]) -> list[str]:
    if len(header) > MOST_COLUMNS:
        raise Invalid("import.too_many_columns", most=MOST_COLUMNS)
    return header
