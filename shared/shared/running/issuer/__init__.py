"""An issuer of tokens for development: it lets a developer be anybody, and refuses where a real one is configured."""

from .app import create_issuer
from .clients import DEVELOPER, SECRET, SERVICES
from .signing import SigningKey

__all__ = ["DEVELOPER", "SECRET", "SERVICES", "SigningKey", "create_issuer"]
