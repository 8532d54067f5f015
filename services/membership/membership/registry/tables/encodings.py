"""In which encoding a file of texts was saved: said by a mark, proved by UTF-8's own form, or else guessed.

What spreadsheets of this country write besides UTF-8 are the code pages of Windows for French and for Arabic, and that
of old Macintoshes. In the right one of these, most of what is beyond ASCII are letters of French or Arabic.
"""

import codecs
import re
from io import BytesIO

from shared.domain.refusals import Invalid

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
ENCODINGS = ("utf-8", "utf-16", "windows-1252", "windows-1256", "mac-roman")
SAMPLE = 256 * 1024  # bytes
CODE_PAGES = ("windows-1252", "windows-1256", "mac-roman")  # of two that say the same, the first

FRENCH = (
    "\u00e0\u00e2\u00e4\u00e7\u00e9\u00e8\u00ea\u00eb\u00ee\u00ef\u00f4\u00f6\u00f9\u00fb\u00fc\u0153\u2019\u00ab\u00bb"
)
EXPECTED = re.compile(f"[{FRENCH}{FRENCH.upper()}\u0621-\u0652\u060c\u061b\u061f]")
BEYOND_ASCII = re.compile(rb"[\x80-\xff]")
NEVER_TYPED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def encoding_of(file: bytes, wished: str | None) -> str:
    """One that can read all of the file. Refuses with the line where one that was asked for cannot."""
    if wished in (None, "utf-8", "utf-16"):
        marked = next((name for mark, name in MARKS if file.startswith(mark)), None)
        if marked and (wished is None or marked.startswith(wished)):
            return _demand_readable(file, marked)
    return _demand_readable(file, wished) if wished else _guessed(file)


def _guessed(file: bytes) -> str:
    if b"\x00" in file[:SAMPLE]:
        return _demand_texts(file, _order_of(file))
    if _is_readable(file, "utf-8"):
        return _demand_texts(file, "utf-8")
    return _demand_texts(file, _code_page(file))


def _order_of(file: bytes) -> str:
    """Of two bytes for a letter, that which is nearly always zero comes last where the small end is first."""
    sample = file[:SAMPLE]
    return "utf-16-le" if sample[1::2].count(0) > sample[0::2].count(0) else "utf-16-be"


def _code_page(file: bytes) -> str:
    telling = _telling_lines(file)
    return max(CODE_PAGES, key=lambda page: len(EXPECTED.findall(telling.decode(page, "replace"))))


def _telling_lines(file: bytes) -> bytes:
    """As many as are needed, one at a time: there may be millions."""
    told = bytearray()
    for line in BytesIO(file):
        if len(told) >= SAMPLE:
            break
        told += line if BEYOND_ASCII.search(line) else b""
    return bytes(told[:SAMPLE])


def _demand_texts(file: bytes, encoding: str) -> str:
    """What nobody types shows that it is no text, or none in this encoding."""
    if not _is_readable(file, encoding) or NEVER_TYPED.search(file[:SAMPLE].decode(encoding, "ignore")):
        raise Invalid("import.unknown_encoding", encodings=list(ENCODINGS))
    return encoding


def _demand_readable(file: bytes, encoding: str) -> str:
    try:
        file.decode(encoding)
    except UnicodeDecodeError as error:
        line = file[: error.start].count(b"\n") + 1
        code = "import.not_utf8" if encoding.startswith("utf-8") else "import.not_in_encoding"
        raise Invalid(code, line=line, encoding=encoding) from error
    return encoding


def _is_readable(file: bytes, encoding: str) -> bool:
    try:
        file.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
