"""What crosses HTTP of a search."""

from marshmallow import fields

from practices.repertoire import Cycle, Language, State
from shared.web.paging import PageRequest
from shared.web.text import Text


class SearchSchema(PageRequest):
    q = Text(longest=200, may_be_blank=True, load_default="", metadata={"description": "Words, all to be found."})
    cycle = fields.Enum(Cycle, by_value=True, metadata={"description": "Finds what is meant for all cycles, too."})
    language = fields.Enum(Language, by_value=True)
    state = fields.Enum(
        State,
        by_value=True,
        load_default=State.PUBLISHED,
        metadata={
            "title": "PracticeState",
            "description": "`draft` gives the caller's own drafts, `archived` what is kept but not shown.",
        },
    )
