"""HTTP in, HTTP out; no rule lives here."""

from .entries import entries
from .exports import communities, exports
from .imports import imports
from .organisation import organisation

blueprints = [entries, communities, exports, imports, organisation]
