"""Add plans, their places, wishes and measures.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    _create_plan()
    _create_plan_group()
    _create_plan_place()
    _create_plan_wish()
    _create_dispersion()


def _create_plan() -> None:
    op.create_table(
        "planning_round",
        *_entity("planning_round"),
        sa.Column("scope_id", sa.Uuid, index=True),
        sa.Column("asked_by", sa.String, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "plan",
        *_entity("plan"),
        sa.Column("delegation_id", sa.Uuid, sa.ForeignKey("delegation.id"), nullable=False, index=True),
        sa.Column("round_id", sa.Uuid, sa.ForeignKey("planning_round.id"), index=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("asked_by", sa.String, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True)),
        sa.Column("adopted_at", sa.DateTime(timezone=True)),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("parameters", sa.JSON, nullable=False),
        sa.Column("figures", sa.JSON, nullable=False),
        sa.Column("shortfalls", sa.JSON, nullable=False),
    )


def _create_plan_group() -> None:
    op.create_table(
        "plan_group",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("plan_id", sa.Uuid, sa.ForeignKey("plan.id"), nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("host_code", sa.String, nullable=False),
        sa.Column("name_fr", sa.String, nullable=False),
        sa.Column("name_ar", sa.String, nullable=False),
        sa.Column("community_id", sa.Uuid, sa.ForeignKey("community.id"), index=True),
        sa.UniqueConstraint("plan_id", "number", name="uq_plan_group_plan_id_number"),
    )


def _create_plan_place() -> None:
    op.create_table(
        "plan_place",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("plan_id", sa.Uuid, sa.ForeignKey("plan.id"), nullable=False),
        sa.Column("principal_id", sa.Uuid, sa.ForeignKey("principal.id"), nullable=False, index=True),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("km", sa.Double, nullable=False),
        sa.Column("placed_by", sa.String(40), nullable=False),
        sa.Column("is_fixed", sa.Boolean, nullable=False),
        sa.Column("previous", sa.Integer),
        sa.Column("moved_from", sa.Integer),
        sa.UniqueConstraint("plan_id", "principal_id", name="uq_plan_place_plan_id_principal_id"),
    )


def _create_plan_wish() -> None:
    op.create_table(
        "plan_wish",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("plan_id", sa.Uuid, sa.ForeignKey("plan.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("principal_id", sa.Uuid, sa.ForeignKey("principal.id"), nullable=False, index=True),
        sa.Column("other_id", sa.Uuid, sa.ForeignKey("principal.id"), index=True),
        sa.Column("number", sa.Integer),
        sa.Column("exclusion", sa.String(40)),
        sa.Column("km", sa.Double),
    )


def _create_dispersion() -> None:
    op.create_table(
        "distance",
        sa.Column("delegation_id", sa.Uuid, sa.ForeignKey("delegation.id"), primary_key=True),
        sa.Column("from_code", sa.String, primary_key=True),
        sa.Column("to_code", sa.String, primary_key=True),
        sa.Column("km", sa.Double, nullable=False),
    )
    op.create_table(
        "mitigation",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("principal_id", sa.Uuid, sa.ForeignKey("principal.id"), nullable=False),
        sa.Column("measure", sa.String(40), nullable=False),
        sa.Column("recorded_by", sa.String, nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.UniqueConstraint("principal_id", "measure", name="uq_mitigation_principal_id_measure"),
    )


def _entity(table: str) -> list[sa.Column | sa.Constraint]:
    return [
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_sequence", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]
