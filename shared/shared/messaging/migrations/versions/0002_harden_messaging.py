"""Add quarantine, epochs, checkpoints that can be compared, dead letters with their cause, the inbox's horizon.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

Counter = sa.BigInteger().with_variant(sa.Integer, "sqlite")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    _quarantine()
    _compare_logs()
    _explain_dead_letters()
    _create_horizon()
    _create_verdict()


def _quarantine() -> None:
    op.add_column("outbox", sa.Column("quarantined_at", Moment))
    _partial_index("ix_outbox_quarantined", "outbox", ["partition_key"], "quarantined_at IS NOT NULL")


def _compare_logs() -> None:
    op.add_column("log", sa.Column("identity", sa.Text))
    op.add_column("log", sa.Column("began_at", Moment))
    op.add_column("log", sa.Column("began_after", sa.BigInteger))
    op.add_column("checkpoint", sa.Column("event_id", sa.String))
    op.add_column("checkpoint", sa.Column("known_until", sa.BigInteger))


def _explain_dead_letters() -> None:
    op.add_column("inbox", sa.Column("died_at", Moment))
    op.add_column("inbox", sa.Column("exception", sa.String))
    _partial_index("ix_inbox_due", "inbox", ["subscription", "next_at"], "status = 'retry'")
    _partial_index("ix_inbox_dead", "inbox", ["seq"], "status = 'dead'")
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])


def _create_horizon() -> None:
    op.create_table(
        "inbox_horizon",
        sa.Column("subscription", sa.String, nullable=False),
        sa.Column("forgotten_before", Moment, nullable=False),
        sa.PrimaryKeyConstraint("subscription", name="pk_inbox_horizon"),
    )


def _create_verdict() -> None:
    op.create_table(
        "dead_letter_verdict",
        sa.Column("seq", Counter, sa.Identity(cache=1), nullable=False),
        sa.Column("letter_id", sa.Uuid, nullable=False),
        sa.Column("source", sa.String, nullable=False),
        sa.Column("subscription", sa.String),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("verdict", sa.String, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("given_by", sa.String, nullable=False),
        sa.Column("given_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("seq", name="pk_dead_letter_verdict"),
    )
    op.create_index("ix_dead_letter_verdict_letter_id", "dead_letter_verdict", ["letter_id"])


def _partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, postgresql_where=sa.text(where), sqlite_where=sa.text(where))
