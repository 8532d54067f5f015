"""From the text of a letter to its HTML: the same paragraphs, each dressed as what it is."""

from collections.abc import Iterator
from dataclasses import dataclass

from . import wording


@dataclass(frozen=True)
class Block:
    """A paragraph of a letter. `kind` is text, facts, list, quote, action or reason; `label` names an action."""

    kind: str
    lines: list[str]
    label: str = ""


def dress(subject: str, body: str, *, language: str, link: str) -> str:
    """An HTML document that says what `body` says; only `link` becomes a link."""
    paragraphs = [paragraph.splitlines() for paragraph in body.split("\n\n")]
    *said, reason = [_block(lines, link) for lines in paragraphs]
    blocks = [*said, Block("reason", reason.lines)]
    direction = wording.DIRECTIONS[language]
    return wording.page(subject=subject, blocks=blocks, language=language, direction=direction, link=link)


def _block(lines: list[str], link: str) -> Block:
    if lines[-1] == link:
        return Block("action", [link], label=lines[0].rstrip(" \u00a0:"))
    if all(line.startswith(">") for line in lines):
        return Block("quote", list(_without("> ", lines)))
    if all(line.startswith("- ") for line in lines):
        return Block("list", list(_without("- ", lines)))
    return Block("facts" if len(lines) > 1 else "text", lines)


def _without(mark: str, lines: list[str]) -> Iterator[str]:
    return (line.removeprefix(mark) for line in lines)
