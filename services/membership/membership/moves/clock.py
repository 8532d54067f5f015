"""What was decided for a day is done on it."""

from .use_cases import taking

deadlines = [(60, taking.take_due_effects)]
