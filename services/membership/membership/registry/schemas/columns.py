"""Which column of a file means what: as its sender says, else by its own name; and the cells under our names."""

import json
from collections.abc import Iterable, Iterator, Mapping

from shared.domain.refusals import Invalid
from shared.web.spreadsheets import as_it_was

from ..tables.table import Table

Cells = dict[str, str | None]
TOO_MANY_CELLS = ""  # no column has this name: what stands beyond the last one


def read_mapping(mapping: str, names: Iterable[str]) -> dict[str, str]:
    """Our name of a column -> the file's, as given by whoever sends the file."""
    try:
        given = json.loads(mapping)
    except (ValueError, RecursionError) as error:
        raise Invalid("import.bad_mapping", names=list(names)) from error
    return demand_mapping(given, names)


def demand_mapping(given: object, names: Iterable[str]) -> dict[str, str]:
    known = set(names)
    if not isinstance(given, dict) or not all(isinstance(theirs, str) for theirs in given.values()):
        raise Invalid("import.bad_mapping", names=list(names))
    if not given.keys() <= known:
        raise Invalid("import.bad_mapping", names=list(names))
    return given


def cells_of(table: Table, columns: Mapping[str, str], demanded: set[str]) -> Iterator[tuple[int, Cells]]:
    """Each row that is not blank with the line where it begins; cells that have no column are absent."""
    header = [name.strip() for name in table.header]
    places = {name: place for place, name in enumerate(header)}
    _demand_columns(demanded, header)
    ours = [(name, places[theirs]) for name, theirs in columns.items() if theirs in places]
    for line, row in table.lines:
        cells: Cells = {name: as_it_was(row[place]) if place < len(row) else None for name, place in ours}
        beyond = next((cell for cell in row[len(header) :] if cell.strip()), None)
        yield line, cells | ({TOO_MANY_CELLS: beyond} if beyond else {})


def _demand_columns(demanded: set[str], found: list[str]) -> None:
    missing, twice = demanded - set(found), {name for name in demanded if found.count(name) > 1}
    if missing:
        raise Invalid("import.no_columns", columns=sorted(missing))
    if twice:
        raise Invalid("import.columns_twice", columns=sorted(twice))
