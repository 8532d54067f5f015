"""What all capabilities stand on: the register of tables, and lists as they come in."""

from .model import Base, Listed, Sought
from .schemas import Code
from .sheets import LONGEST_VALUE, ROWS_OF_A_SHEET, Packed, Row, Sheet, Sheets
