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
    """`id` is a person's id where the role is principal or companion; `unit_id` is the unit of an officer or portal."""

    id: str
    role: Role
    unit_id: UUID | None = None

    @property
    def principal_id(self) -> UUID | None:
        return UUID(self.id) if self.role is Role.PRINCIPAL else None

    def as_principal(self) -> UUID:
        """For what principals alone do; raises `NotAllowed` for everybody else."""
        if self.role is not Role.PRINCIPAL:
            raise NotAllowed("caller.not_allowed", roles=[Role.PRINCIPAL])
        return UUID(self.id)

    @property
    def person_id(self) -> UUID | None:
        """Of whoever acts as a person whom the services know: a principal, a companion."""
        return UUID(self.id) if self.role in (Role.PRINCIPAL, Role.COMPANION) else None

    def is_(self, principal_id: UUID | None) -> bool:
        """Is the caller this very principal?"""
        return principal_id is not None and self.principal_id == principal_id

    def administers(self) -> bool:
        return self.role is Role.MINISTRY_ADMINISTRATOR
