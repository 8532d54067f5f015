"""Add who headed which school from when to when, and who belonged where; officers and companions.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

Word = sa.String(40)

# Whoever heads a school today has headed it since they were appointed, as far as anybody has said.
FIRST_POSTINGS = """
INSERT INTO posting (id, principal_id, school_id, starts_on)
SELECT principal.id, principal.id, school.id, principal.appointed_on
FROM principal JOIN school ON school.code = principal.school_code WHERE principal.erased_at IS NULL
"""
POSTINGS_OF_ERASED = """
INSERT INTO posting (id, principal_id, absence, starts_on)
SELECT id, id, 'erased', appointed_on FROM principal WHERE erased_at IS NOT NULL
"""
# Of earlier stays at the same community nothing is known: a membership only knows its last yes.
STAYS = """
INSERT INTO stay (id, community_id, principal_id, is_home, joined_at, left_at, leaving)
SELECT membership.id, community_id, principal_id, is_home, answered_at, left_at,
       CASE WHEN state = 'member' THEN NULL WHEN principal.erased_at IS NULL THEN 'left' ELSE 'erased' END
FROM membership JOIN principal ON principal.id = membership.principal_id
WHERE answered_at IS NOT NULL AND (state = 'member' OR (state = 'left' AND left_at IS NOT NULL))
"""


def upgrade() -> None:
    _create_posting()
    _create_stay()
    _create_transfer()
    _create_officer()
    _create_companion()
    for statement in (FIRST_POSTINGS, POSTINGS_OF_ERASED, STAYS):
        op.execute(statement)


def _create_posting() -> None:
    op.create_table(
        "posting",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("principal_id", sa.Uuid, sa.ForeignKey("principal.id"), nullable=False),
        sa.Column("school_id", sa.Uuid, sa.ForeignKey("school.id"), index=True),
        sa.Column("absence", Word),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date),
        sa.Column("operation_id", sa.Uuid, sa.ForeignKey("operation.id"), index=True),
        sa.UniqueConstraint("principal_id", "starts_on", name="uq_posting_principal_id_starts_on"),
        sa.CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="ends_later"),
        sa.CheckConstraint("(school_id IS NULL) <> (absence IS NULL)", name="post_or_reason"),
    )
    _unique_where("uq_posting_open", "posting", ["principal_id"], "ends_on IS NULL")


def _create_stay() -> None:
    op.create_table(
        "stay",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("community_id", sa.Uuid, sa.ForeignKey("community.id"), nullable=False, index=True),
        sa.Column("principal_id", sa.Uuid, sa.ForeignKey("principal.id"), nullable=False, index=True),
        sa.Column("is_home", sa.Boolean, nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True)),
        sa.Column("leaving", Word),
    )
    _unique_where("uq_stay_home", "stay", ["principal_id"], "is_home AND left_at IS NULL")
    _unique_where("uq_stay_open", "stay", ["community_id", "principal_id"], "left_at IS NULL")


def _unique_where(name: str, table: str, columns: list[str], where: str) -> None:
    condition = sa.text(where)
    op.create_index(name, table, columns, unique=True, postgresql_where=condition, sqlite_where=condition)


def _create_transfer() -> None:
    op.create_table(
        "transfer",
        sa.Column("operation_id", sa.Uuid, sa.ForeignKey("operation.id"), primary_key=True),
        sa.Column("principal_id", sa.Uuid, sa.ForeignKey("principal.id"), primary_key=True, index=True),
        sa.Column("school_id", sa.Uuid, sa.ForeignKey("school.id")),
        sa.Column("absence", Word),
        sa.Column("follows", sa.Boolean, nullable=False),
        sa.Column("home", Word, nullable=False),
        sa.Column("delegation_id", sa.Uuid, sa.ForeignKey("delegation.id")),
        sa.Column("cycle", Word),
        sa.Column("community_id", sa.Uuid, sa.ForeignKey("community.id")),
        sa.Column("mandate_ends_on", sa.Date),
        sa.Column("invited_to_id", sa.Uuid, sa.ForeignKey("community.id")),
    )


def _create_officer() -> None:
    op.create_table(
        "officer",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_sequence", sa.Integer, nullable=False),
        sa.Column("officer_id", sa.Uuid, nullable=False, index=True),
        sa.Column("unit_id", sa.Uuid, nullable=False),
        sa.Column("level", Word, nullable=False),
        sa.Column("state", Word, nullable=False),
        sa.Column("function", Word, nullable=False),
        sa.Column("name_fr", sa.String, nullable=False),
        sa.Column("name_ar", sa.String, nullable=False),
        sa.Column("language", Word, nullable=False),
        sa.Column("email", sa.String, nullable=False),
        sa.Column("appointed_on", sa.Date, nullable=False),
        sa.Column("withdrawn_on", sa.Date),
        sa.UniqueConstraint("unit_id", "officer_id", name="uq_officer_unit_id_officer_id"),
    )


def _create_companion() -> None:
    op.create_table(
        "companion",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_sequence", sa.Integer, nullable=False),
        sa.Column("unit_id", sa.Uuid, nullable=False, index=True),
        sa.Column("name_fr", sa.String, nullable=False),
        sa.Column("name_ar", sa.String, nullable=False),
        sa.Column("language", Word, nullable=False),
        sa.Column("email", sa.String, nullable=False),
    )
