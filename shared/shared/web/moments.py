"""Days and times as people here write them, in French and in Arabic: `jeudi 5 mars 2026`, `14 h 30`."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

LOCALES = {"fr": "fr", "ar": "ar_MA"}
TIMES = {"fr": "H 'h' mm", "ar": "H:mm"}


def day_of(moment: date | datetime, zone: str, language: str) -> str:
    """Of a moment, the day it is then in that zone."""
    local = moment.astimezone(ZoneInfo(zone)) if isinstance(moment, datetime) else moment
    written = format_date(local, "EEEE d MMMM y", locale=LOCALES[language])
    return written.replace(" 1 ", " 1er ") if language == "fr" else written


def time_of(moment: datetime, zone: str, language: str) -> str:
    local = moment.astimezone(ZoneInfo(zone))
    return format_time(local, TIMES[language], locale=LOCALES[language]).replace(" ", "\u00a0")
