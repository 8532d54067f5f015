"""Create outbox, log, inbox, checkpoints and kept answers.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

Counter = sa.BigInteger().with_variant(sa.Integer, "sqlite")
Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_outbox()
    _create_log()
    _create_inbox()
    _create_checkpoint()
    _create_kept_answer()


def _create_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("seq", Counter, sa.Identity(cache=1), nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("aggregatetype", sa.String, nullable=False),
        sa.Column("aggregateid", sa.String, nullable=False),
        sa.Column("partition_key", sa.String, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("occurred_at", Moment, nullable=False),
        sa.Column("position", sa.BigInteger),
        sa.Column("published_at", Moment),
        sa.Column("unrouted_at", Moment),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("last_error", sa.Text),
        sa.PrimaryKeyConstraint("seq", name="pk_outbox"),
        sa.UniqueConstraint("id", name="uq_outbox_id"),
        sa.UniqueConstraint("position", name="uq_outbox_position"),
        sa.UniqueConstraint(
            "aggregatetype", "aggregateid", "sequence", name="uq_outbox_aggregatetype_aggregateid_sequence"
        ),
    )
    _partial_index("ix_outbox_unstamped", "outbox", ["seq"], "position IS NULL")
    _partial_index("ix_outbox_unpublished", "outbox", ["position"], "published_at IS NULL AND position IS NOT NULL")


def _create_log() -> None:
    op.create_table(
        "log",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("epoch", sa.Uuid, nullable=False),
        sa.Column("last_position", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_log"),
    )


def _create_inbox() -> None:
    op.create_table(
        "inbox",
        sa.Column("seq", Counter, sa.Identity(cache=1), nullable=False),
        sa.Column("subscription", sa.String, nullable=False),
        sa.Column("message_id", sa.Uuid, nullable=False),
        sa.Column("type", sa.String, nullable=False),
        sa.Column("partition_key", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("received_at", Moment, nullable=False),
        sa.Column("next_at", Moment),
        sa.Column("payload", sa.Text),
        sa.Column("error", sa.Text),
        sa.PrimaryKeyConstraint("seq", name="pk_inbox"),
        sa.UniqueConstraint("subscription", "message_id", name="uq_inbox_subscription_message_id"),
    )
    parked = "status IN ('retry', 'blocked', 'dead')"
    _partial_index("ix_inbox_parked", "inbox", ["subscription", "partition_key", "seq"], parked)


def _create_checkpoint() -> None:
    op.create_table(
        "checkpoint",
        sa.Column("subscription", sa.String, nullable=False),
        sa.Column("publisher", sa.String, nullable=False),
        sa.Column("epoch", sa.String, nullable=False),
        sa.Column("position", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("subscription", "publisher", name="pk_checkpoint"),
    )


def _create_kept_answer() -> None:
    op.create_table(
        "kept_answer",
        sa.Column("caller", sa.String, nullable=False),
        sa.Column("key", sa.String, nullable=False),
        sa.Column("request_hash", sa.String, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("content_type", sa.String, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("kept_at", Moment, nullable=False),
        sa.PrimaryKeyConstraint("caller", "key", name="pk_kept_answer"),
    )
    op.create_index("ix_kept_answer_kept_at", "kept_answer", ["kept_at"])


def _partial_index(name: str, table: str, columns: list[str], where: str) -> None:
    op.create_index(name, table, columns, postgresql_where=sa.text(where), sqlite_where=sa.text(where))
