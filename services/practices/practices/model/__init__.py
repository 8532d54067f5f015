"""What this service owns: practices, and how their words are folded for searching."""

from shared.domain.folding import fold

from .practice import Audience, Cycle, Language, Practice, Setting, State
from .tables import Base

__all__ = ["Audience", "Base", "Cycle", "Language", "Practice", "Setting", "State", "fold"]
