"""Add the academies above the Delegations, and who accompanies which community.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _create_academy()
    _place_delegations()
    _create_accompaniment()


def _create_academy() -> None:
    op.create_table(
        "academy",
        sa.Column("code", sa.String, nullable=False),
        sa.Column("name_fr", sa.String, nullable=False),
        sa.Column("name_ar", sa.String, nullable=False),
        *_entity("academy"),
        sa.UniqueConstraint("code", name="uq_academy_code"),
    )


def _place_delegations() -> None:
    with op.batch_alter_table("delegation") as delegation:
        delegation.add_column(sa.Column("academy_id", sa.Uuid))
        delegation.create_foreign_key("fk_delegation_academy_id_academy", "academy", ["academy_id"], ["id"])
        delegation.create_index("ix_delegation_academy_id", ["academy_id"])


def _create_accompaniment() -> None:
    op.create_table(
        "accompaniment",
        sa.Column("community_id", sa.Uuid, nullable=False),
        sa.Column("companion_id", sa.Uuid, nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        *_entity("accompaniment"),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_accompaniment_community_id_community"),
        sa.UniqueConstraint("community_id", "companion_id", name="uq_accompaniment_community_id_companion_id"),
    )
    op.create_index("ix_accompaniment_companion_id", "accompaniment", ["companion_id"])


def _entity(table: str) -> list[sa.Column | sa.Constraint]:
    return [
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_sequence", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]
