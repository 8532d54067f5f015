"""Add the community that a message is about: nullable, so that the previous release goes on writing without it.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("message", sa.Column("community_id", sa.Uuid))
    op.create_index("ix_message_community_id", "message", ["community_id"])
