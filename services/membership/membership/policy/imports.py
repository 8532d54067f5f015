"""Imports of files, and the mappings that read them."""

from shared.domain.policy import Kind, Row

ORGANISATION: dict[str, Row] = {}
DELEGATION: dict[str, Row] = {}
COMMUNITY: dict[str, Row] = {}
PRINCIPAL: dict[str, Row] = {}
KINDS: tuple[Kind, ...] = ()
