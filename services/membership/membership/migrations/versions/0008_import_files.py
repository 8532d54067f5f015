"""Add imports: files on their way in with what was wrong in them, and mappings that were saved.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    _create_import()
    _create_import_part()
    _create_import_fault()
    _create_column_mapping()


def _entity(name: str, *columns: sa.schema.SchemaItem) -> None:
    counts = (
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_sequence", sa.Integer, nullable=False),
    )
    op.create_table(name, sa.Column("id", sa.Uuid, primary_key=True), *counts, *columns)


def _create_import() -> None:
    counted = ("size_bytes", "rows", "created", "changed", "unchanged", "refused", "faults")
    _entity(
        "import",
        sa.Column("delegation_id", sa.Uuid, sa.ForeignKey("delegation.id"), index=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("is_dry_run", sa.Boolean, nullable=False),
        sa.Column("file_name", sa.String, nullable=False),
        sa.Column("columns", sa.JSON, nullable=False),
        sa.Column("reading", sa.JSON, nullable=False),
        sa.Column("found", sa.JSON, nullable=False),
        sa.Column("asked_by", sa.String, nullable=False),
        sa.Column("asked_as", sa.String(40), nullable=False),
        sa.Column("asked_for", sa.Uuid),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("file_gone_at", sa.DateTime(timezone=True)),
        sa.Column("refusal", sa.JSON),
        sa.Column("first_faults", sa.JSON, nullable=False),
        *(sa.Column(name, sa.Integer, nullable=False) for name in counted),
    )
    held = sa.text("file_gone_at IS NULL")
    op.create_index("ix_import_held", "import", ["ended_at"], postgresql_where=held, sqlite_where=held)


def _create_import_part() -> None:
    op.create_table(
        "import_part",
        sa.Column("import_id", sa.Uuid, sa.ForeignKey("import.id"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("content", sa.LargeBinary, nullable=False),
    )


def _create_import_fault() -> None:
    op.create_table(
        "import_fault",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("import_id", sa.Uuid, sa.ForeignKey("import.id"), nullable=False, index=True),
        sa.Column("line", sa.Integer, nullable=False),
        sa.Column("field", sa.String, nullable=False),
        sa.Column("value", sa.String, nullable=False),
        sa.Column("code", sa.String(100), nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
        sa.Column("is_remark", sa.Boolean, nullable=False),
    )


def _create_column_mapping() -> None:
    _entity(
        "column_mapping",
        sa.Column("delegation_id", sa.Uuid, sa.ForeignKey("delegation.id")),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("columns", sa.JSON, nullable=False),
        sa.Column("reading", sa.JSON, nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("delegation_id", "name", name="uq_column_mapping_delegation_id_name"),
    )
    everyones = sa.text("delegation_id IS NULL")
    op.create_index(
        "uq_column_mapping_everyones",
        "column_mapping",
        ["name"],
        unique=True,
        postgresql_where=everyones,
        sqlite_where=everyones,
    )
