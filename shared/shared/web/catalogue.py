"""What codes say to people: the texts of what all services share, and each service's own, in three languages."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("fr", "ar", "en")
FALLBACK = "fr"  # what most readers here read
SHARED = Path(__file__).with_name("problems.toml")

AND = {"fr": ", ", "ar": "، ", "en": ", "}
DAYS = {"fr": "%d/%m/%Y", "ar": "%d/%m/%Y", "en": "%Y-%m-%d"}  # western digits, as in Morocco

Texts = Mapping[str, Mapping[str, Any]]


class _Blanks(dict):
    """A fact that was not given leaves a gap: no text may turn a refusal into an error of ours."""

    def __missing__(self, name: str) -> str:
        return "…"


@dataclass(frozen=True)
class Catalogue:
    """Three tables. `problems`: titles and details; `reasons`: of faults in what was sent; `words`: of our lists."""

    problems: Texts
    reasons: Texts
    words: Texts

    @classmethod
    def of(cls, *places: Path) -> "Catalogue":
        """Later files may not say again what earlier ones said; a test asks for that."""
        read = [_read(place) for place in places]
        return cls(*(_merged(file.get(table, {}) for file in read) for table in ("problems", "reasons", "words")))

    def status(self, code: str) -> int:
        return self.problems[code]["status"]

    def title(self, code: str, language: str) -> str:
        return self.problems[code][language]["title"] if code in self.problems else code

    def detail(self, code: str, language: str, facts: Mapping[str, Any]) -> str:
        return self._fill(self.problems[code][language]["detail"], language, facts) if code in self.problems else code

    def reason(self, code: str, language: str, facts: Mapping[str, Any]) -> str:
        return self._fill(self.reasons[code][language], language, facts) if code in self.reasons else code

    def _fill(self, text: str, language: str, facts: Mapping[str, Any]) -> str:
        return text.format_map(_Blanks({name: self._written(fact, language) for name, fact in facts.items()}))

    def _written(self, fact: Any, language: str) -> str:
        match fact:
            case StrEnum():
                return self._label(fact, language)
            case datetime():
                return f"{fact.astimezone(UTC):{DAYS[language]} %H:%M} UTC"
            case date():
                return f"{fact:{DAYS[language]}}"
            case list() | tuple() | set() | frozenset():
                return AND[language].join(self._written(each, language) for each in fact)
        return str(fact)

    def _label(self, word: StrEnum, language: str) -> str:
        labels = self.words.get(type(word).__name__, {}).get(word.value, {})
        return labels.get(language, word.value)


@cache
def _read(place: Path) -> Mapping[str, Texts]:
    return tomllib.loads(place.read_text(encoding="utf-8"))


def _merged(tables: Iterable[Texts]) -> Texts:
    return {code: texts for table in tables for code, texts in table.items()}
