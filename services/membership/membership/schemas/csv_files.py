"""The cells of a CSV file, line by line, under our names; knows nothing of what they mean."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping

from shared.domain.refusals import Invalid

Cells = dict[str, str | None]
TOO_MANY_CELLS = ""  # no column has this name: what stands beyond the last one


def read_mapping(mapping: str, names: Iterable[str]) -> dict[str, str]:
    """Our name of a column -> the file's, as given by whoever sends the file."""
    try:
        given = json.loads(mapping)
    except (ValueError, RecursionError) as error:
        raise Invalid("import.bad_mapping", names=list(names)) from error
    is_of_texts = isinstance(given, dict) and all(isinstance(theirs, str) for theirs in given.values())
    if not is_of_texts or not given.keys() <= set(names):
        raise Invalid("import.bad_mapping", names=list(names))
    return given


def lines_of(file: bytes, columns: Mapping[str, str], demanded: set[str]) -> Iterator[tuple[int, Cells]]:
    """Each row that is not blank with the line where it begins; cells that have no column are absent."""
    rows = _rows(_decode(file))
    _, header = next(rows, (1, []))
    places = {name.strip(): place for place, name in enumerate(header)}
    _demand_columns(demanded, [name.strip() for name in header])
    for line, row in rows:
        cells = {ours: _cell(row, places[theirs]) for ours, theirs in columns.items() if theirs in places}
        beyond = next((cell for cell in row[len(header) :] if cell.strip()), None)
        yield line, cells | ({TOO_MANY_CELLS: beyond} if beyond else {})


def _cell(row: list[str], place: int) -> str | None:
    return row[place] if place < len(row) else None


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield begins, row
            begins = reader.line_num + 1
    except csv.Error as error:
        raise Invalid("import.not_csv", line=begins) from error


def _decode(file: bytes) -> str:
    try:
        return file.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = file[: error.start].count(b"\n") + 1
        raise Invalid("import.not_utf8", line=line) from error


def _demand_columns(demanded: set[str], found: list[str]) -> None:
    missing, twice = demanded - set(found), {name for name in demanded if found.count(name) > 1}
    if missing:
        raise Invalid("import.no_columns", columns=sorted(missing))
    if twice:
        raise Invalid("import.columns_twice", columns=sorted(twice))
