"""HTTP in, HTTP out; no rule lives here."""

from .academies import academies
from .communities import communities
from .companions import companions
from .elections import elections
from .entries import entries
from .links import links
from .organisation import organisation
from .privacy import privacy

blueprints = [academies, organisation, communities, companions, elections, entries, links, privacy]
