"""Folding: words as people write them, in French or in Arabic, made alike so that a search finds them.

L'École         ->  l ecole    accents, case, apostrophes
cœur            ->  coeur      ligatures
الأُطُر, اطر      ->  اطر        vowel marks, hamza, the article
مدرسة, مدرسه    ->  مدرسه      ta marbuta
على, علي        ->  علي        alef maqsura
"""

import unicodedata
from functools import lru_cache

ARTICLES = ("وال", "بال", "ال")  # the longest first
SHORTEST_WITH_ARTICLE = 5  # letters: in a shorter word these are often letters of the root

# What decomposition (NFKD) leaves apart: it already takes accents, vowel marks and hamza off their letters.
ALIKE = str.maketrans(
    {
        "œ": "oe",
        "æ": "ae",
        "ø": "o",
        "ı": "i",
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "ة": "ه",
        "ـ": "",
        **{arabic: str(digit) for digit, arabic in enumerate("٠١٢٣٤٥٦٧٨٩")},
    }
)
SEPARATORS = str.maketrans(dict.fromkeys("'`\u2018\u2019\u02bc\"«»“”,;:.!?…()[]{}-‐‑–—،؛؟", " "))
INVISIBLE = ("Mn", "Cf")  # marks on letters; signs that only steer the direction of writing


def fold(text: str) -> str:
    """The words of a text, folded, with one space between them. Folding twice changes nothing."""
    return " ".join(filter(None, map(_folded, text.split())))


@lru_cache(maxsize=2**14)  # words of names and titles come again and again
def _folded(written: str) -> str:
    """Of what stands between two spaces: one word, or some with an apostrophe or a hyphen between them."""
    lowered = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", written).casefold())
    bare = "".join(letter for letter in lowered if unicodedata.category(letter) not in INVISIBLE)
    return " ".join(_without_article(word) for word in bare.translate(ALIKE).translate(SEPARATORS).split())


def _without_article(word: str) -> str:
    while len(word) >= SHORTEST_WITH_ARTICLE and word.startswith(ARTICLES):
        article = next(article for article in ARTICLES if word.startswith(article))
        word = word.removeprefix(article)
    return word
