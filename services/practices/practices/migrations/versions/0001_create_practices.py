"""Create practices, and the roster told by membership.

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
    _create_practice()


def _create_community() -> None:
    op.create_table(
        "community",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("delegation_id", sa.Uuid, nullable=False),
        sa.Column("name_fr", sa.String, nullable=False),
        sa.Column("name_ar", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_community"),
    )
    op.create_index("ix_community_delegation_id", "community", ["delegation_id"])


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
    op.create_index("ix_member_principal_id", "member", ["principal_id"])


def _create_practice() -> None:
    op.create_table(
        "practice",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_sequence", sa.Integer, nullable=False),
        sa.Column("author_id", sa.Uuid, nullable=False),
        sa.Column("author_name_fr", sa.String, nullable=False),
        sa.Column("author_name_ar", sa.String, nullable=False),
        sa.Column("community_id", sa.Uuid, nullable=False),
        sa.Column("state", Choice, nullable=False),
        sa.Column("language", Choice, nullable=False),
        sa.Column("cycle", Choice, nullable=False),
        sa.Column("setting", Choice, nullable=False),
        sa.Column("audience", Choice, nullable=False),
        sa.Column("title", sa.String, nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
        sa.Column("what_was_done", sa.Text, nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sa.Column("resources", sa.Text, nullable=False),
        sa.Column("tags", sa.JSON, nullable=False),
        sa.Column("search_text", sa.Text, nullable=False),
        sa.Column("published_at", Moment),
        sa.PrimaryKeyConstraint("id", name="pk_practice"),
    )
    op.create_index("ix_practice_author_id", "practice", ["author_id"])
    op.create_index("ix_practice_community_id_id", "practice", ["community_id", "id"])
