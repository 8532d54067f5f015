"""From the text of a letter to its HTML: the same paragraphs, each dressed as what it is."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from . import wording


@dataclass(frozen=True)
class Block:
    """A paragraph of a letter. `kind` is text, facts, list, quote, action or reason.

    `label` names where `link` leads, which one comes to by an action, or at the end by the reason.
    """

    kind: str
    lines: list[str]
    label: str = ""
    link: str = ""


def dress(subject: str, body: str, *, language: str, links: Collection[str | None]) -> str:
    """An HTML document that says what `body` says; only `links` become links."""
    paragraphs = [paragraph.splitlines() for paragraph in body.split("\n\n")]
    *said, reason = paragraphs
    blocks = [*(_block(lines, links) for lines in said), _reason(reason, links)]
    direction = wording.DIRECTIONS[language]
    return wording.page(subject=subject, blocks=blocks, language=language, direction=direction)


def _reason(lines: list[str], links: Collection[str | None]) -> Block:
    if lines[-1] in links:
        *why, label, link = lines
        return Block("reason", why, _label(label), link)
    return Block("reason", lines)


def _label(line: str) -> str:
    return line.rstrip(" \u00a0:")


def _block(lines: list[str], links: Collection[str | None]) -> Block:
    if lines[-1] in links:
        return Block("action", [], _label(lines[0]), lines[-1])
    if all(line.startswith(">") for line in lines):
        return Block("quote", list(_without("> ", lines)))
    if all(line.startswith("- ") for line in lines):
        return Block("list", list(_without("- ", lines)))
    return Block("facts" if len(lines) > 1 else "text", lines)


def _without(mark: str, lines: list[str]) -> Iterator[str]:
    return (line.removeprefix(mark) for line in lines)
