"""Add who is mentioned where, and who was erased.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Nothing yet."""
