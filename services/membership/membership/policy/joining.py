"""Asking to join, circles, and what a principal finds by themself."""

from shared.domain.actor import Role
from shared.domain.policy import Kind, Row, anywhere

from .relations import neighbour
from .rows import MEMBER, OFFICE, ONCE_INVITED, ORGANISES

ORGANISATION: dict[str, Row] = {}
DELEGATION: dict[str, Row] = {
    "export_principals_csv": OFFICE,
    "export_principals_xlsx": OFFICE,
    "export_schools_csv": OFFICE,
    "export_schools_xlsx": OFFICE,
    "export_communities_csv": OFFICE,
    "export_communities_xlsx": OFFICE,
}
COMMUNITY: dict[str, Row] = {
    "put_theme": ORGANISES,
    "list_requests": ORGANISES,
    "admit_principal": ORGANISES,
    "refuse_principal": ORGANISES,
    "withdraw_request": ONCE_INVITED,
    "choose_circle": MEMBER,
}
PRINCIPAL: dict[str, Row] = {}
KINDS: tuple[Kind, ...] = (
    # To whom they do not belong, only those that they may ask are shown, so that all others look like none.
    Kind("community", {"ask_to_join": {Role.PRINCIPAL: neighbour}}),
    Kind("my_communities", {"list_my_communities": {Role.PRINCIPAL: anywhere}}, is_open=True),  # each finds their own
    Kind("neighbourhood", {"list_neighbourhood": {Role.PRINCIPAL: anywhere}}, is_open=True),
)
