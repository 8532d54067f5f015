"""Add consents, and archives of a person's data.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Nothing yet."""
