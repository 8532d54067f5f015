"""The tree of units through time: zones, levels, and operations on them."""

from shared.domain.policy import Kind, Row

ORGANISATION: dict[str, Row] = {}
DELEGATION: dict[str, Row] = {}
COMMUNITY: dict[str, Row] = {}
PRINCIPAL: dict[str, Row] = {}
KINDS: tuple[Kind, ...] = ()
