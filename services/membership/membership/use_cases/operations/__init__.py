"""Operations: decided for a day, done on it, taken back as a whole."""

from .deciding import close_unit, merge_units, move_unit, open_unit, rename_unit, split_unit
from .effects import EFFECTS, Effect, follow_up
from .taking import take_due_effects, undo_operation

__all__ = [
    "EFFECTS",
    "Effect",
    "close_unit",
    "follow_up",
    "merge_units",
    "move_unit",
    "open_unit",
    "rename_unit",
    "split_unit",
    "take_due_effects",
    "undo_operation",
]
