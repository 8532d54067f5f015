"""Add plans, their places, wishes and measures.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Nothing yet."""
