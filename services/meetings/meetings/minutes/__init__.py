"""Minutes: the traces of a meeting, written and published."""

from .model import Minutes
