"""The ten steps of launching a community: each is done once facts prove it; nobody ticks anything.

The one place where the names of the steps stand, in the order of the recipe.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID


class StepState(StrEnum):
    OPEN = "open"
    DONE = "done"


class WhyOpen(StrEnum):
    NOT_PROVED = "not_proved"
    NOT_TOLD = "not_told_yet"  # no service tells anything that could prove it


class Evidence(StrEnum):
    CANVAS_FOUNDED = "canvas_founded"
    MEMBER_JOINED = "member_joined"
    MEETING_HELD = "meeting_held"
    COORDINATOR_CONFIRMED = "coordinator_confirmed"
    RULES_ADOPTED = "rules_adopted"
    RULES_REVISED = "rules_revised"
    MEETING_SCHEDULED = "meeting_scheduled"
    MINUTES_PUBLISHED = "minutes_published"
    PRACTICE_PUBLISHED = "practice_published"


E = Evidence


@dataclass(frozen=True)
class Recipe:
    """One step: what proves it, and how many such facts it takes."""

    name: str
    label_fr: str
    label_ar: str
    label_en: str
    evidence: tuple[Evidence, ...]
    needed: int = 1


RECIPES = (
    Recipe(
        "objectives",
        "Définir les objectifs stratégiques et opérationnels",
        "تحديد الأهداف الاستراتيجية والإجرائية",
        "Define the strategic and operational objectives",
        (E.CANVAS_FOUNDED,),
    ),
    Recipe(
        "key_members",
        "Identifier et engager les membres clés",
        "تحديد الأعضاء الأساسيين وضمان انخراطهم",
        "Identify and engage the key members",
        (E.MEMBER_JOINED,),
        needed=3,
    ),
    Recipe(
        "first_exchanges",
        "Faciliter les premiers échanges",
        "تيسير التبادلات الأولى",
        "Facilitate the first exchanges",
        (E.MEETING_HELD,),
    ),
    Recipe(
        "governance",
        "Assurer le pilotage par une gouvernance tournante",
        "ضمان القيادة من خلال حكامة بالتناوب",
        "Steer by a rotating governance",
        (E.COORDINATOR_CONFIRMED,),
    ),
    Recipe(
        "charter",
        "Rédiger une charte",
        "صياغة ميثاق",
        "Write a charter",
        (E.RULES_ADOPTED,),
    ),
    Recipe(
        "calendar",
        "Établir un premier calendrier de rencontres",
        "وضع جدول زمني أول للقاءات",
        "Draw up a first calendar of meetings",
        (E.MEETING_SCHEDULED,),
        needed=3,
    ),
    Recipe(
        "collaboration",
        "Mettre en place une plateforme de collaboration et les outils adéquats",
        "توفير منصة للتعاون والأدوات المناسبة",
        "Set up a platform of collaboration and fitting tools",
        (E.MINUTES_PUBLISHED, E.PRACTICE_PUBLISHED),
    ),
    Recipe(
        "engagement",
        "Promouvoir et maintenir l'engagement et la participation active dans la durée",
        "تعزيز الانخراط والمشاركة الفعالة والحفاظ عليهما على المدى الطويل",
        "Promote and keep up active participation over time",
        (E.MEETING_HELD,),
        needed=3,
    ),
    Recipe(
        "impact",
        "Mesurer et évaluer l'impact de la communauté",
        "قياس أثر الجماعة وتقييمه",
        "Measure and evaluate the impact of the community",
        (),
    ),
    Recipe(
        "evolution",
        "Adapter et faire évoluer la communauté",
        "تكييف الجماعة وتطويرها",
        "Adapt the community and let it evolve",
        (E.RULES_REVISED,),
    ),
)
MOST_NEEDED = max(recipe.needed for recipe in RECIPES)


@dataclass(frozen=True)
class Fact:
    """What happened, to which thing, and on which day where that was told."""

    what: Evidence
    thing_id: UUID | None
    happened_on: date | None


@dataclass(frozen=True)
class Step:
    """One of the ten, as it stands for a community; `facts` are those that count for it, the earliest first."""

    number: int
    recipe: Recipe
    facts: Sequence[Fact]

    @property
    def state(self) -> StepState:
        return StepState.DONE if self.reason is None else StepState.OPEN

    @property
    def reason(self) -> WhyOpen | None:
        if not self.recipe.evidence:
            return WhyOpen.NOT_TOLD
        return WhyOpen.NOT_PROVED if len(self.facts) < self.recipe.needed else None


def ten_steps(known: Mapping[Evidence, Sequence[Fact]]) -> list[Step]:
    return [Step(number, recipe, _facts(recipe, known)) for number, recipe in enumerate(RECIPES, start=1)]


def _facts(recipe: Recipe, known: Mapping[Evidence, Sequence[Fact]]) -> list[Fact]:
    found = [fact for evidence in recipe.evidence for fact in known.get(evidence, ())]
    return sorted(found, key=lambda fact: fact.happened_on or date.max)[: recipe.needed]
