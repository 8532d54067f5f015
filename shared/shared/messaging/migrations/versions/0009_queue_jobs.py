"""Add the jobs: what takes longer than a request may, and how far it is.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "job",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("step", sa.String, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("total", sa.Integer),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("failures", sa.Integer, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True)),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("error", sa.String),
        sa.Column("correlation_id", sa.String),
        sa.Column("traceparent", sa.String),
    )
    still_open = sa.text("state IN ('waiting', 'running')")
    op.create_index("ix_job_open", "job", ["asked_at"], postgresql_where=still_open, sqlite_where=still_open)
