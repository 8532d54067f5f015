"""How letters are worded: templates, and the filters they use for names, days, forms of address and quoted text."""

import re
import unicodedata
from datetime import date, datetime
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from shared.web.moments import day_of, time_of

DIRECTIONS = {"fr": "ltr", "ar": "rtl"}
FOREIGN = {"fr": {"R", "AL"}, "ar": {"L"}}  # strong letters of the other direction (Unicode Bidi_Class)

SALUTATIONS = {
    "fr": {"female": "Madame la Directrice", "male": "Monsieur le Directeur", "": "Madame, Monsieur"},
    "ar": {"female": "السيدة المديرة المحترمة", "male": "السيد المدير المحترم", "": "تحية طيبة"},
}

# Institutions get renamed; templates name them by these words alone.
INSTITUTIONS = {"fr": {"delegation": "Délégation"}, "ar": {"delegation": "النيابة"}}

FIRST_STRONG_ISOLATE, POP_ISOLATE = "\u2068", "\u2069"
# Marks that turn the direction of all that follows: only this module sets them, and always in pairs.
TURNS_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
NOT_ON_ONE_LINE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
SPARE_LINES = re.compile("\n{3,}")
CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")


def one_line(text: str) -> str:
    """What may stand in a header of a mail: no line break of any kind, no control character."""
    return NOT_ON_ONE_LINE.sub(" ", text).strip()


def compose(template: str, language: str, **facts: Any) -> str:
    """The whole text of a letter: subject, blank line, paragraphs separated by one blank line each."""
    words = {"language": language, **INSTITUTIONS[language], **facts}
    written = TEXTS.get_template(f"{template}.{language}.txt").render(words)
    return SPARE_LINES.sub("\n\n", written).strip()


def page(**content: Any) -> str:
    """The same letter as an HTML document."""
    return PAGES.get_template("layout.html").render(**content)


def isolate(text: str, language: str) -> str:
    """Text in the other script keeps its own direction and does not disturb the sentence around it."""
    foreign = any(unicodedata.bidirectional(letter) in FOREIGN[language] for letter in text)
    return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}" if foreign else text


@pass_context
def line(context: Context, text: str) -> str:
    """What somebody wrote, on one line."""
    return isolate(one_line(TURNS_DIRECTION.sub("", text)), context["language"])


@pass_context
def name(context: Context, named: Any) -> str:
    """The name of whatever has one in both languages, in the reader's; else in the other."""
    own, other = (named.name_ar, named.name_fr) if context["language"] == "ar" else (named.name_fr, named.name_ar)
    return line(context, own or other)


@pass_context
def quote(context: Context, text: str) -> str:
    """What somebody wrote, marked as theirs line by line, so that it can pass for nothing else."""
    lines = (line(context, written) for written in text.splitlines())
    return "\n".join(f"> {written}" for written in lines if written)


@pass_context
def day(context: Context, moment: date | datetime) -> str:
    """`jeudi 5 mars 2026`; of a moment, the day it is then in the zone of the letter."""
    return day_of(moment, context["zone"], context["language"])


@pass_context
def time(context: Context, moment: datetime) -> str:
    return time_of(moment, context["zone"], context["language"])


@pass_context
def salutation(context: Context, reader: Any) -> str:
    forms = SALUTATIONS[context["language"]]
    return forms.get(reader.gender, forms[""])


def gendered(person: Any, male: str, female: str) -> str:
    """`{{ reader | gendered("invité", "invitée") }}`"""
    return female if person.gender == "female" else male


@pass_context
def counted(context: Context, number: int, *forms: str) -> str:
    """`{{ weeks | counted("chaque semaine", "toutes les {} semaines") }}`; Arabic has four forms, of numbers to 99."""
    choose = {"fr": lambda: number > 1, "ar": lambda: (number > 1) + (number > 2) + (number > 10)}
    return forms[choose[context["language"]]()].format(number)


def _printable(value: Any) -> Any:
    return CONTROL.sub("", value) if isinstance(value, str) else value


LETTERS = PackageLoader("notifications.letters", "templates")
SHAPE: dict[str, Any] = {"loader": LETTERS, "undefined": StrictUndefined}
# Text is text: escaping belongs to the HTML layout alone, which wraps what was composed here.
TEXTS = Environment(autoescape=False, finalize=_printable, **SHAPE)
TEXTS.filters.update({f.__name__: f for f in (line, name, quote, day, time, salutation, gendered, counted)})
PAGES = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, **SHAPE)
