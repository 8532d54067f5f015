"""Add the audit trail.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Nothing yet."""
