"""Add canvases, rules, and what tells a living community from a sleeping one.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Nothing yet."""
