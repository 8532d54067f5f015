"""Add the traceparent of a message: nullable, so that the previous release goes on writing messages without one.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("message", sa.Column("traceparent", sa.String))
