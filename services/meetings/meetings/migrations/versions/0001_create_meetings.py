"""Create meetings, invitations, minutes, and the roster told by membership.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

Moment = sa.DateTime(timezone=True)
Choice = sa.String(40)


def upgrade() -> None:
    _create_community()
    _create_member()
    _create_meeting()
    _create_invitation()
    _create_minutes()


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
        sa.Column("name_fr", sa.String, nullable=False),
        sa.Column("name_ar", sa.String, nullable=False),
        sa.Column("joined_at", Moment, nullable=False),
        sa.Column("has_left", sa.Boolean, nullable=False),
        sa.PrimaryKeyConstraint("community_id", "principal_id", name="pk_member"),
    )


def _create_meeting() -> None:
    op.create_table(
        "meeting",
        *_entity(),
        sa.Column("community_id", sa.Uuid, nullable=False),
        sa.Column("convener_id", sa.Uuid, nullable=False),
        sa.Column("state", Choice, nullable=False),
        sa.Column("subject", sa.String, nullable=False),
        sa.Column("activity", Choice, nullable=False),
        sa.Column("modality", Choice, nullable=False),
        sa.Column("agenda", sa.JSON, nullable=False),
        sa.Column("duration_minutes", sa.Integer, nullable=False),
        sa.Column("zone", sa.String, nullable=False),
        sa.Column("starts_at", Moment),
        sa.Column("place", sa.String),
        sa.Column("calendar_sequence", sa.Integer, nullable=False),
        sa.Column("held_at", Moment),
        sa.Column("cancellation_reason", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_meeting"),
    )
    op.create_index("ix_meeting_community_id_id", "meeting", ["community_id", "id"])


def _create_invitation() -> None:
    op.create_table(
        "invitation",
        *_entity(),
        sa.Column("meeting_id", sa.Uuid, nullable=False),
        sa.Column("principal_id", sa.Uuid, nullable=False),
        sa.Column("answer", Choice),
        sa.Column("attendance", Choice),
        sa.Column("answered_at", Moment),
        sa.Column("present", sa.Boolean),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_invitation_meeting_id_meeting"),
        sa.UniqueConstraint("meeting_id", "principal_id", name="uq_invitation_meeting_id_principal_id"),
    )


def _create_minutes() -> None:
    op.create_table(
        "minutes",
        *_entity(),
        sa.Column("meeting_id", sa.Uuid, nullable=False),
        sa.Column("state", Choice, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("discussion", sa.Text, nullable=False),
        sa.Column("decisions", sa.JSON, nullable=False),
        sa.Column("actions", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_minutes"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_minutes_meeting_id_meeting"),
        sa.UniqueConstraint("meeting_id", name="uq_minutes_meeting_id"),
    )


def _entity() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_sequence", sa.Integer, nullable=False),
    ]
