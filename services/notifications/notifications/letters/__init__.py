"""What is said about which event to whom, in French and Arabic."""

from .letter import Letter, Rendered
from .table import EVENTS, LETTERS, MANDATORY, OPTIONAL
from .wording import one_line
