"""Which fields of events are about people, and what becomes of them once the person is erased.

principal_id: PersonId       whose the personal fields beside it are
name_fr: NameFr              replaced by "Ancien membre" once that person is erased
community_id: CommunityId    where the texts beside it were written
summary: Words               written by people: it may name anybody of that community
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, NamedTuple, get_type_hints
from uuid import UUID

from ._declare import declared
from ._upcast import read_as


class FormerMember(NamedTuple):
    """What stands for an erased person: in place of a name, and within a sentence."""

    name_fr: str = "Ancien membre"
    name_ar: str = "عضو سابق"
    in_text_fr: str = "un ancien membre"
    in_text_ar: str = "عضو سابق"


FORMER_MEMBER = FormerMember()


@dataclass(frozen=True)
class Personal:
    """Marks a field that tells something of the person; `erased` makes of its value what may stay."""

    erased: Callable[[Any], Any]


class _Mark:
    """Says what a field is for; compared by identity."""


_PERSON, _COMMUNITY, _WORDS, _COPY = _Mark(), _Mark(), _Mark(), _Mark()

PersonId = Annotated[UUID, _PERSON]
CommunityId = Annotated[UUID, _COMMUNITY]
NameFr = Annotated[str, Personal(lambda _name: FORMER_MEMBER.name_fr)]
NameAr = Annotated[str, Personal(lambda _name: FORMER_MEMBER.name_ar)]
Email = Annotated[str, Personal(lambda _address: "")]
Traceable = Annotated[str, Personal(lambda _word: "")]  # leads back to the person, as the code of their school does
CopyForPerson = Annotated[str, Personal(lambda _text: "{}"), _COPY]  # of all that concerns them: others are in it too
YearOnly = Annotated[date, Personal(lambda day: f"{day[:4]}-01-01")]  # enough for seniority and statistics
Words = Annotated[str, _WORDS]
ManyWords = Annotated[list[str], _WORDS]


@dataclass(frozen=True)
class Traits:
    """What an event says of people: which of its fields are what."""

    person: str | None
    community: str | None
    personal: Mapping[str, Callable[[Any], Any]]
    texts: tuple[str, ...]
    copies: tuple[str, ...]

    @property
    def mentioned(self) -> tuple[str, ...]:
        """The fields with the ids under which the event must be found when somebody is erased."""
        found = (self.person if self.personal else None, self.community if self.texts else None)
        return tuple(field for field in found if field is not None)


NOTHING = Traits(None, None, {}, (), ())


def traits_of(wire_type: str) -> Traits:
    """As declared; an event of an earlier version, whose class is gone, has those of the later."""
    event_class = declared.get(wire_type) or declared.get(read_as(wire_type))
    return _traits(event_class) if event_class else NOTHING


@cache
def _traits(event_class: type) -> Traits:
    marks = {name: _marks(hint) for name, hint in get_type_hints(event_class, include_extras=True).items()}
    found = {
        mark: [name for name, held in marks.items() if mark in held] for mark in (_PERSON, _COMMUNITY, _WORDS, _COPY)
    }
    personal = {name: mark.erased for name, held in marks.items() for mark in held if isinstance(mark, Personal)}
    texts, copies = tuple(found[_WORDS]), tuple(found[_COPY])
    traits = Traits(_only(found[_PERSON]), _only(found[_COMMUNITY]), personal, texts, copies)
    if (personal and not traits.person) or (traits.texts and not traits.community):
        raise TypeError(f"{event_class.__name__} says something of people, and not of whom or in which community")
    return traits


def _marks(hint: Any) -> tuple[Any, ...]:
    return getattr(hint, "__metadata__", ())


def _only(names: list[str]) -> str | None:
    if len(names) > 1:
        raise TypeError(f"an event is about one person and one community, not about {' and '.join(names)}")
    return names[0] if names else None
