"""What can be asked of the lists of a Delegation: which entries, in which order."""

from marshmallow import Schema, fields

from membership.communities import CommunityState
from membership.organisation import Cycle, Setting
from membership.people import Gender
from shared.web.paging import PageRequest, SortedRequest
from shared.web.text import Line

from ..queries.lists import PrincipalOrder, SchoolOrder


class PrincipalsFilter(Schema):
    """Without a wish for it, a field narrows nothing down."""

    sort = fields.Enum(PrincipalOrder, by_value=True, load_default=PrincipalOrder.ID)
    q = Line(
        longest=200,
        load_default=None,
        metadata={"description": "Words of names, in French or Arabic, as people write them; or a number (PPR)."},
    )
    cycle = fields.Enum(Cycle, by_value=True, load_default=None)
    gender = fields.Enum(Gender, by_value=True, load_default=None)
    school_code = Line(longest=20, load_default=None)
    zone_id = fields.UUID(load_default=None, metadata={"description": "Schools of this zone and of those within it."})
    newcomer = fields.Boolean(load_default=None, metadata={"description": "Appointed less than 24 months ago."})
    without_home = fields.Boolean(load_default=None, metadata={"description": "Member of no home community."})


class PrincipalsRequest(PrincipalsFilter, SortedRequest):
    """A page of these."""


class SchoolsFilter(Schema):
    sort = fields.Enum(SchoolOrder, by_value=True, load_default=SchoolOrder.ID)
    q = Line(longest=200, load_default=None, metadata={"description": "Words of names, or of a national code."})
    cycle = fields.Enum(Cycle, by_value=True, load_default=None)
    setting = fields.Enum(Setting, by_value=True, load_default=None)
    zone_id = fields.UUID(load_default=None, metadata={"description": "Of this zone and of those within it."})
    is_main = fields.Boolean(load_default=None, metadata={"description": "Main schools, or satellites."})
    vacant = fields.Boolean(load_default=None, metadata={"description": "Main schools that nobody heads, or somebody."})


class SchoolsRequest(SchoolsFilter, SortedRequest):
    """A page of these."""


class CommunitiesFilter(Schema):
    state = fields.Enum(CommunityState, by_value=True, load_default=None)
    is_home = fields.Boolean(load_default=None, metadata={"description": "Territorial, or thematic."})
    is_open = fields.Boolean(load_default=None)


class CommunitiesRequest(CommunitiesFilter, PageRequest):
    """A page of these."""
