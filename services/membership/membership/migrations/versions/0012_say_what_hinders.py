"""Add to operations what stands in their way once their day has come, and since when.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("operation", sa.Column("hindrance", sa.JSON))
    op.add_column("operation", sa.Column("hindered_at", sa.DateTime(timezone=True)))
