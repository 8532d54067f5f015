"""Add the officers and companions who are written to.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Nothing yet."""
