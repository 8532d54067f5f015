"""HTTP in, HTTP out: no rule here."""

from typing import Any

from flask import g

from practices.repertoire import PracticeSchema
from shared.web.audit import audited
from shared.web.paging import paged
from shared.web.resources import Blueprint

from . import queries, schemas

practices = Blueprint(
    "search", __name__, url_prefix="/v1/practices", tag="practices", description="The shared repertoire"
)


@practices.get("")
@practices.arguments(schemas.SearchSchema, location="query")
@practices.response(200, paged(PracticeSchema))
@audited(persons="items.author_id")
def search_practices(wish: dict[str, Any]):
    """Find practices by words, in French and in Arabic as people write them, among those open to the caller."""
    return queries.search(g.session, g.actor, **wish)


blueprints = [practices]
