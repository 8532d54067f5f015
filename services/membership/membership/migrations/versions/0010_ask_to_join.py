"""Add asking to join, and circles.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Nothing yet."""
