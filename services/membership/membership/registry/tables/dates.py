"""Days as people and spreadsheets write them: one way for a whole column, found out from all of it."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from shared.domain.refusals import Invalid

from .cells import ARABIC_DIGITS

PARTS = re.compile(r"(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4})")
ISO = re.compile(r"(\d{4})[/.\-](\d{1,2})[/.\-](\d{1,2})(?:[T ]00:00(?::00)?)?")
SERIAL = re.compile(r"\d{5}(?:\.0+)?")
FIRST_SERIAL_DAY = date(1899, 12, 30)


def _iso(text: str) -> date | None:
    found = ISO.fullmatch(text)
    return _day(found[1], found[2], found[3]) if found else None


def _day_first(text: str) -> date | None:
    found = PARTS.fullmatch(text)
    return _day(found[3], found[2], found[1]) if found else None


def _month_first(text: str) -> date | None:
    found = PARTS.fullmatch(text)
    return _day(found[3], found[1], found[2]) if found else None


def _serial(text: str) -> date | None:
    return FIRST_SERIAL_DAY + timedelta(days=int(float(text))) if SERIAL.fullmatch(text) else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


READERS: dict[str, Callable[[str], date | None]] = {
    "yyyy-mm-dd": _iso,
    "dd/mm/yyyy": _day_first,
    "mm/dd/yyyy": _month_first,
    "serial": _serial,
}
DATE_FORMATS = tuple(READERS)


class DateColumn:
    """Sees every cell of a column, and then says how all of them are written."""

    def __init__(self, name: str, wished: str | None) -> None:
        self.name, self._wished = name, wished
        self._fits: Counter[str] = Counter()
        self._differs = False

    def see(self, cell: str) -> None:
        text = cell.strip().translate(ARABIC_DIGITS)
        days = {format: day for format, read in READERS.items() if (day := read(text))}
        self._fits.update(days.keys())
        self._differs = self._differs or len(set(days.values())) > 1

    def decided(self) -> str:
        """That which fits most cells; the others are faults. Refuses to toss a coin for the day and the month."""
        if self._wished:
            return self._wished
        best = max(DATE_FORMATS, key=self._fits.__getitem__)
        rival = {"dd/mm/yyyy": "mm/dd/yyyy", "mm/dd/yyyy": "dd/mm/yyyy"}.get(best)
        if rival and self._fits[rival] == self._fits[best] and self._differs:
            raise Invalid("import.ambiguous_dates", column=self.name)
        return best
