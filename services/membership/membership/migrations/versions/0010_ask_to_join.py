"""Add asking to join, circles and what they follow from; names folded, and the orders in which lists are read.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

import sqlalchemy as sa
from alembic import op

from shared.domain.folding import fold

revision = "0010"
down_revision = "0009"

Moment = sa.DateTime(timezone=True)
Word = sa.String(40)
AT_ONCE = 1000

JOINED_WITH_THEIR_YES = "UPDATE membership SET joined_at = answered_at WHERE state IN ('member', 'left')"


def upgrade() -> None:
    _open_communities()
    _let_people_ask()
    _create_participation()
    for table in ("principal", "school"):
        _fold_names(table)
    _index_lists()


def _open_communities() -> None:
    op.add_column("community", sa.Column("is_open", sa.Boolean, nullable=False, server_default=sa.false()))
    op.add_column("community", sa.Column("theme_fr", sa.String))
    op.add_column("community", sa.Column("theme_ar", sa.String))


def _let_people_ask() -> None:
    op.add_column("membership", sa.Column("requested_at", Moment))
    op.add_column("membership", sa.Column("refusal_reason", sa.String))
    op.add_column("membership", sa.Column("joined_at", Moment))
    op.add_column("membership", sa.Column("circle", Word, nullable=False, server_default="outer"))
    op.add_column("membership", sa.Column("circle_choice", Word))
    op.execute(JOINED_WITH_THEIR_YES)
    ended = sa.text("state IN ('declined', 'lapsed', 'refused', 'withdrawn')")
    waiting = sa.text("state IN ('invited', 'requested')")
    for name, which in (("ix_membership_ended", ended), ("ix_membership_answer_by", waiting)):
        op.drop_index(name, "membership")
        op.create_index(name, "membership", ["answer_by"], postgresql_where=which, sqlite_where=which)


def _create_participation() -> None:
    op.create_table(
        "participation",
        sa.Column("community_id", sa.Uuid, primary_key=True),
        sa.Column("principal_id", sa.Uuid, primary_key=True, index=True),
        sa.Column("kind", Word, primary_key=True),
        sa.Column("thing_id", sa.Uuid, primary_key=True),
        sa.Column("happened_at", Moment),
    )
    op.create_table(
        "circle_review",
        sa.Column("community_id", sa.Uuid, primary_key=True),
        sa.Column("due_at", Moment, nullable=False, index=True),
        sa.Column("membership_id", sa.Uuid),
    )


def _fold_names(name: str) -> None:
    """A list that the previous release takes in meanwhile is folded when it is corrected, or entered again."""
    op.add_column(name, sa.Column("folded_fr", sa.String, nullable=False, server_default=""))
    op.add_column(name, sa.Column("folded_ar", sa.String, nullable=False, server_default=""))
    table = sa.table(name, *(sa.column(column) for column in ("name_fr", "name_ar", "folded_fr", "folded_ar")))
    table.append_column(sa.column("id", sa.Uuid))
    last = None
    while rows := _after(table, last):
        folded = [{"which": id, "fr": fold(name_fr), "ar": fold(name_ar)} for id, name_fr, name_ar in rows]
        change = sa.update(table).where(table.c.id == sa.bindparam("which", type_=sa.Uuid))
        change = change.values(folded_fr=sa.bindparam("fr"), folded_ar=sa.bindparam("ar"))
        op.get_bind().execute(change, folded)
        last = rows[-1][0]


def _after(table: sa.TableClause, last: object) -> list[sa.Row]:
    rows = sa.select(table.c.id, table.c.name_fr, table.c.name_ar).order_by(table.c.id).limit(AT_ONCE)
    return list(op.get_bind().execute(rows.where(table.c.id > last) if last else rows))


def _index_lists() -> None:
    for column in ("folded_fr", "folded_ar", "school_code", "appointed_on"):
        op.create_index(f"ix_principal_by_{column}", "principal", ["delegation_id", column, "id"])
    for column in ("folded_fr", "folded_ar", "code"):
        op.create_index(f"ix_school_by_{column}", "school", ["delegation_id", column, "id"])
    for table in ("principal", "school", "community"):
        op.create_index(f"ix_{table}_in_order", table, ["delegation_id", "id"])
