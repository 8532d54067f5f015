"""The legend of a plan's picture: each group with its mark and its figures, then what the other marks mean."""

from collections.abc import Iterator, Mapping
from typing import Any

from markupsafe import Markup

from ..queries.maps import PlanMap, Territory
from .map_labels import WORDS
from .map_marks import FAINT, Look, badge, cut, marker, put, text, written

ROW = 26
FIGURES_FROM = 84  # where the column of figures begins, counted from the far end of a line
BESIDE = 9  # lines that are there whatever the number of groups


def height_of(map: PlanMap) -> int:
    return (len(map.territories) + BESIDE) * ROW


class Legend:
    """Line by line, from the side where its language begins: `left` and `right` are its ends on the picture."""

    def __init__(self, language: str, left: float, right: float, top: float) -> None:
        self._language, self._words = language, WORDS[language]
        self._start, self._onward = (right, -1) if language == "ar" else (left, 1)
        self._width, self._y = right - left, top + ROW / 2

    def drawn(self, map: PlanMap, looks: Mapping[int, Look], bottom: float) -> Iterator[Markup]:
        figures = {group["group"]: group for group in map.plan.figures.get("groups", ())}
        yield self._heading()
        for territory in map.territories:
            yield self._group(territory, looks[territory.group.number], figures.get(territory.group.number, {}))
        self._y += ROW
        yield from self._signs(map, next(iter(looks.values())))
        self._y = bottom
        yield self._line(0, self._words["state"], size=12, colour=FAINT)

    def _signs(self, map: PlanMap, look: Look) -> Iterator[Markup]:
        far = self._words["far"].format(km=written(map.plan.parameters["farthest_km"], self._language))
        yield self._sign(badge(1), self._words["host"])
        yield self._sign(marker(look, is_far=True), far)
        yield self._sign(marker(look, is_fixed=True), self._words["fixed"])
        yield self._sign(marker(look, is_guessed=True), self._words["guessed"])
        if map.nowhere:
            yield self._sign(Markup(""), self._words["nowhere"].format(count=map.nowhere))

    def _heading(self) -> Markup:
        figures = f"{self._words['size']} · {self._words['way']}"
        return self._ended(
            self._line(0, self._words["group"], size=13, weight=600),
            self._line(self._width, figures, size=12, ends=True),
        )

    def _group(self, territory: Territory, look: Look, figures: Mapping[str, Any]) -> Markup:
        group = territory.group
        name = cut(group.name_ar if self._language == "ar" else group.name_fr)
        ways = [written(figures.get(way, 0), self._language) for way in ("median_km", "worst_km")]
        return self._ended(
            put(self._across(8), self._y - 4, marker(look)),
            self._line(24, f"{group.number}. {name}", size=13),
            self._line(self._width - FIGURES_FROM, str(len(territory.spots)), size=13, ends=True),
            self._line(self._width, " / ".join(ways), size=13, ends=True),
        )

    def _sign(self, sign: Markup, words: str) -> Markup:
        return self._ended(put(self._across(12), self._y - 4, sign), self._line(32, words, size=12))

    def _across(self, offset: float) -> float:
        return self._start + self._onward * offset

    def _line(self, offset: float, words: str, **look: Any) -> Markup:
        return text(self._across(offset), self._y, words, self._language, **look)

    def _ended(self, *parts: Markup) -> Markup:
        self._y += ROW
        return Markup("").join(parts)
