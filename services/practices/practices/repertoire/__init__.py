"""Practices of the shared repertoire: drafted, published, archived."""

from .model import Cycle, Language, Practice, State
from .policy import visible_to
from .schemas import PracticeSchema
