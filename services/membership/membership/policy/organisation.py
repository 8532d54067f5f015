"""Academies, Delegations and what is entered below them."""

from shared.domain.actor import Role
from shared.domain.policy import Kind

from .relations import own_academy
from .rows import MINISTRY, OFFICE, OFFICES

ORGANISATION = {
    "list_delegations": OFFICES,  # each finds those in their reach
    "register_delegation": MINISTRY,
    "put_delegation": MINISTRY,
    "list_academies": OFFICES,
    "put_academy": MINISTRY,
}
DELEGATION = {
    "get_delegation": OFFICE,
    "list_schools": OFFICE,
    "get_school": OFFICE,
    "put_school": OFFICE,
    "put_schools": OFFICE,
    "put_principals": OFFICE,
    "import_schools": OFFICE,
    "list_principals": OFFICE,
    "import_principals": OFFICE,
    "list_communities": OFFICE,
    "plan_community": OFFICE,
}
KINDS = (Kind("academy", {"get_academy": MINISTRY | {Role.ACADEMY_OFFICER: own_academy}}),)
