"""A file of the Ministry's once it has been read, and how what is wrong with it is told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.domain.refusals import Fault, Invalid

MOST_FAULTS = 1000
LONGEST_VALUE = 200  # characters of a cell that a fault repeats


@dataclass(frozen=True)
class Row:
    """One row: the line where it begins, its cells as they stand there, and what of them could be read."""

    line: int
    cells: Mapping[str, str | None]
    entry: dict[str, Any]


@dataclass(frozen=True)
class Sheet:
    """All rows, and what is wrong with their form. `columns`: our name of each column -> the file's."""

    key: str
    columns: Mapping[str, str]
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def all(self, name: str) -> list[Any]:
        """What stands in a column, in the rows where it could be read."""
        return [row.entry[name] for row in self.rows if row.entry.get(name) is not None]

    def fault(self, row: Row, name: str, code: str, **facts: Any) -> Fault:
        """In the words of the file: its own column name, the value as it stands there."""
        value = row.cells.get(name)
        cell = value and value[:LONGEST_VALUE]
        return Fault(code, field=self.columns.get(name, name), line=row.line, value=cell, facts=facts)

    def refuse(self, faults: list[Fault]) -> None:
        """Raises `Invalid` if anything is wrong, with all of it, in the order of the lines."""
        found = sorted(self.faults + faults, key=lambda fault: fault.line)
        if found:
            raise Invalid("import.rows_wrong", faults=found[:MOST_FAULTS], count=len(found))
