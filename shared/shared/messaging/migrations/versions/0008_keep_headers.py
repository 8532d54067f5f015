"""Add the headers of an answer that is kept: which edition it told of, and where that is.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("kept_answer", sa.Column("headers", sa.JSON, nullable=False, server_default="{}"))
