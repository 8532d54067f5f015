"""People without a post do not stand in the tree: whom a Delegation that closed left to another."""

from typing import Self
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from membership.ground import Base
from membership.organisation import Delegation, Operation
from membership.people import Principal


class CarriedPrincipal(Base):
    """Somebody who went with an operation from a Delegation to its heir; written on the day, to be taken back by."""

    __tablename__ = "carried_principal"

    operation_id: Mapped[UUID] = mapped_column(ForeignKey(Operation.id), primary_key=True)
    principal_id: Mapped[UUID] = mapped_column(ForeignKey(Principal.id), primary_key=True, index=True)
    delegation_id: Mapped[UUID] = mapped_column(ForeignKey(Delegation.id))
    heir_id: Mapped[UUID] = mapped_column(ForeignKey(Delegation.id))

    @classmethod
    def carry(cls, operation_id: UUID, principal: Principal, heir_id: UUID) -> Self:
        """They belong to the heir from now on."""
        ids = {"operation_id": operation_id, "principal_id": principal.id}
        carried = cls(**ids, delegation_id=principal.delegation_id, heir_id=heir_id)
        principal.correct(delegation_id=heir_id)
        return carried

    def bring_back(self, principal: Principal) -> None:
        """Where nobody has moved them since."""
        if principal.delegation_id == self.heir_id:
            principal.correct(delegation_id=self.delegation_id)
