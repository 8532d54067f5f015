"""What a principal consents to when joining a community: the six attitudes, in the words that were shown.

The one place where these texts stand. A changed wording is a new version at the end; old ones stay: consents name them.
"""

from dataclasses import dataclass

ATTITUDES = (
    "volunteering",
    "openness_to_change",
    "motivation",
    "curiosity",
    "initiative_and_self_discipline",
    "ethical_conduct",
)


@dataclass(frozen=True)
class Attitude:
    """One of the six, as people read it."""

    name: str
    title_fr: str
    title_ar: str
    text_fr: str
    text_ar: str


@dataclass(frozen=True)
class ConsentText:
    """One version of what is consented to. Once somebody has consented to it, it never changes."""

    version: str
    intro_fr: str
    intro_ar: str
    attitudes: tuple[Attitude, ...]


FIRST = ConsentText(
    version="2026-1",
    intro_fr=(
        "La participation à une communauté de pratiques professionnelles est volontaire. En acceptant l’invitation, "
        "vous souscrivez aux six attitudes qui la font vivre, et vous consentez à ce que votre nom et vos coordonnées "
        "professionnelles servent à l’organisation de la communauté. Vous pouvez retirer ce consentement à tout "
        "moment : vous quittez alors la communauté."
    ),
    intro_ar=(
        "المشاركة في جماعة الممارسات المهنية مشاركة تطوعية. بقبولكم الدعوة، تلتزمون بالمواقف الستة التي تقوم عليها "
        "حياة الجماعة، وتوافقون على استعمال اسمكم ومعلومات الاتصال المهنية الخاصة بكم لتنظيم عمل الجماعة. "
        "ويمكنكم سحب هذه الموافقة في أي وقت، وتغادرون الجماعة عندئذ."
    ),
    attitudes=(
        Attitude(
            "volunteering",
            "Le volontariat",
            "التطوع",
            "Je participe de mon plein gré et je respecte la liberté de chacune et de chacun de participer ou non.",
            "أشارك بمحض إرادتي، وأحترم حرية كل واحدة وكل واحد في المشاركة أو عدمها.",
        ),
        Attitude(
            "openness_to_change",
            "L’ouverture au changement",
            "الانفتاح على التغيير",
            "J’accepte de questionner mes pratiques et d’en essayer de nouvelles.",
            "أقبل مساءلة ممارساتي وتجريب ممارسات جديدة.",
        ),
        Attitude(
            "motivation",
            "La motivation",
            "الحافزية",
            "Je m’engage dans la durée pour progresser et faire progresser mon établissement.",
            "ألتزم التزاما مستمرا بالارتقاء بأدائي وبأداء مؤسستي.",
        ),
        Attitude(
            "curiosity",
            "La curiosité",
            "حب الاستطلاع",
            "Je cherche à comprendre ce que font mes pairs et ce que leur expérience peut m’apprendre.",
            "أسعى إلى فهم ما يقوم به زملائي وزميلاتي وإلى الاستفادة من تجاربهم.",
        ),
        Attitude(
            "initiative_and_self_discipline",
            "L’initiative et l’autodiscipline",
            "المبادرة والانضباط الذاتي",
            "Je propose, je contribue et je tiens les engagements que je prends envers la communauté.",
            "أقترح وأساهم وأفي بالالتزامات التي أتعهد بها تجاه الجماعة.",
        ),
        Attitude(
            "ethical_conduct",
            "La conduite éthique",
            "السلوك الأخلاقي",
            "Je traite mes pairs avec respect et je garde confidentiel ce qui se dit dans la communauté.",
            "أتعامل مع زملائي وزميلاتي باحترام، وأحافظ على سرية ما يقال داخل الجماعة.",
        ),
    ),
)
CONSENT_TEXTS = (FIRST,)
VERSIONS = tuple(text.version for text in CONSENT_TEXTS)
CURRENT_VERSION = VERSIONS[-1]
