"""Find what is held about one person by their id, in every table that names them.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

from alembic import op

revision = "0003"
down_revision = "0002"

PEOPLE = (
    ("invitation", "principal_id"),
    ("member", "principal_id"),
    ("meeting", "convener_id"),
    ("community", "coordinator_id"),
)


def upgrade() -> None:
    for table, column in PEOPLE:
        op.create_index(f"ix_{table}_{column}", table, [column])
