"""What a token says of its bearer: which claims hold it, as the issuer was configured, and the actor that follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.domain.actor import Actor, Role
from shared.domain.refusals import NotAllowed

PERSONS = (Role.PRINCIPAL, Role.COMPANION)


@dataclass(frozen=True)
class Claims:
    """Names of claims; a dotted one leads into an object, as `realm_access.roles` does."""

    role: str = "role"
    unit: str = "unit"
    person: str = "sub"

    def actor(self, told: Mapping[str, Any]) -> Actor:
        """Raises `ValueError` if the token says it wrongly, `NotAllowed` if it is right and gives no role here."""
        role, unit = _role(_at(told, self.role)), _at(told, self.unit)
        id = str(_uuid(_at(told, self.person))) if role in PERSONS else told["sub"]
        return Actor(id=id, role=role, unit_id=None if unit is None else _uuid(unit))


def _role(told: Any) -> Role:
    """The one that we know among those told: providers add roles of their own. Two of ours would leave us to guess."""
    ours = [role for role in Role if role.value in (told if isinstance(told, list) else [told])]
    if len(ours) != 1:
        raise NotAllowed("caller.unknown_role")
    return ours[0]


def _uuid(told: Any) -> UUID:
    if not isinstance(told, str):
        raise ValueError("no UUID, but a number or nothing")
    return UUID(told)


def _at(told: Mapping[str, Any], name: str) -> Any:
    if name in told:  # names of claims may be addresses, with dots in them
        return told[name]
    found: Any = told
    for step in name.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    return found
