"""What notifications was told by others and keeps: who can be written to, and who belongs to which community."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import false, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from notifications.tables import Base
from shared import roster
from shared.domain.database import Moment, insert_into
from shared.domain.units import Unit
from shared.events import FORMER_MEMBER, OfficerAppointed, OfficerWithdrawn, PrincipalErased, PrincipalRegistered

LANGUAGES = ("fr", "ar")


class Recipient(Base):
    """A principal or an officer who can be written to, as last registered; of an officer, the unit is in the place of
    the Delegation, and nothing is known of their gender.
    """

    __tablename__ = "recipient"

    principal_id: Mapped[UUID] = mapped_column(primary_key=True)
    delegation_id: Mapped[UUID] = mapped_column(index=True)
    name_fr: Mapped[str]
    name_ar: Mapped[str]
    gender: Mapped[str]
    language: Mapped[str]
    email: Mapped[str]

    @property
    def reads(self) -> str:
        """The language of their mail, one of those that there are letters in."""
        return self.language if self.language in LANGUAGES else LANGUAGES[0]

    @property
    def is_erased(self) -> bool:
        """Whoever merely has no address is written to, and the mail fails where it can be seen."""
        return not self.email and self.name_fr == FORMER_MEMBER.name_fr

    def forget(self) -> None:
        self.name_fr, self.name_ar, self.email = FORMER_MEMBER.name_fr, FORMER_MEMBER.name_ar, ""

    @property
    def name(self) -> str:
        return (self.name_ar if self.reads == "ar" else self.name_fr) or self.name_fr or self.name_ar


class Community(roster.Community, Base):
    """A community by its names, its state and its confirmed coordinator, if any."""


class Office(Base):
    """Somebody acts for a unit, until withdrawn; how they are written to stands among the recipients."""

    __tablename__ = "office"

    officer_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    level: Mapped[str]
    function: Mapped[str]


class Member(roster.Member, Base):
    """Who belongs to a community, or did; of whom was told before names were kept here, the names are blank."""

    name_fr: Mapped[str] = mapped_column(default="", server_default="")
    name_ar: Mapped[str] = mapped_column(default="", server_default="")
    joined_at: Mapped[datetime | None] = mapped_column(Moment, nullable=True)
    has_left: Mapped[bool] = mapped_column(default=False, server_default=false())


class Accompaniment(roster.Accompaniment, Base):
    """Who accompanies a community, or did."""


ROSTER = roster.Roster(Community, Member, Accompaniment)

projections = [Recipient, Office, Community, Member, Accompaniment, Unit]


def keep_recipient(session: Session, event: PrincipalRegistered) -> None:
    known = ("principal_id", "delegation_id", "name_fr", "name_ar", "gender", "language", "email")
    _keep(session, Recipient, {name: getattr(event, name) for name in known})


def keep_officer(session: Session, event: OfficerAppointed) -> None:
    about = {name: getattr(event, name) for name in ("name_fr", "name_ar", "language", "email")}
    whose = {"principal_id": event.officer_id, "delegation_id": event.unit_id, "gender": ""}
    _keep(session, Recipient, whose | about)
    office = {name: getattr(event, name) for name in ("officer_id", "unit_id", "level", "function")}
    _keep(session, Office, office)


def let_officer_go(session: Session, event: OfficerWithdrawn) -> None:
    """Who acts for no unit any more is not known here any more."""
    if office := session.get(Office, (event.officer_id, event.unit_id)):
        session.delete(office)
        session.flush()
    others = select(Office).where(Office.officer_id == event.officer_id).limit(1)
    officer = session.get(Recipient, event.officer_id)
    if officer is not None and session.scalars(others).first() is None:
        session.delete(officer)


def forget_recipient(session: Session, event: PrincipalErased) -> None:
    if recipient := session.get(Recipient, event.principal_id):
        recipient.forget()


def _keep(session: Session, table: type[Base], row: dict[str, Any]) -> None:
    """Insert, or correct what is there; two at once cannot collide."""
    keys = [column.name for column in table.__table__.primary_key]
    told = {name: value for name, value in row.items() if name not in keys}
    wish = insert_into(session, table).values(row)
    kept = wish.on_conflict_do_update(index_elements=keys, set_=told) if told else wish.on_conflict_do_nothing()
    # Read back, so that what this session has already loaded is not older than what it has just written.
    session.scalars(kept.returning(table), execution_options={"populate_existing": True}).all()
