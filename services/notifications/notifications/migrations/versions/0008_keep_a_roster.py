"""Keep who left and when they had joined, who accompanies, and how communities stand, as all listeners do.

What was told before has none of this until `rebuild` fills it from the past.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("community", sa.Column("state", sa.String))
    op.add_column("community", sa.Column("is_dissolved", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_index("ix_community_delegation_id", "community", ["delegation_id"])
    op.add_column("member", sa.Column("name_fr", sa.String, nullable=False, server_default=""))
    op.add_column("member", sa.Column("name_ar", sa.String, nullable=False, server_default=""))
    op.add_column("member", sa.Column("joined_at", Moment))
    op.add_column("member", sa.Column("has_left", sa.Boolean, nullable=False, server_default=sa.false()))
    _create_accompaniment()


def _create_accompaniment() -> None:
    op.create_table(
        "accompaniment",
        sa.Column("community_id", sa.Uuid, nullable=False),
        sa.Column("companion_id", sa.Uuid, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.Column("has_ended", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("community_id", "companion_id", name="pk_accompaniment"),
    )
