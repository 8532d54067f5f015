"""The marks on the picture of a plan: who is in which group, hosts, lines of text; all with attributes alone."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ..queries.maps import Territory

# Okabe and Ito, Color Universal Design: told apart by people of all kinds of colour vision.
COLOURS = ("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#F0E442", "#999999")
INK, FAINT, PAPER = "#1b1b1b", "#5f6368", "#ffffff"

SHAPES = (
    "M-5 0a5 5 0 1 0 10 0a5 5 0 1 0-10 0z",
    "M-4.6-4.6h9.2v9.2h-9.2z",
    "M0-6L5.6 4.4H-5.6z",
    "M0-6.4L6.4 0L0 6.4L-6.4 0z",
)
LONGEST_NAME = 30


@dataclass(frozen=True)
class Look:
    """By which a group is told from the others."""

    colour: str
    shape: str


def looks_of(territories: Sequence[Territory]) -> dict[int, Look]:
    """By group. While colours last each has its own; then the one whose other groups are farthest away."""
    looks: dict[int, Look] = {}
    hosts = {territory.group.number: territory.host for territory in territories}
    for number in hosts:
        uses = {colour: [n for n, look in looks.items() if look.colour == colour] for colour in COLOURS}
        rarest = min(len(used) for used in uses.values())
        free = [colour for colour in COLOURS if len(uses[colour]) == rarest]
        colour = max(free, key=lambda one: min((_apart(hosts[number], hosts[n]) for n in uses[one]), default=0.0))
        looks[number] = Look(colour, SHAPES[rarest % len(SHAPES)])
    return looks


def _apart(one: tuple[float, float] | None, other: tuple[float, float] | None) -> float:
    return math.dist(one, other) if one and other else 0.0


def marker(look: Look, *, is_far: bool = False, is_fixed: bool = False, is_guessed: bool = False) -> Markup:
    """Colours change from group to group, shapes once all colours are used; far is ringed, fixed is dotted."""
    ring = Markup('<circle r="9.5" fill="none" stroke="{}" stroke-width="2"/>').format(INK) if is_far else ""
    dash = Markup(' stroke-dasharray="2 1.5" fill-opacity=".35"') if is_guessed else ""
    body = Markup('<path d="{}" fill="{}" stroke="{}" stroke-width="1"{}/>').format(look.shape, look.colour, INK, dash)
    dot = Markup('<circle r="2" fill="{}"/>').format(INK) if is_fixed else ""
    return Markup("{}{}{}").format(ring, body, dot)


def badge(number: int) -> Markup:
    """White on black, so that a number is read on any colour."""
    return Markup(
        '<rect x="-12" y="-10" width="24" height="20" rx="4" fill="{}" stroke="{}" stroke-width="1.5"/>'
        '<text y="5" text-anchor="middle" font-size="13" font-weight="700" fill="{}">{}</text>'
    ).format(INK, PAPER, PAPER, number)


def cut(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"


def put(x: float, y: float, what: Markup) -> Markup:
    return Markup('<g transform="translate({} {})">{}</g>').format(x, y, what)


def titled(x: float, y: float, title: str, what: Markup) -> Markup:
    """The title shows when a pointer rests there."""
    return put(x, y, Markup("<title>{}</title>{}").format(title, what))


def text(
    x: float,
    y: float,
    words: str,
    language: str,
    *,
    size: int,
    weight: int = 400,
    colour: str = INK,
    ends: bool = False,
    anchor: str = "",
) -> Markup:
    """In Arabic a line starts at the right: `x` is then its right end."""
    direction = Markup(' direction="rtl"') if language == "ar" else ""
    return Markup('<text x="{}" y="{}" font-size="{}" font-weight="{}" fill="{}" text-anchor="{}"{}>{}</text>').format(
        x, y, size, weight, colour, anchor or ("end" if ends else "start"), direction, words
    )


def rect(x: float, y: float, width: float, height: float) -> Markup:
    return Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="6" fill="#f7f7f5" stroke="#d5d5d0"/>').format(
        x, y, width, height
    )


def written(value: float, language: str) -> str:
    """As people write it: with a comma in French and, in Morocco, in Arabic."""
    told = f"{value:g}"
    return told if language == "en" else told.replace(".", ",")
