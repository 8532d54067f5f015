"""What stands at the head of each column of a list as a file, and the words in its cells, as people read them.

The words are those that imports of files understand, so that a list can be corrected and sent again.
"""

from enum import StrEnum
from typing import Any

LANGUAGES = ("fr", "ar", "en")

COLUMNS = {
    "ppr": ("PPR", "رقم التأجير", "PPR"),
    "name_fr": ("Nom en français", "الاسم بالفرنسية", "Name in French"),
    "name_ar": ("Nom en arabe", "الاسم بالعربية", "Name in Arabic"),
    "gender": ("Sexe", "الجنس", "Gender"),
    "cycle": ("Cycle", "السلك", "Cycle"),
    "school_code": ("Code de l’établissement", "رمز المؤسسة", "School code"),
    "email": ("Adresse électronique", "البريد الإلكتروني", "E-mail"),
    "phone": ("Téléphone", "الهاتف", "Phone"),
    "language": ("Langue", "اللغة", "Language"),
    "appointed_on": ("Date de nomination", "تاريخ التعيين", "Appointed on"),
    "code": ("Code (GRESA)", "رمز المؤسسة (GRESA)", "Code (GRESA)"),
    "main_code": ("Établissement de rattachement", "المؤسسة الأصلية", "Main school"),
    "setting": ("Milieu", "الوسط", "Setting"),
    "longitude": ("Longitude", "خط الطول", "Longitude"),
    "latitude": ("Latitude", "خط العرض", "Latitude"),
    "state": ("État", "الوضعية", "State"),
    "is_home": ("Communauté territoriale", "جماعة ترابية", "Home community"),
    "is_open": ("Ouverte aux demandes de l’académie", "مفتوحة لطلبات الأكاديمية", "Open to the academy"),
    "theme_fr": ("Thématique en français", "الموضوع بالفرنسية", "Theme in French"),
    "theme_ar": ("Thématique en arabe", "الموضوع بالعربية", "Theme in Arabic"),
    "mandate_ends_on": ("Fin du mandat", "نهاية المهمة", "Mandate ends on"),
}

WORDS = {
    "primary": ("primaire", "الابتدائي"),
    "lower_secondary": ("collégial", "الإعدادي"),
    "upper_secondary": ("qualifiant", "التأهيلي"),
    "female": ("féminin", "أنثى"),
    "male": ("masculin", "ذكر"),
    "fr": ("français", "الفرنسية"),
    "ar": ("arabe", "العربية"),
    "urban": ("urbain", "حضري"),
    "rural": ("rural", "قروي"),
    "remote": ("isolé", "ناء"),
    "planned": ("en préparation", "قيد الإعداد"),
    "forming": ("en formation", "قيد التكوين"),
    "active": ("active", "نشيطة"),
    "dormant": ("en sommeil", "متوقفة مؤقتا"),
    "dissolved": ("dissoute", "منحلة"),
}
YES_OR_NO = {True: ("oui", "نعم", "yes"), False: ("non", "لا", "no")}


def headers(names: tuple[str, ...], language: str) -> list[str]:
    return [COLUMNS[name][LANGUAGES.index(language)] for name in names]


def written(value: Any, language: str) -> Any:
    """A cell as somebody reads it in this language; what is no word of ours stays as it is."""
    place = LANGUAGES.index(language)
    if isinstance(value, bool):
        return YES_OR_NO[value][place]
    if isinstance(value, StrEnum):
        return (*WORDS[value], value.value)[place]
    return value
