"""The roster of every community, as membership tells it, in this service's own database."""

from practices.tables import Base
from shared import roster
from shared.domain.units import Unit


class Community(roster.Community, Base):
    """A community; where it moves, moves who reads what was written for its Delegation."""


class Member(roster.Member, Base):
    """Who belongs to a community, or did."""


class Accompaniment(roster.Accompaniment, Base):
    """Who accompanies a community, or did."""


ROSTER = roster.Roster(Community, Member, Accompaniment)

projections = [Community, Member, Accompaniment, Unit]
