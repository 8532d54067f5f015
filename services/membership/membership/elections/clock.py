"""An election is closed when its time is over."""

from . import use_cases

deadlines = [(5, use_cases.close_due_elections)]
