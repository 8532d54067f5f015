"""The audit trail at work: sealed by the clock, verified by a command, read over HTTP."""

from .command import audit_of
from .routes import audit_trail
from .sealing import cut_oldest, seal

__all__ = ["audit_of", "audit_trail", "cut_oldest", "seal"]
