"""HTTP in, HTTP out; no rule lives here."""

from .academies import academies
from .canvases import canvases
from .communities import communities
from .companions import companions
from .elections import elections
from .entries import entries
from .exports import exports
from .imports import imports
from .joining import joining
from .life import life
from .links import links
from .offices import offices
from .operations import operations
from .organisation import organisation
from .people import people
from .planning import planning
from .plans import plans
from .privacy import privacy
from .units import units

blueprints = [
    units,
    operations,
    offices,
    people,
    academies,
    organisation,
    communities,
    companions,
    elections,
    entries,
    exports,
    imports,
    joining,
    links,
    privacy,
    canvases,
    life,
    plans,
    planning,
]
