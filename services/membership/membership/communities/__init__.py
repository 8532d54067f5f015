"""Communities and how they stand: canvases, rules, companions, what is told of their meetings."""

from .model.accompaniment import Accompaniment, AccompanimentState
from .model.alarm import Alarm
from .model.canvas import FILLED_IN, Canvas
from .model.community import Community
from .model.life import CommunityState
from .model.rules import Rules
from .policy import ORGANISES, companion, neighbour
from .projections import KnownMeeting, KnownPractice, Part, Participation
from .queries import (
    AT_ONCE,
    KEEPS_ITS_KEY,
    alarms_of,
    canvases_by_id,
    canvases_to_follow,
    community,
    community_in,
    rules_in_force,
    signs_of_life,
)
from .schemas import AlarmSchema, CommunitySchema, KnownCommunitySchema, RulesSchema
from .use_cases import periods, take_note
