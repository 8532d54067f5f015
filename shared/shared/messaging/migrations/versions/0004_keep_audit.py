"""Add the audit trail: entries, whom they concern, why, and where the chain of their hashes stands.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

Moment = sa.DateTime(timezone=True)
NO_HASH = "0" * 64


def upgrade() -> None:
    _create_entry()
    _create_person()
    _create_reason()
    _create_chain()
    for statement in POSTGRESQL if op.get_bind().dialect.name == "postgresql" else SQLITE:
        op.execute(statement)


def _create_entry() -> None:
    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("actor_role", sa.String, nullable=False),
        sa.Column("actor_id", sa.String, nullable=False),
        sa.Column("actor_unit_id", sa.Uuid),
        sa.Column("verb", sa.String, nullable=False),
        sa.Column("thing_kind", sa.String),
        sa.Column("thing_id", sa.String),
        sa.Column("person_count", sa.Integer, nullable=False),
        sa.Column("correlation_id", sa.String),
        sa.Column("reason_digest", sa.String),
        sa.Column("sequence", sa.BigInteger),
        sa.Column("hash", sa.String),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entry"),
        sa.UniqueConstraint("sequence", name="uq_audit_entry_sequence"),
    )
    unsealed = sa.text("sequence IS NULL")
    op.create_index("ix_audit_entry_unsealed", "audit_entry", ["id"], postgresql_where=unsealed, sqlite_where=unsealed)


def _create_person() -> None:
    op.create_table(
        "audit_person",
        sa.Column("person_id", sa.Uuid, nullable=False),
        sa.Column("entry_id", sa.Uuid, nullable=False),
        sa.PrimaryKeyConstraint("person_id", "entry_id", name="pk_audit_person"),
    )
    op.create_index("ix_audit_person_entry_id", "audit_person", ["entry_id"])


def _create_reason() -> None:
    op.create_table(
        "audit_reason",
        sa.Column("entry_id", sa.Uuid, nullable=False),
        sa.Column("salt", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("entry_id", name="pk_audit_reason"),
    )


def _create_chain() -> None:
    chain = op.create_table(
        "audit_chain",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column("hash", sa.String, nullable=False),
        sa.Column("cut_sequence", sa.BigInteger, nullable=False),
        sa.Column("cut_hash", sa.String, nullable=False),
        sa.Column("told_on", sa.Date),
        sa.PrimaryKeyConstraint("id", name="pk_audit_chain"),
    )
    first = {"id": 1, "sequence": 0, "hash": NO_HASH, "cut_sequence": 0, "cut_hash": NO_HASH}
    op.bulk_insert(chain, [first])


# A sealed entry never changes. It is deleted only once the chain says that it was cut off: see `sealing.py`.
POSTGRESQL = (
    """
    CREATE FUNCTION audit_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the audit trail is final';
    END $$
    """,
    """
    CREATE FUNCTION audit_deletes_what_is_cut() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE place bigint;
    BEGIN
        SELECT sequence INTO place FROM audit_entry
        WHERE id = CASE TG_TABLE_NAME WHEN 'audit_entry' THEN (to_jsonb(OLD)->>'id')::uuid
                                      ELSE (to_jsonb(OLD)->>'entry_id')::uuid END;
        IF FOUND AND (place IS NULL OR place > (SELECT cut_sequence FROM audit_chain WHERE id = 1)) THEN
            RAISE EXCEPTION 'the audit trail is final';
        END IF;
        RETURN OLD;
    END $$
    """,
    """
    CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry
    FOR EACH ROW WHEN (OLD.sequence IS NOT NULL) EXECUTE FUNCTION audit_is_final()
    """,
    "CREATE TRIGGER audit_person_stays BEFORE UPDATE ON audit_person FOR EACH ROW EXECUTE FUNCTION audit_is_final()",
    """
    CREATE TRIGGER audit_entry_remains BEFORE DELETE ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_deletes_what_is_cut()
    """,
    """
    CREATE TRIGGER audit_person_remains BEFORE DELETE ON audit_person
    FOR EACH ROW EXECUTE FUNCTION audit_deletes_what_is_cut()
    """,
    "CREATE TRIGGER audit_entry_is_whole BEFORE TRUNCATE ON audit_entry EXECUTE FUNCTION audit_is_final()",
    "CREATE TRIGGER audit_person_is_whole BEFORE TRUNCATE ON audit_person EXECUTE FUNCTION audit_is_final()",
)
SQLITE = (
    """
    CREATE TRIGGER audit_entry_stays BEFORE UPDATE ON audit_entry WHEN OLD.sequence IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'the audit trail is final'); END
    """,
    """
    CREATE TRIGGER audit_person_stays BEFORE UPDATE ON audit_person
    BEGIN SELECT RAISE(ABORT, 'the audit trail is final'); END
    """,
    """
    CREATE TRIGGER audit_entry_remains BEFORE DELETE ON audit_entry
    WHEN OLD.sequence IS NULL OR OLD.sequence > (SELECT cut_sequence FROM audit_chain WHERE id = 1)
    BEGIN SELECT RAISE(ABORT, 'the audit trail is final'); END
    """,
    """
    CREATE TRIGGER audit_person_remains BEFORE DELETE ON audit_person
    WHEN EXISTS (SELECT 1 FROM audit_entry AS entry, audit_chain AS chain WHERE entry.id = OLD.entry_id
                 AND chain.id = 1 AND (entry.sequence IS NULL OR entry.sequence > chain.cut_sequence))
    BEGIN SELECT RAISE(ABORT, 'the audit trail is final'); END
    """,
)
