"""The table of letters as a page for people: which letter goes to whom, about what."""

from collections.abc import Iterator

from .table import LETTERS, Row

INTRODUCTION = """# Letters

About which event who is written to, of what the letter may speak, whether its reader can switch it off, and whether it
may wait for a digest. Of several letters about one event, the first that somebody gets is the only one.
Each is worded in `services/notifications/notifications/letters/templates/`, in French and in Arabic.

| letter | event | to | speaks of | can be switched off | may wait |
| --- | --- | --- | --- | --- | --- |
"""


def page() -> str:
    return INTRODUCTION + "\n".join(map(_line, LETTERS)) + "\n"


def _line(row: Row) -> str:
    spoken = ", ".join(_words(thing.__name__) for thing in row.speaks_of) or "the event alone"
    cells = [row.kind, row.event.__name__, _words(row.to.__name__), spoken, *_yes_or_no(row.may_refuse, row.may_wait)]
    return f"| {' | '.join(cells)} |"


def _yes_or_no(*flags: bool) -> Iterator[str]:
    return ("yes" if flag else "no" for flag in flags)


def _words(name: str) -> str:
    return name.replace("_", " ")
