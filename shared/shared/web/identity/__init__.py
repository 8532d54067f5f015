"""Who is calling: an OpenID Connect provider's bearer tokens in, actors out. Routes ask, but those marked `public`."""

from .claims import Claims
from .issuer import Issuer, NoAnswer
from .keys import Keys
from .tokens import Tokens, public

__all__ = ["Claims", "Issuer", "Keys", "NoAnswer", "Tokens", "public"]
