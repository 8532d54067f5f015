"""A file of the Ministry's once it has been read, and how what is wrong with it is told."""

import pickle
import zlib
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from shared.domain.refusals import Fault, Invalid

MOST_FAULTS = 1000
LONGEST_VALUE = 200  # characters of a cell that a fault repeats
ROWS_OF_A_SHEET = 1000  # of a large file
T = TypeVar("T")


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
        found = sorted(self.faults + faults, key=lambda fault: fault.line or 0)
        if found:
            raise Invalid("import.rows_wrong", faults=found[:MOST_FAULTS], count=len(found))


class Packed(Generic[T]):
    """Many things in the order of their coming, small enough for memory: each packed by itself, by us and for us."""

    def __init__(self) -> None:
        self.count = 0
        self._packs: list[bytes] = []

    def add(self, thing: T, count: int) -> None:
        self.count += count
        self._packs.append(zlib.compress(pickle.dumps(thing, pickle.HIGHEST_PROTOCOL), level=1))

    def __iter__(self) -> Iterator[T]:
        for pack in self._packs:
            yield pickle.loads(zlib.decompress(pack))


@dataclass
class Sheets:
    """A whole file as sheets of many rows, packed, with what only the whole file tells.

    `keys`: how often each key stands in it; `attached`: what each row names in the column `attached_by` (each school's
    main school, say), as far as the file says, by the code of the Delegation that its rows name; `found`: how the file
    was read.
    """

    key: str
    columns: Mapping[str, str]
    attached_by: str | None = None
    found: dict[str, Any] = field(default_factory=dict)
    keys: Counter[Hashable] = field(default_factory=Counter)
    attached: dict[str | None, dict[Hashable, str | None]] = field(default_factory=dict)
    packed: Packed[Sheet] = field(default_factory=Packed)

    @property
    def rows(self) -> int:
        return self.packed.count

    def add(self, sheet: Sheet) -> None:
        self.keys.update(sheet.all(self.key))
        if self.attached_by:
            for entry in (row.entry for row in sheet.rows if self.key in row.entry):
                named = self.attached.setdefault(entry.get("delegation_code"), {})
                named[entry[self.key]] = entry.get(self.attached_by)
        self.packed.add(sheet, len(sheet.rows))

    def __iter__(self) -> Iterator[Sheet]:
        """With the faults of codes that stand in the file twice, wherever the other one is."""
        for sheet in self.packed:
            sheet.faults.extend(self._twice(sheet))
            yield sheet

    def _twice(self, sheet: Sheet) -> Iterator[Fault]:
        for row in sheet.rows:
            if self.keys[row.entry.get(self.key)] > 1:
                yield sheet.fault(row, self.key, "import.row_twice")

    def as_one(self) -> Sheet:
        """Of a small file."""
        whole = Sheet(self.key, self.columns)
        for sheet in self:
            whole.rows.extend(sheet.rows)
            whole.faults.extend(sheet.faults)
        return whole
