"""What every listener keeps of membership: communities, who belongs to them, who accompanies them; one definition.

Three classes of a service mix the tables into its own database. A `Roster` of them keeps what is told, answers what
policies ask, and says what archives, erasure and rebuild need.
"""

from .keepers import UnknownCommunity as UnknownCommunity
from .keepers import UnknownMember as UnknownMember
from .relations import CommunityCard as CommunityCard
from .relations import Roster as Roster
from .tables import Accompaniment as Accompaniment
from .tables import Community as Community
from .tables import Member as Member
