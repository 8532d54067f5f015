"""Find what is held about one person by their id, in every table that names them.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_index("ix_member_principal_id", "member", ["principal_id"])
    op.create_index("ix_community_coordinator_id", "community", ["coordinator_id"])
