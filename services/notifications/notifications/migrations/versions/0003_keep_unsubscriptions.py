"""Add which kinds of mail somebody does not want, and where each mail says so.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "unsubscription",
        sa.Column("principal_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("principal_id", "kind", name="pk_unsubscription"),
    )
    op.add_column("message", sa.Column("unsubscribe_url", sa.String))
