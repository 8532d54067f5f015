"""Add which communities are dissolved: nothing is planned for them any more.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("community", sa.Column("is_dissolved", sa.Boolean, nullable=False, server_default=sa.false()))
