"""Add canvases, rules, and what tells a living community from a sleeping one.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

MOMENT = sa.DateTime(timezone=True)
CANVAS_TEXTS = (
    "name_fr",
    "name_ar",
    "strategic_objectives",
    "operational_objectives",
    "key_people",
    "issue",
    "expected_results",
    "resources",
    "management_support",
)


def upgrade() -> None:
    _extend_community()
    _create_canvas()
    _create_rules()
    _create_alarm()
    _create_known_meeting()
    _create_known_practice()


def _extend_community() -> None:
    for name, kind in (
        ("activated_at", MOMENT),
        ("vacant_since", MOMENT),
        ("dormant_reason", sa.String(40)),
        ("watch_on", sa.Date),
        ("dissolved_at", MOMENT),
        ("dissolution_reason", sa.String),
    ):
        op.add_column("community", sa.Column(name, kind))
    watched = sa.text("watch_on IS NOT NULL")
    op.create_index("ix_community_watch_on", "community", ["watch_on"], postgresql_where=watched, sqlite_where=watched)


def _create_canvas() -> None:
    op.create_table(
        "canvas",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_sequence", sa.Integer, nullable=False),
        sa.Column("delegation_id", sa.Uuid, sa.ForeignKey("delegation.id"), nullable=False, index=True),
        sa.Column("principal_id", sa.Uuid, sa.ForeignKey("principal.id"), index=True),
        sa.Column("state", sa.String(40), nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in CANVAS_TEXTS),
        sa.Column("drafted_at", MOMENT, nullable=False),
        sa.Column("community_id", sa.Uuid, sa.ForeignKey("community.id")),
        sa.Column("founded_at", MOMENT),
        sa.UniqueConstraint("community_id", name="uq_canvas_community_id"),
    )


def _create_rules() -> None:
    op.create_table(
        "rules",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_sequence", sa.Integer, nullable=False),
        sa.Column("community_id", sa.Uuid, sa.ForeignKey("community.id"), nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("adopted_on", sa.Date, nullable=False),
        sa.Column("quorum_percent", sa.Integer, nullable=False),
        sa.Column("mandate_months", sa.Integer, nullable=False),
        sa.Column("meeting_rhythm_weeks", sa.Integer, nullable=False),
        sa.Column("text_fr", sa.String, nullable=False),
        sa.Column("text_ar", sa.String, nullable=False),
        sa.UniqueConstraint("community_id", "edition", name="uq_rules_community_id_edition"),
    )


def _create_alarm() -> None:
    op.create_table(
        "alarm",
        sa.Column("community_id", sa.Uuid, sa.ForeignKey("community.id"), primary_key=True),
        sa.Column("reason", sa.String(40), primary_key=True),
        sa.Column("due_on", sa.Date, nullable=False),
        sa.Column("dormant_on", sa.Date, nullable=False),
        sa.Column("days_before", sa.Integer, nullable=False),
        sa.Column("withdrawn_at", MOMENT),
    )


def _create_known_meeting() -> None:
    op.create_table(
        "known_meeting",
        sa.Column("meeting_id", sa.Uuid, primary_key=True),
        sa.Column("community_id", sa.Uuid, nullable=False, index=True),
        sa.Column("starts_at", MOMENT),
        sa.Column("calendar_sequence", sa.Integer),
        sa.Column("is_cancelled", sa.Boolean, nullable=False),
        sa.Column("held_at", MOMENT),
        sa.Column("is_formal", sa.Boolean, nullable=False),
        sa.Column("has_minutes", sa.Boolean, nullable=False),
    )


def _create_known_practice() -> None:
    op.create_table(
        "known_practice",
        sa.Column("practice_id", sa.Uuid, primary_key=True),
        sa.Column("community_id", sa.Uuid, nullable=False, index=True),
    )
