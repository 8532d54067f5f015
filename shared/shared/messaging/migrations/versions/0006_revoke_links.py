"""Add the links that are no longer taken.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Nothing yet."""
