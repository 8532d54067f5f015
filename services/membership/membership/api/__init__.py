"""HTTP in, HTTP out; no rule lives here."""

from .communities import communities
from .elections import elections
from .organisation import organisation

blueprints = [organisation, communities, elections]
