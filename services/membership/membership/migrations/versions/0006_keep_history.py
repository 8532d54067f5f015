"""Add how units stood through time, zones, names of levels, and operations; what stands now has stood ever since.

A migration must work beside the previous release's code: add first, use in the next release, remove in the one after.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from shared.domain.database import new_id

revision = "0006"
down_revision = "0005"

MINISTRY_ID = UUID("00000000-0000-7000-8000-000000000001")
EVER = date(1900, 1, 1)
AT_ONCE = 1000


def upgrade() -> None:
    _create_operation()
    _create_carried_principal()
    _create_standing()
    _create_ministry()
    _create_zone()
    _create_level_name()
    _note_closings()
    _place_schools()
    _fill_standing()


def _create_operation() -> None:
    op.create_table(
        "operation",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_sequence", sa.Integer, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("scope_id", sa.Uuid, nullable=False, index=True),
        sa.Column("effective_on", sa.Date, nullable=False),
        sa.Column("decided_by", sa.String, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String),
        sa.Column("changes", sa.JSON, nullable=False),
        sa.Column("undone_by", sa.String),
        sa.Column("undone_at", sa.DateTime(timezone=True)),
    )


def _create_carried_principal() -> None:
    op.create_table(
        "carried_principal",
        sa.Column("operation_id", sa.Uuid, sa.ForeignKey("operation.id"), primary_key=True),
        sa.Column("principal_id", sa.Uuid, sa.ForeignKey("principal.id"), primary_key=True, index=True),
        sa.Column("delegation_id", sa.Uuid, sa.ForeignKey("delegation.id"), nullable=False),
        sa.Column("heir_id", sa.Uuid, sa.ForeignKey("delegation.id"), nullable=False),
    )


def _create_standing() -> None:
    op.create_table(
        "standing",
        sa.Column("id", sa.Uuid, primary_key=True),
        sa.Column("unit_id", sa.Uuid, nullable=False, index=True),
        sa.Column("level", sa.String(40), nullable=False),
        sa.Column("parent_id", sa.Uuid, index=True),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("name_fr", sa.String, nullable=False),
        sa.Column("name_ar", sa.String, nullable=False),
        sa.Column("starts_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date),
        sa.Column("operation_id", sa.Uuid, sa.ForeignKey("operation.id"), index=True),
        sa.UniqueConstraint("unit_id", "starts_on", name="uq_standing_unit_id_starts_on"),
        sa.CheckConstraint("ends_on IS NULL OR ends_on > starts_on", name="ends_later"),
    )


def _create_ministry() -> None:
    ministry = op.create_table(
        "ministry",
        *_entity("ministry"),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("name_fr", sa.String, nullable=False),
        sa.Column("name_ar", sa.String, nullable=False),
        sa.UniqueConstraint("code", name="uq_ministry_code"),
    )
    names = {"name_fr": "Ministère de l'Éducation nationale", "name_ar": "وزارة التربية الوطنية"}
    op.bulk_insert(ministry, [{"id": MINISTRY_ID, "version": 1, "last_sequence": 0, "code": "MEN", **names}])


def _create_zone() -> None:
    op.create_table(
        "zone",
        *_entity("zone"),
        sa.Column("delegation_id", sa.Uuid, nullable=False, index=True),
        sa.Column("around_id", sa.Uuid, index=True),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("code", sa.String, nullable=False),
        sa.Column("name_fr", sa.String, nullable=False),
        sa.Column("name_ar", sa.String, nullable=False),
        sa.Column("closed_on", sa.Date),
        sa.UniqueConstraint("code", name="uq_zone_code"),
        sa.ForeignKeyConstraint(["delegation_id"], ["delegation.id"], name="fk_zone_delegation_id_delegation"),
        sa.ForeignKeyConstraint(["around_id"], ["zone.id"], name="fk_zone_around_id_zone"),
    )


def _create_level_name() -> None:
    names = ("one_fr", "many_fr", "one_ar", "many_ar", "one_en", "many_en")
    op.create_table(
        "level_name",
        *_entity("level_name"),
        sa.Column("level", sa.String(40), nullable=False),
        *(sa.Column(name, sa.String, nullable=False) for name in names),
        sa.UniqueConstraint("level", name="uq_level_name_level"),
    )


def _note_closings() -> None:
    for table in ("academy", "delegation"):
        op.add_column(table, sa.Column("closed_on", sa.Date))


def _place_schools() -> None:
    with op.batch_alter_table("school") as school:
        school.add_column(sa.Column("closed_on", sa.Date))
        school.add_column(sa.Column("zone_id", sa.Uuid))
        school.create_foreign_key("fk_school_zone_id_zone", "zone", ["zone_id"], ["id"])
        school.create_index("ix_school_zone_id", ["zone_id"])


def _fill_standing() -> None:
    """What is there has stood so ever since: nobody has said otherwise."""
    connection, standing = op.get_bind(), sa.table("standing", *(sa.column(*column) for column in COLUMNS))
    rows: list[dict[str, Any]] = []
    for row in _standing_rows(connection):
        rows.append(row)
        if len(rows) == AT_ONCE:
            connection.execute(standing.insert(), rows)
            rows = []
    if rows:
        connection.execute(standing.insert(), rows)


COLUMNS = (
    ("id", sa.Uuid),
    ("unit_id", sa.Uuid),
    ("level", sa.String),
    ("parent_id", sa.Uuid),
    ("code", sa.String),
    ("name_fr", sa.String),
    ("name_ar", sa.String),
    ("starts_on", sa.Date),
)


def _standing_rows(connection: sa.Connection) -> Iterator[dict[str, Any]]:
    """From the top; above a Delegation without academy is the Ministry, above a satellite its main school."""
    unit = {name: _table(name) for name in ("ministry", "academy", "delegation", "school")}
    school, main = unit["school"].alias(), unit["school"].alias()
    is_satellite = (school.c.main_code != school.c.code) & (school.c.main_code == main.c.code)
    parents = {
        "ministry": sa.select(unit["ministry"], sa.null().label("above")),
        "academy": sa.select(unit["academy"], sa.literal(MINISTRY_ID, sa.Uuid).label("above")),
        "delegation": sa.select(
            unit["delegation"],
            sa.func.coalesce(unit["delegation"].c.academy_id, sa.literal(MINISTRY_ID, sa.Uuid)).label("above"),
        ),
        "school": sa.select(school, sa.func.coalesce(main.c.id, school.c.delegation_id).label("above")).join_from(
            school, main, is_satellite, isouter=True
        ),
    }
    for level, rows in parents.items():
        for row in connection.execute(rows).mappings().all():
            names = {name: row[name] for name in ("code", "name_fr", "name_ar")}
            stands = {"unit_id": row["id"], "level": level, "parent_id": row["above"], "starts_on": EVER}
            yield {"id": new_id(), **stands, **names}


def _table(name: str) -> sa.TableClause:
    columns = [sa.column("id", sa.Uuid), *(sa.column(text, sa.String) for text in ("code", "name_fr", "name_ar"))]
    more = {
        "delegation": [sa.column("academy_id", sa.Uuid)],
        "school": [sa.column("delegation_id", sa.Uuid), sa.column("main_code", sa.String)],
    }
    return sa.table(name, *columns, *more.get(name, []))


def _entity(table: str) -> list[sa.Column | sa.Constraint]:
    return [
        sa.Column("id", sa.Uuid, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_sequence", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    ]
