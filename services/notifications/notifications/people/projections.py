"""What notifications was told by others and keeps: who can be written to, and who belongs to which community."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from shared.domain.database import insert_into
from shared.domain.units import Unit
from shared.events import (
    FORMER_MEMBER,
    CommunityMoved,
    CommunityPlanned,
    CoordinatorConfirmed,
    MemberJoined,
    MemberLeft,
    OfficerAppointed,
    OfficerWithdrawn,
    PrincipalErased,
    PrincipalRegistered,
)

from .model import Base

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


class Community(Base):
    """A community by its names; `coordinator_id` is the confirmed one, if any."""

    __tablename__ = "community"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    delegation_id: Mapped[UUID]
    name_fr: Mapped[str]
    name_ar: Mapped[str]
    coordinator_id: Mapped[UUID | None] = mapped_column(index=True)


class Office(Base):
    """Somebody acts for a unit, until withdrawn; how they are written to stands among the recipients."""

    __tablename__ = "office"

    officer_id: Mapped[UUID] = mapped_column(primary_key=True)
    unit_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)
    level: Mapped[str]
    function: Mapped[str]


class Member(Base):
    """A principal in a community, from joining until leaving."""

    __tablename__ = "member"

    community_id: Mapped[UUID] = mapped_column(primary_key=True)
    principal_id: Mapped[UUID] = mapped_column(primary_key=True, index=True)


def keep_recipient(session: Session, event: PrincipalRegistered) -> None:
    known = ("principal_id", "delegation_id", "name_fr", "name_ar", "gender", "language", "email")
    _keep(session, Recipient, {name: getattr(event, name) for name in known})


def keep_community(session: Session, event: CommunityPlanned) -> None:
    named = {"delegation_id": event.delegation_id, "name_fr": event.name_fr, "name_ar": event.name_ar}
    _keep(session, Community, {"id": event.community_id, **named})


def keep_place(community: Community, event: CommunityMoved) -> None:
    community.delegation_id = event.delegation_id


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


def keep_coordinator(community: Community, event: CoordinatorConfirmed) -> None:
    community.coordinator_id = event.principal_id


def keep_member(session: Session, event: MemberJoined) -> None:
    _keep(session, Member, {"community_id": event.community_id, "principal_id": event.principal_id})


def forget_member(session: Session, event: MemberLeft) -> None:
    """And who has left coordinates no more."""
    if member := session.get(Member, (event.community_id, event.principal_id)):
        session.delete(member)
    community = session.get(Community, event.community_id)
    if community is not None and community.coordinator_id == event.principal_id:
        community.coordinator_id = None


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


projections = [Recipient, Community, Member, Office, Unit]
