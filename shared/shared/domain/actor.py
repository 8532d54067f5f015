"""Who asks: the caller of a use case, as their token says."""

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from .refusals import NotAllowed


class Role(StrEnum):
    MINISTRY_ADMINISTRATOR = "ministry_administrator"
    ACADEMY_OFFICER = "academy_officer"
    DELEGATION_OFFICER = "delegation_officer"
    COMPANION = "companion"
    PORTAL = "portal"
    PRINCIPAL = "principal"
    SERVICE = "service"


@dataclass(frozen=True)
class Actor:
    """`id` is the person's id where the role is principal or companion; `unit_id` is the unit of an officer or portal."""

    id: str
    role: Role
    unit_id: UUID | None = None

    @property
    def principal_id(self) -> UUID | None:
        return UUID(self.id) if self.role is Role.PRINCIPAL else None

    def is_(self, principal_id: UUID | None) -> bool:
        """Is the caller this very principal?"""
        return principal_id is not None and self.principal_id == principal_id

    def administers(self) -> bool:
        return self.role is Role.MINISTRY_ADMINISTRATOR

    def decides_for(self, delegation_id: UUID) -> bool:
        """May the caller take the decisions that are the Délégué's?"""
        return self.role is Role.DELEGATION_OFFICER and self.unit_id == delegation_id

    def works_for(self, delegation_id: UUID) -> bool:
        """May the caller do the Délégation's everyday work: import, plan, invite?"""
        mine = self.role in (Role.DELEGATION_OFFICER, Role.PORTAL) and self.unit_id == delegation_id
        return mine or self.administers()


def permit(allowed: bool, message: str) -> None:
    """The first line of a use case: who may. Raises `NotAllowed`, whose message says who could."""
    if not allowed:
        raise NotAllowed("caller.not_allowed", message)
