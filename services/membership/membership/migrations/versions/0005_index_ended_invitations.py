"""Add an index of the invitations that came to nothing, so that the oldest are found when their time is over.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    ended = sa.text("state IN ('declined', 'lapsed')")
    op.create_index("ix_membership_ended", "membership", ["answer_by"], postgresql_where=ended, sqlite_where=ended)
