"""Create message, recipient, community and member.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

Moment = sa.DateTime(timezone=True)


def upgrade() -> None:
    _create_message()
    _create_recipient()
    _create_community()
    _create_member()


def _create_message() -> None:
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_sequence", sa.Integer, nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.Column("principal_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("to_name", sa.String, nullable=False),
        sa.Column("to_address", sa.String, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("html", sa.Text, nullable=False),
        sa.Column("calendar", sa.Text),
        sa.Column("calendar_method", sa.String),
        sa.Column("mail_id", sa.String, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("interrupted", sa.Integer, nullable=False),
        sa.Column("written_at", Moment, nullable=False),
        sa.Column("next_at", Moment),
        sa.Column("sent_at", Moment),
        sa.Column("error", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("mail_id", name="uq_message_mail_id"),
        sa.UniqueConstraint("event_id", "principal_id", name="uq_message_event_id_principal_id"),
    )
    op.create_index("ix_message_principal_id", "message", ["principal_id"])
    op.create_index("ix_message_state_next_at", "message", ["state", "next_at"])


def _create_recipient() -> None:
    op.create_table(
        "recipient",
        sa.Column("principal_id", sa.Uuid, nullable=False),
        sa.Column("delegation_id", sa.Uuid, nullable=False),
        sa.Column("name_fr", sa.String, nullable=False),
        sa.Column("name_ar", sa.String, nullable=False),
        sa.Column("gender", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("email", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("principal_id", name="pk_recipient"),
    )
    op.create_index("ix_recipient_delegation_id", "recipient", ["delegation_id"])


def _create_community() -> None:
    op.create_table(
        "community",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("delegation_id", sa.Uuid, nullable=False),
        sa.Column("name_fr", sa.String, nullable=False),
        sa.Column("name_ar", sa.String, nullable=False),
        sa.Column("coordinator_id", sa.Uuid),
        sa.PrimaryKeyConstraint("id", name="pk_community"),
    )


def _create_member() -> None:
    op.create_table(
        "member",
        sa.Column("community_id", sa.Uuid, nullable=False),
        sa.Column("principal_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("community_id", "principal_id", name="pk_member"),
    )
