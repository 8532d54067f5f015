"""Add who coordinates communities and how they stand, which all listeners keep; unknown of what was told before.

`rebuild` fills it from the past.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("community", sa.Column("coordinator_id", sa.Uuid))
    op.add_column("community", sa.Column("state", sa.String))
    op.add_column("community", sa.Column("is_dissolved", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("ix_community_coordinator_id", "community", ["coordinator_id"])
