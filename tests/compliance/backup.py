"""A backup of some tables of a database: taken now, put back later."""

from sqlalchemy import delete, select
from sqlalchemy.orm import DeclarativeBase

from shared.domain.database import Sessions


class Backup:
    def __init__(self, sessions: Sessions, *tables: type[DeclarativeBase]) -> None:
        self._sessions = sessions
        with sessions.reader() as session:
            self._rows = {table: session.execute(select(table.__table__)).mappings().all() for table in tables}

    def put_back(self) -> None:
        """What came after it is gone."""
        with self._sessions.transaction() as session:
            for table, rows in self._rows.items():
                session.execute(delete(table))
                if rows:
                    session.execute(table.__table__.insert(), [dict(row) for row in rows])
