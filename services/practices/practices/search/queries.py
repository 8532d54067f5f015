"""Finding practices by words, in French and in Arabic as people write them."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from practices.repertoire import Cycle, Language, Practice, State, visible_to
from shared.domain.actor import Actor
from shared.domain.folding import fold
from shared.domain.paging import Page, page
from shared.domain.policy import EVERYTHING, permit


def search(session: Session, actor: Actor, *, q: str, state: State, **where: Any) -> Page:
    """Practices that hold every word of `q`, in the order in which they were drafted."""
    permit(session, actor, "search_practices", EVERYTHING)
    facets = _facets(cycle=where.pop("cycle", None), language=where.pop("language", None))
    found = select(Practice).where(visible_to(actor), Practice.state == state, *facets, *_holding(q))
    return page(session, found, Practice.id, **where)


def _facets(cycle: Cycle | None, language: Language | None) -> Iterator[ColumnElement[bool]]:
    """What is meant for all cycles is found under each."""
    if cycle:
        yield Practice.cycle.in_((cycle, Cycle.ALL))
    if language:
        yield Practice.language == language


def _holding(words: str) -> Iterator[ColumnElement[bool]]:
    return (Practice.search_text.contains(word, autoescape=True) for word in fold(words).split())
