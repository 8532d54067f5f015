"""Add imports: files, rows on their way in, mappings that were saved.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Nothing yet."""
