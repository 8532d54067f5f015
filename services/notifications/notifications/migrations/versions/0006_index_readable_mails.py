"""Add an index of the mails that say something still, so that the oldest are found when their time is over.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    readable = sa.text("text <> ''")
    op.create_index("ix_message_readable", "message", ["written_at"], postgresql_where=readable, sqlite_where=readable)
