"""Add who is mentioned where, and who was erased.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

# As events told so far name whom they are about and where they were written; newer ones are noted as they are told.
FIELDS = ("principal_id", "author_id", "community_id")
PAST = {
    "postgresql": "SELECT DISTINCT CAST(payload::json->'data'->>'{field}' AS uuid), id FROM outbox"
    " WHERE payload::json->'data'->>'{field}' IS NOT NULL",
    "sqlite": "SELECT DISTINCT replace(json_extract(payload, '$.data.{field}'), '-', ''), id FROM outbox"
    " WHERE json_extract(payload, '$.data.{field}') IS NOT NULL",
}
HOLDS_SOMETHING = sa.text("(payload IS NOT NULL OR error IS NOT NULL)")


def upgrade() -> None:
    _create_mention()
    _create_erased()
    op.create_index("ix_inbox_kept", "inbox", ["seq"], postgresql_where=HOLDS_SOMETHING, sqlite_where=HOLDS_SOMETHING)


def _create_mention() -> None:
    op.create_table(
        "mention",
        sa.Column("about_id", sa.Uuid, nullable=False),
        sa.Column("event_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("about_id", "event_id", name="pk_mention"),
    )
    for field in FIELDS:
        op.execute("INSERT INTO mention (about_id, event_id) " + PAST[op.get_bind().dialect.name].format(field=field))


def _create_erased() -> None:
    op.create_table(
        "erased",
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("person_id", name="pk_erased"),
    )
