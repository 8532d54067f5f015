"""Add who headed which school from when to when, and who belonged where; officers and companions.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    _create_posting()
    _create_stay()


def _create_posting() -> None:
    op.create_table(
        "posting",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("principal_id", sa.Uuid, sa.ForeignKey("principal.id"), nullable=False),
        sa.Column("school_id", sa.Uuid, sa.ForeignKey("school.id"), index=True),
        sa.Column("absence", sa.String(40)),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date),
        sa.Column("operation_id", sa.Uuid, sa.ForeignKey("operation.id"), index=True),
        sa.UniqueConstraint("principal_id", "starts_on", name="uq_posting_principal_id_starts_on"),
        sa.CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="ends_later"),
        sa.CheckConstraint("(school_id IS NULL) <> (absence IS NULL)", name="post_or_reason"),
    )


def _create_stay() -> None:
    op.create_table(
        "stay",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("community_id", sa.Uuid, sa.ForeignKey("community.id"), nullable=False, index=True),
        sa.Column("principal_id", sa.Uuid, sa.ForeignKey("principal.id"), nullable=False, index=True),
        sa.Column("is_home", sa.Boolean, nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True)),
        sa.Column("leaving", sa.String(40)),
    )
    at_home = sa.text("is_home AND left_at IS NULL")
    op.create_index(
        "uq_stay_home", "stay", ["principal_id"], unique=True, postgresql_where=at_home, sqlite_where=at_home
    )
