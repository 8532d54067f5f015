"""Add who acts for which unit, since officers are written to.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "office",
        sa.Column("officer_id", sa.Uuid, nullable=False),
        sa.Column("unit_id", sa.Uuid, nullable=False, index=True),
        sa.Column("level", sa.String, nullable=False),
        sa.Column("function", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("officer_id", "unit_id", name="pk_office"),
    )
