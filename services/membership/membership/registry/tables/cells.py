"""The text of one cell, without what cannot be seen."""

import re

# Marks of direction, joiners of no width, soft hyphens: they come along when people copy from other programs.
UNSEEN = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
ARABIC_DIGITS = str.maketrans("\u0660\u0661\u0662\u0663\u0664\u0665\u0666\u0667\u0668\u0669", "0123456789")


def plain(cell: str) -> str:
    """Two cells that look alike read alike."""
    return cell if cell.isascii() else UNSEEN.sub("", cell)
