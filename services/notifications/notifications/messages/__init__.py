"""One row a mail, and what becomes of it."""

from .model import Message, MessageState
from .use_cases import bring_back_interrupted, claim_due, note_deferred, note_failed, note_sent
