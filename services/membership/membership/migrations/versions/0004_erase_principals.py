"""Add when a principal was erased.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("principal", sa.Column("erased_at", sa.DateTime(timezone=True)))
