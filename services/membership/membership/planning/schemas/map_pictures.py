"""A plan as a picture (SVG) that any browser shows by itself: no script, no font, no tile from anywhere.

Groups are told apart by colour, by shape and by number, since not everybody sees all colours. Everything is drawn with
attributes, so that the page may forbid styles and scripts altogether. In Arabic the legend stands on the other side.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ..model.plan_parts import PlacedBy
from ..queries.maps import PlanMap, Spot, Territory
from .map_labels import WORDS
from .map_legend import Legend, height_of
from .map_marks import FAINT, INK, PAPER, Look, badge, looks_of, marker, rect, text, titled, written

WIDTH, MAP, MARGIN, HEAD, LOWEST = 1280, 800, 24, 84, 720
FONTS = "Noto Sans, Noto Sans Arabic, DejaVu Sans, sans-serif"
STEPS = (1, 2, 5, 10, 20, 50, 100, 200)  # kilometres that a scale can show
KM_OF_A_DEGREE = 111.195
SMALLEST = 0.01  # degrees: places closer together than that are not drawn farther apart than they look from there
Point = tuple[float, float]


@dataclass(frozen=True)
class Frame:
    """From longitude and latitude to places on the picture: distances keep their proportions in both directions."""

    west: float
    north: float
    squeeze: float
    scale: float
    left: float
    top: float

    @classmethod
    def around(cls, points: Sequence[Point], left: float, height: float) -> "Frame":
        west, east = min(lon for lon, _ in points), max(lon for lon, _ in points)
        south, north = min(lat for _, lat in points), max(lat for _, lat in points)
        squeeze = math.cos(math.radians((south + north) / 2))
        wide, high = max((east - west) * squeeze, SMALLEST), max(north - south, SMALLEST)
        room = MAP - 4 * MARGIN, height - 4 * MARGIN
        scale = min(room[0] / wide, room[1] / high)
        beside = (room[0] - wide * scale) / 2, (room[1] - high * scale) / 2
        return cls(west, north, squeeze, scale, left + 2 * MARGIN + beside[0], HEAD + 2 * MARGIN + beside[1])

    def at(self, point: Point) -> Point:
        x = self.left + (point[0] - self.west) * self.squeeze * self.scale
        return round(x, 1), round(self.top + (self.north - point[1]) * self.scale, 1)

    def length(self, km: float) -> float:
        return round(km / KM_OF_A_DEGREE * self.scale, 1)


def picture_of(map: PlanMap, language: str) -> str:
    height = max(LOWEST, HEAD + height_of(map) + 2 * MARGIN)
    looks, is_mirrored = looks_of(map.territories), language == "ar"
    map_left = WIDTH - MARGIN - MAP if is_mirrored else MARGIN
    beside = MARGIN if is_mirrored else MAP + 2 * MARGIN
    legend = Legend(language, beside, beside + WIDTH - MAP - 3 * MARGIN, HEAD)
    parts = [
        _head(map, language),
        rect(map_left, HEAD, MAP, height - HEAD - MARGIN),
        *_land(map, looks, language, map_left, height - HEAD - MARGIN),
        *(legend.drawn(map, looks, height - MARGIN) if looks else ()),
    ]
    return _whole(_title(map, language), language, height, parts)


def _whole(title: str, language: str, height: int, parts: Sequence[Markup]) -> str:
    opening = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" role="img" '
        'style="max-width:100%;height:auto" lang="{language}" font-family="{fonts}" fill="{ink}" aria-label="{label}">'
        '<rect width="{w}" height="{h}" fill="{paper}"/>\n'
    ).format(w=WIDTH, h=height, language=language, fonts=FONTS, ink=INK, label=title, paper=PAPER)
    return opening + Markup("\n").join(parts) + Markup("</svg>\n")


def _title(map: PlanMap, language: str) -> str:
    name = map.delegation.name_ar if language == "ar" else map.delegation.name_fr
    return WORDS[language]["title"].format(name=name)


def _head(map: PlanMap, language: str) -> Markup:
    figures, x = map.plan.figures, WIDTH - MARGIN if language == "ar" else MARGIN
    told = {"people": figures.get("people", 0), "groups": len(map.territories)}
    told |= {way: written(figures.get(f"{way}_km", 0), language) for way in ("median", "worst")}
    subtitle = WORDS[language]["subtitle"].format(**told)
    title = text(x, 36, _title(map, language), language, size=22, weight=600)
    return title + text(x, 62, subtitle, language, size=14, colour=FAINT)


def _land(map: PlanMap, looks: Mapping[int, Look], language: str, left: float, height: float) -> Iterator[Markup]:
    """Outlines, then people, then hosts with the numbers of their groups, each above what came before."""
    points = [spot.point for spot in map.spots] + [each.host for each in map.territories if each.host]
    if not points:
        return
    frame = Frame.around(points, left, height)
    outlined = (each for each in map.territories if len(each.outline) > 2)
    yield from (_outline(frame, each, looks[each.group.number].colour) for each in outlined)
    yield from (_spot(frame, spot, looks[spot.group], language) for spot in map.spots)
    yield from (_host(frame, each, each.host) for each in map.territories if each.host)
    yield _scale(frame, language, left + MARGIN, HEAD + height - MARGIN)


def _outline(frame: Frame, territory: Territory, colour: str) -> Markup:
    places = [frame.at(point) for point in territory.outline]
    corners = " ".join(f"{x},{y}" for x, y in places)
    return Markup(
        '<polygon points="{}" fill="{}" fill-opacity=".13" stroke="{}" stroke-width="1.5" stroke-linejoin="round"/>'
    ).format(corners, colour, colour)


def _spot(frame: Frame, spot: Spot, look: Look, language: str) -> Markup:
    told = {"code": spot.school_code, "group": spot.group, "km": written(round(spot.km, 1), language)}
    is_guessed = spot.placed_by is not PlacedBy.SCHOOL
    mark = marker(look, is_far=spot.is_far, is_fixed=spot.is_fixed, is_guessed=is_guessed)
    return titled(*frame.at(spot.point), WORDS[language]["spot"].format(**told), mark)


def _host(frame: Frame, territory: Territory, host: Point) -> Markup:
    return titled(*frame.at(host), territory.group.host_code, badge(territory.group.number))


def _scale(frame: Frame, language: str, x: float, y: float) -> Markup:
    km = max((step for step in STEPS if frame.length(step) <= MAP / 3), default=STEPS[0])
    length, label = frame.length(km), WORDS[language]["km"].format(km=km)
    line = Markup('<path d="M{} {}v-6v6h{}v-6" fill="none" stroke="{}" stroke-width="1.5"/>').format(x, y, length, INK)
    return line + text(x + length / 2, y - 9, label, language, size=12, anchor="middle")
