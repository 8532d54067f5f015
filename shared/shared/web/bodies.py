"""What a request may weigh: JSON less than a file, nothing nested deeper than anybody has a use for; and all of it."""

import re
from typing import Any

from flask import Request as FlaskRequest

from shared.domain.refusals import CutShort

LARGEST_JSON = 1024 * 1024
LARGEST_UPLOAD = 32 * 1024 * 1024
DEEPEST = 32  # brackets within brackets

# A text as a whole, also one without an end; else a bracket. No repeat gives anything back, so the time is linear.
TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|([\[{])|([\]}])', re.DOTALL)
STEPS = {None: 0, 1: 1, 2: -1}


class NestedTooDeeply(RecursionError):
    """What the parser would say of a thousand brackets, said before anything is parsed."""


class LimitedRequest(FlaskRequest):
    """Flask's, with a limit by kind of content."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.max_content_length = LARGEST_UPLOAD if self.mimetype == "multipart/form-data" else LARGEST_JSON

    def demand_whole(self) -> None:
        """Where a line drops, the server hands us what came until then, and its end looks like the body's end."""
        if self.content_length and len(self.get_data()) < self.content_length:
            raise CutShort("request.cut_short")

    def demand_json(self) -> None:
        """Flask refuses all that is no JSON, also where the schemas' parser stumbles."""
        if self.is_json and self.get_data():
            if is_too_deep(self.get_data()):
                raise NestedTooDeeply
            self.get_json()


def is_too_deep(json: bytes) -> bool:
    if json.count(b"[") + json.count(b"{") <= DEEPEST:
        return False
    depth = 0
    for token in TOKEN.finditer(json):
        depth += STEPS[token.lastindex]
        if depth > DEEPEST:
            return True
    return False
