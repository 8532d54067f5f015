"""Add consents, and archives of a person's data.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

Moment = sa.DateTime(timezone=True)
Word = sa.String(40)

# Whoever is a member said yes to the first wording; their consent bears the id of the membership that it began.
FIRST_CONSENTS = """
INSERT INTO consent
    (id, version, last_sequence, principal_id, purpose, community_id, state, text_version, given_at, channel)
SELECT id, 1, 0, principal_id, 'participation', community_id, 'given', '2026-1', answered_at, channel
FROM membership WHERE state = 'member' AND answered_at IS NOT NULL AND channel IS NOT NULL
"""

# What is held about one person is found by their id, in every table that names them.
PEOPLE = (
    ("membership", "principal_id"),
    ("candidate", "principal_id"),
    ("voter", "principal_id"),
    ("election", "elected_id"),
    ("community", "coordinator_id"),
)


def upgrade() -> None:
    _create_consent()
    op.execute(FIRST_CONSENTS)
    _create_archive()
    _create_archive_part()
    for table, column in PEOPLE:
        op.create_index(f"ix_{table}_{column}", table, [column])


def _create_consent() -> None:
    op.create_table(
        "consent",
        sa.Column("principal_id", sa.Uuid, nullable=False),
        sa.Column("purpose", Word, nullable=False),
        sa.Column("community_id", sa.Uuid, nullable=True),
        sa.Column("state", Word, nullable=False),
        sa.Column("text_version", sa.String, nullable=False),
        sa.Column("given_at", Moment, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("withdrawn_at", Moment, nullable=True),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_sequence", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_consent_community_id_community"),
        sa.ForeignKeyConstraint(["principal_id"], ["principal.id"], name="fk_consent_principal_id_principal"),
        sa.PrimaryKeyConstraint("id", name="pk_consent"),
    )
    op.create_index("ix_consent_principal_id", "consent", ["principal_id"])


def _create_archive() -> None:
    op.create_table(
        "archive",
        sa.Column("principal_id", sa.Uuid, nullable=False),
        sa.Column("state", Word, nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("asked_by", sa.String, nullable=False),
        sa.Column("reason", sa.Text, nullable=True),
        sa.Column("completed_at", Moment, nullable=True),
        sa.Column("kept_until", Moment, nullable=True),
        sa.Column("deleted_at", Moment, nullable=True),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_sequence", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["principal_id"], ["principal.id"], name="fk_archive_principal_id_principal"),
        sa.PrimaryKeyConstraint("id", name="pk_archive"),
    )
    op.create_index("ix_archive_principal_id", "archive", ["principal_id"])
    _index_archives_where("uq_archive_under_way", "principal_id", "state = 'gathering'", unique=True)
    _index_archives_where("ix_archive_kept_until", "kept_until", "state = 'complete'", unique=False)


def _index_archives_where(name: str, column: str, where: str, *, unique: bool) -> None:
    condition = sa.text(where)
    op.create_index(name, "archive", [column], unique=unique, postgresql_where=condition, sqlite_where=condition)


def _create_archive_part() -> None:
    op.create_table(
        "archive_part",
        sa.Column("archive_id", sa.Uuid, nullable=False),
        sa.Column("service", sa.String, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("parts", sa.Integer, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["archive_id"], ["archive.id"], name="fk_archive_part_archive_id_archive"),
        sa.PrimaryKeyConstraint("archive_id", "service", "number", name="pk_archive_part"),
    )
