"""Asking to join, circles, and what a principal finds by themself."""

from shared.domain.policy import Kind, Row

ORGANISATION: dict[str, Row] = {}
DELEGATION: dict[str, Row] = {}
COMMUNITY: dict[str, Row] = {}
PRINCIPAL: dict[str, Row] = {}
KINDS: tuple[Kind, ...] = ()
