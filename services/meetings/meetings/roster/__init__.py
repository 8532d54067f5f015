"""Who belongs to which community, as membership tells it."""

from .projections import ROSTER, Community, Member
