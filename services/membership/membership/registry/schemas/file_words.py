"""Words that stand in the Ministry's files for ours: in French, in Arabic, with or without accents, article or case."""

from enum import StrEnum
from functools import lru_cache

from membership.organisation import Cycle, Level, Setting, ZoneKind
from membership.people import Gender, Language
from shared.domain.folding import fold

from .list_labels import WORDS as WRITTEN

OTHERS: dict[StrEnum, tuple[str, ...]] = {
    Cycle.LOWER_SECONDARY: ("collège", "secondaire collégial", "الثانوي الإعدادي"),
    Cycle.UPPER_SECONDARY: ("lycée", "secondaire qualifiant", "الثانوي التأهيلي"),
    Setting.RURAL: ("القروي",),
    Setting.URBAN: ("الحضري",),
    Gender.FEMALE: ("f", "femme"),
    Gender.MALE: ("m", "h", "homme", "masculin"),
    Level.ACADEMY: ("académie", "académie régionale", "AREF", "أكاديمية", "أكاديمية جهوية"),
    Level.DELEGATION: ("délégation", "direction provinciale", "DP", "نيابة", "مديرية إقليمية"),
    Level.ZONE: ("zone", "منطقة"),
    ZoneKind.PEDAGOGICAL_ZONE: ("zone pédagogique", "zone d'inspection", "منطقة تربوية"),
    ZoneKind.SCHOOL_BASIN: ("bassin scolaire", "bassin", "حوض مدرسي"),
}
AS_WRITTEN = {word: WRITTEN[word] for kind in (Cycle, Setting, Gender, Language) for word in kind}
WORDS = {fold(theirs): ours for words in (AS_WRITTEN, OTHERS) for ours, written in words.items() for theirs in written}
SATELLITE = {fold(word) for word in ("satellite", "unité satellite", "فرعية", "203")}


@lru_cache(maxsize=2**12)
def understood(word: str) -> str:
    """Our word for it, or what stands there."""
    return WORDS.get(fold(word), word.strip().lower())


def is_satellite(kind: str) -> bool:
    return fold(kind) in SATELLITE
