"""The check that whoever is named is one of us."""

from collections.abc import Collection, Iterable
from uuid import UUID

from shared.domain.refusals import Fault, Invalid


def must_be_known(named: Iterable[tuple[str, UUID]], known: Collection[UUID], code: str) -> None:
    """`named` are pairs of a field and who stands in it. Raises `Invalid`, naming every field with a stranger."""
    faults = [
        Fault("person.not_of_this_community", field=field, value=str(somebody))
        for field, somebody in named
        if somebody not in known
    ]
    if faults:
        raise Invalid(code, faults=faults)
