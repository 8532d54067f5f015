"""Add how communities stand, which all listeners keep; null of what was told before, until this service is rebuilt.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("community", sa.Column("state", sa.String))
    op.create_index("ix_community_delegation_id", "community", ["delegation_id"])
