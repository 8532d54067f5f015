"""Folding: what people write alike is found alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.folding import fold

pytestmark = pytest.mark.both_databases

FOLDED = [
    # French
    ("École", "ecole"),
    ("ÉLÈVES À L'ÉCOLE", "eleves a l ecole"),
    ("L\u2019école d\u2019été", "l ecole d ete"),
    ("cœur, Œuvre, æquo", "coeur oeuvre aequo"),
    ("garçon Noël naïf où", "garcon noel naif ou"),
    ("e\u0301cole", "ecole"),
    ("porte-à-porte", "porte a porte"),
    ("«Lire», (vite)...", "lire vite"),
    ("100% de réussite", "100% de reussite"),
    ("a_b\\c", "a_b\\c"),
    ("ﬁches", "fiches"),
    ("co\u00adopération", "cooperation"),
    # Arabic
    ("مُدَرِّسَةٌ", "مدرسه"),
    ("مدرســـة", "مدرسه"),
    ("المدرسة", "مدرسه"),
    ("والمدرسة", "مدرسه"),
    ("بالمدرسة", "مدرسه"),
    ("أستاذ إدارة آباء ٱسم", "استاذ اداره اباء اسم"),
    ("الأم", "الام"),
    ("ألم", "الم"),
    ("والد", "والد"),
    ("على مستوى", "علي مستوي"),
    ("مؤسسة بيئة", "موسسه بييه"),
    ("ﻣﺪﺭﺳﺔ", "مدرسه"),
    ("٣ أقسام، ٤٥ تلميذا", "3 اقسام 45 تلميذا"),
    ("\u200fمدرسة\u200e", "مدرسه"),
    ("الألعاب", "عاب"),
    # neither
    ("", ""),
    ("  \n\t ", ""),
    ("?!", ""),
]


@pytest.mark.parametrize(("written", "folded"), FOLDED)
def test_words_fold(written, folded):
    assert fold(written) == folded


ALIKE = [
    ("ألعاب", "الألعاب"),
    ("الأُطُر", "الاطر"),
    ("إدارة", "ادارة"),
    ("مستوى", "المستوي"),
    ("élève", "ELEVE"),
    ("œuvre", "OEUVRE"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_spellings_of_one_word_fold_alike(one, other):
    assert fold(one) == fold(other)


ARABIC = st.text(st.characters(min_codepoint=0x0600, max_codepoint=0x06FF) | st.just(" "))


@given(st.text() | ARABIC)
def test_folding_twice_changes_nothing(text):
    assert fold(fold(text)) == fold(text)
