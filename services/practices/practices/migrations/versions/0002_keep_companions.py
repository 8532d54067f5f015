"""Add who accompanies which community.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Nothing yet."""
