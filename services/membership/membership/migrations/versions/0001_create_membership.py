"""Create the organisation, its people, communities and elections.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

Moment = sa.DateTime(timezone=True)
Word = sa.String(40)


def upgrade() -> None:
    _create_delegation()
    _create_principal()
    _create_school()
    _create_community()
    _create_election()
    _create_membership()
    _create_ballot_box()
    _create_candidate()
    _create_voter()


def _create_delegation() -> None:
    op.create_table(
        "delegation",
        sa.Column("code", sa.String, nullable=False),
        sa.Column("name_fr", sa.String, nullable=False),
        sa.Column("name_ar", sa.String, nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_sequence", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_delegation"),
        sa.UniqueConstraint("code", name="uq_delegation_code"),
    )


def _create_principal() -> None:
    op.create_table(
        "principal",
        sa.Column("delegation_id", sa.Uuid, nullable=False),
        sa.Column("ppr", sa.String, nullable=False),
        sa.Column("school_code", sa.String, nullable=False),
        sa.Column("cycle", Word, nullable=False),
        sa.Column("name_fr", sa.String, nullable=False),
        sa.Column("name_ar", sa.String, nullable=False),
        sa.Column("gender", Word, nullable=False),
        sa.Column("email", sa.String, nullable=False),
        sa.Column("phone", sa.String, nullable=True),
        sa.Column("language", Word, nullable=False),
        sa.Column("appointed_on", sa.Date, nullable=False),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_sequence", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegation.id"], name="fk_principal_delegation_id_delegation"),
        sa.PrimaryKeyConstraint("id", name="pk_principal"),
        sa.UniqueConstraint("ppr", name="uq_principal_ppr"),
    )
    op.create_index("ix_principal_delegation_id", "principal", ["delegation_id"])
    op.create_index("ix_principal_school_code", "principal", ["school_code"])


def _create_school() -> None:
    op.create_table(
        "school",
        sa.Column("delegation_id", sa.Uuid, nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("main_code", sa.String, nullable=False),
        sa.Column("cycle", Word, nullable=False),
        sa.Column("setting", Word, nullable=True),
        sa.Column("name_fr", sa.String, nullable=False),
        sa.Column("name_ar", sa.String, nullable=False),
        sa.Column("longitude", sa.Double, nullable=True),
        sa.Column("latitude", sa.Double, nullable=True),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_sequence", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegation.id"], name="fk_school_delegation_id_delegation"),
        sa.PrimaryKeyConstraint("id", name="pk_school"),
        sa.UniqueConstraint("code", name="uq_school_code"),
    )
    op.create_index("ix_school_delegation_id", "school", ["delegation_id"])
    op.create_index("ix_school_main_code", "school", ["main_code"])


def _create_community() -> None:
    op.create_table(
        "community",
        sa.Column("delegation_id", sa.Uuid, nullable=False),
        sa.Column("state", Word, nullable=False),
        sa.Column("name_fr", sa.String, nullable=False),
        sa.Column("name_ar", sa.String, nullable=False),
        sa.Column("is_home", sa.Boolean, nullable=False),
        sa.Column("quorum_percent", sa.Integer, nullable=False),
        sa.Column("mandate_months", sa.Integer, nullable=False),
        sa.Column("coordinator_id", sa.Uuid, nullable=True),
        sa.Column("mandate_ends_on", sa.Date, nullable=True),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_sequence", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["coordinator_id"], ["principal.id"], name="fk_community_coordinator_id_principal"),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegation.id"], name="fk_community_delegation_id_delegation"),
        sa.PrimaryKeyConstraint("id", name="pk_community"),
    )
    op.create_index("ix_community_delegation_id", "community", ["delegation_id"])


def _create_election() -> None:
    op.create_table(
        "election",
        sa.Column("community_id", sa.Uuid, nullable=False),
        sa.Column("delegation_id", sa.Uuid, nullable=False),
        sa.Column("state", Word, nullable=False),
        sa.Column("quorum_percent", sa.Integer, nullable=False),
        sa.Column("mandate_months", sa.Integer, nullable=False),
        sa.Column("closes_at", Moment, nullable=True),
        sa.Column("elected_id", sa.Uuid, nullable=True),
        sa.Column("decided_by", sa.String, nullable=True),
        sa.Column("lot_seed", sa.String, nullable=True),
        sa.Column("refusal_reason", sa.String, nullable=True),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_sequence", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_election_community_id_community"),
        sa.ForeignKeyConstraint(["elected_id"], ["principal.id"], name="fk_election_elected_id_principal"),
        sa.PrimaryKeyConstraint("id", name="pk_election"),
    )
    op.create_index(
        "ix_election_closes_at",
        "election",
        ["closes_at"],
        postgresql_where=sa.text("state = 'open'"),
        sqlite_where=sa.text("state = 'open'"),
    )
    op.create_index(
        "uq_election_under_way",
        "election",
        ["community_id"],
        unique=True,
        postgresql_where=sa.text("state IN ('called', 'open', 'elected')"),
        sqlite_where=sa.text("state IN ('called', 'open', 'elected')"),
    )


def _create_membership() -> None:
    op.create_table(
        "membership",
        sa.Column("community_id", sa.Uuid, nullable=False),
        sa.Column("principal_id", sa.Uuid, nullable=False),
        sa.Column("is_home", sa.Boolean, nullable=False),
        sa.Column("state", Word, nullable=False),
        sa.Column("answer_by", Moment, nullable=False),
        sa.Column("answered_at", Moment, nullable=True),
        sa.Column("channel", sa.String, nullable=True),
        sa.Column("left_at", Moment, nullable=True),
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_sequence", sa.Integer, nullable=False),
        sa.ForeignKeyConstraint(["community_id"], ["community.id"], name="fk_membership_community_id_community"),
        sa.ForeignKeyConstraint(["principal_id"], ["principal.id"], name="fk_membership_principal_id_principal"),
        sa.PrimaryKeyConstraint("id", name="pk_membership"),
        sa.UniqueConstraint("community_id", "principal_id", name="uq_membership_community_id_principal_id"),
    )
    op.create_index(
        "ix_membership_answer_by",
        "membership",
        ["answer_by"],
        postgresql_where=sa.text("state = 'invited'"),
        sqlite_where=sa.text("state = 'invited'"),
    )
    op.create_index(
        "uq_membership_home",
        "membership",
        ["principal_id"],
        unique=True,
        postgresql_where=sa.text("state = 'member' AND is_home"),
        sqlite_where=sa.text("state = 'member' AND is_home"),
    )


def _create_ballot_box() -> None:
    op.create_table(
        "ballot_box",
        sa.Column("election_id", sa.Uuid, nullable=False),
        sa.Column("ballots", sa.JSON, nullable=False),
        sa.ForeignKeyConstraint(["election_id"], ["election.id"], name="fk_ballot_box_election_id_election"),
        sa.PrimaryKeyConstraint("election_id", name="pk_ballot_box"),
    )


def _create_candidate() -> None:
    op.create_table(
        "candidate",
        sa.Column("election_id", sa.Uuid, nullable=False),
        sa.Column("principal_id", sa.Uuid, nullable=False),
        sa.Column("statement", sa.String, nullable=False),
        sa.Column("gender", Word, nullable=False),
        sa.Column("cycle", Word, nullable=False),
        sa.Column("appointed_on", sa.Date, nullable=False),
        sa.ForeignKeyConstraint(["election_id"], ["election.id"], name="fk_candidate_election_id_election"),
        sa.ForeignKeyConstraint(["principal_id"], ["principal.id"], name="fk_candidate_principal_id_principal"),
        sa.PrimaryKeyConstraint("election_id", "principal_id", name="pk_candidate"),
    )


def _create_voter() -> None:
    op.create_table(
        "voter",
        sa.Column("election_id", sa.Uuid, nullable=False),
        sa.Column("principal_id", sa.Uuid, nullable=False),
        sa.Column("has_voted", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["election_id"], ["election.id"], name="fk_voter_election_id_election"),
        sa.ForeignKeyConstraint(["principal_id"], ["principal.id"], name="fk_voter_principal_id_principal"),
        sa.PrimaryKeyConstraint("election_id", "principal_id", name="pk_voter"),
    )
