"""Add how units stood through time, zones, names of levels, and operations; what stands now has stood ever since.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _create_operation()
    _create_standing()


def _create_operation() -> None:
    op.create_table(
        "operation",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_sequence", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("scope_id", sa.Uuid, nullable=False, index=True),
        sa.Column("effective_on", sa.Date, nullable=False),
        sa.Column("decided_by", sa.String, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String),
        sa.Column("changes", sa.JSON, nullable=False),
        sa.Column("undone_by", sa.String),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
    )


def _create_standing() -> None:
    op.create_table(
        "standing",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("unit_id", sa.Uuid, nullable=False, index=True),
        sa.Column("level", sa.String(40), nullable=False),
        sa.Column("parent_id", sa.Uuid, index=True),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("name_fr", sa.String, nullable=False),
        sa.Column("name_ar", sa.String, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date),
        sa.Column("operation_id", sa.Uuid, sa.ForeignKey("operation.id"), index=True),
        sa.UniqueConstraint("unit_id", "starts_on", name="uq_standing_unit_id_starts_on"),
        sa.CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="ends_later"),
    )
