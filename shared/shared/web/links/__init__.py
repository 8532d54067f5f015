"""Links in mails: they work without a login, are good for one act of one person on one thing, and end."""

from .pages import Act, Shown, links_of
from .signing import BadLink, Signer

__all__ = ["Act", "BadLink", "Shown", "Signer", "links_of"]
