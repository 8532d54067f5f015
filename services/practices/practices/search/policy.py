"""Who may search: everybody, and each finds what they may read."""

from shared.domain.actor import Role
from shared.domain.policy import Kind, Row, anywhere

EVERYBODY: Row = {role: anywhere for role in Role if role is not Role.SERVICE}

kinds = (Kind("repertoire", {"search_practices": EVERYBODY}, is_open=True),)
