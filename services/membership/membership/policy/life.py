"""The canvas, the ten steps, rules, sleep and end of a community."""

from shared.domain.actor import Role
from shared.domain.policy import Kind, Row

from .relations import author, coordinator, principal_of_it, vacant_in_reach
from .rows import OFFICE, SEES

DRAFTS = OFFICE | {Role.PRINCIPAL: principal_of_it}
AUTHORS = OFFICE | {Role.PRINCIPAL: author}
# While there is nobody to speak for the members, the Delegation writes down what they have adopted.
SPEAKS = {Role.DELEGATION_OFFICER: vacant_in_reach, Role.PORTAL: vacant_in_reach, Role.PRINCIPAL: coordinator}

ORGANISATION: dict[str, Row] = {}
DELEGATION: dict[str, Row] = {
    "draft_canvas": DRAFTS,
    "list_canvases": DRAFTS,
    "list_silent_communities": OFFICE,
}
COMMUNITY: dict[str, Row] = {
    "show_canvas_of_community": SEES,
    "adopt_rules": SPEAKS,
    "list_rules": SEES,
    "show_rules_in_force": SEES,
    "show_rules": SEES,
    "show_steps": SEES,
    "dissolve_community": OFFICE,
}
PRINCIPAL: dict[str, Row] = {}
CANVAS: dict[str, Row] = {
    "show_canvas": AUTHORS,
    "change_canvas": AUTHORS,
    "discard_canvas": AUTHORS,
    "found_community": OFFICE,
}
KINDS: tuple[Kind, ...] = (Kind("canvas", CANVAS),)
