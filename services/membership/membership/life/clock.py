"""Whether a community still lives is looked at day by day."""

from . import use_cases

deadlines = [(60, use_cases.watch_communities)]
