"""Add who accompanies which community.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "accompaniment",
        sa.Column("community_id", sa.Uuid, nullable=False),
        sa.Column("companion_id", sa.Uuid, nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("has_ended", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("community_id", "companion_id", name="pk_accompaniment"),
    )
