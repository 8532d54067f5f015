"""What a log may repeat of an error: always its kind and place, its words only where they tell of no person.

Whoever raises an error writes into it what they were working on: `KeyError: 'Rachida Meknassi'`. So words are kept of
those kinds alone that speak of connections, statements and codes. What is left out stands with the dead letter.
"""

import re
import sqlite3
import traceback
from collections.abc import Iterator

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from shared.domain.refusals import Refusal
from shared.events import Undecodable
from shared.messaging.subscriptions import Unrecoverable

LEFT_OUT = "(what it says is left out)"
OF_DATABASES = (SQLAlchemyError, psycopg.Error, sqlite3.Error)
OF_THINGS = (*OF_DATABASES, OSError, Undecodable)
LIBRARIES = ("amqp", "kombu", "requests", "urllib3", "jwt")  # whose errors speak of servers and tokens
IDS_ALONE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(, [0-9a-f-]{36})*")

AN_ADDRESS = re.compile(r"[^\s<>\"'(),:;/]{1,64}@[^\s<>\"'(),;/]+")
# "Failing row contains (...)", up to where SQLAlchemy, the traceback or the line goes on.
A_ROW = re.compile(r"DETAIL:.*?(?=\n\[SQL:|\n\n(?:The above|During)| \[(?:correlation|event|trace)=|\Z)", re.DOTALL)
A_VALUE = re.compile(r': "[^"\n]*"')  # invalid input syntax for type integer: "..."
A_WORD = re.compile(r"'[^']*'")  # Invalid enum value '...'

CAUSED = "\nThe above exception was the direct cause of the following exception:\n\n"
MEANWHILE = "\nDuring handling of the above exception, another exception occurred:\n\n"


def discreet(text: str) -> str:
    """Personal data left out, as far as they can be told from their form."""
    whole = A_ROW.sub("DETAIL: (left out)", text)
    return AN_ADDRESS.sub("(address)", whole) if "@" in whole else whole  # which is all but free, unlike the search


def said(error: BaseException) -> str:
    """In the error's own words, if they tell of no person."""
    if isinstance(error, Refusal):
        return error.code
    words = str(error)
    if isinstance(error, OF_DATABASES):
        return A_VALUE.sub(": (left out)", words)
    if isinstance(error, Undecodable):
        return A_WORD.sub("(left out)", words)
    return words if _speaks_of_things(error) or IDS_ALONE.fullmatch(words) or not words else LEFT_OUT


def _speaks_of_things(error: BaseException) -> bool:
    library = type(error).__module__.partition(".")[0]
    ours = library == "shared" and not isinstance(error, Unrecoverable)
    return isinstance(error, OF_THINGS) or library in LIBRARIES or ours


def told(error: BaseException) -> str:
    """The traceback as Python writes it, each error of the chain with what it may say."""
    return "".join(_parts(error)).rstrip("\n")


def _parts(error: BaseException) -> Iterator[str]:
    earlier = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if earlier is not None:
        yield from _parts(earlier)
        yield CAUSED if error.__cause__ else MEANWHILE
    yield "Traceback (most recent call last):\n"
    yield from traceback.format_tb(error.__traceback__)
    words = said(error)
    yield f"{_name(error)}: {words}\n" if words else f"{_name(error)}\n"


def _name(error: BaseException) -> str:
    module, name = type(error).__module__, type(error).__qualname__
    return name if module == "builtins" else f"{module}.{name}"
