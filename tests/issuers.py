"""An issuer whose key turns, which goes away and comes back, and which counts how often it is asked."""

from collections import Counter
from datetime import timedelta
from typing import Any

from flask import Flask, Response

from shared.domain.actor import Actor
from shared.running.issuer import SigningKey, create_issuer
from shared.testing.serving import Served


class Turning:
    """`asked` counts requests by path; `away` makes it answer as a gateway does before nobody."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.away = False
        self._served = Served(Flask("nobody"))
        self.name = self._served.url
        self.turn()
        self._served.app = self._answer

    def turn(self, *kept: SigningKey, into: SigningKey | None = None) -> None:
        """Another key from now on; of the old ones those that are kept are published still."""
        self.key = into or SigningKey.new()
        self._app = create_issuer(self.name, self.key)
        published = [key for one in (self.key, *kept) for key in one.published()["keys"]]
        self._app.view_functions["issuer.show_keys"] = lambda: {"keys": published}

    def token(self, actor: Actor, key: SigningKey | None = None) -> str:
        return (key or self.key).token(self.name, "halqa", actor, timedelta(hours=1))

    def close(self) -> None:
        self._served.close()

    def _answer(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.asked[environ["PATH_INFO"]] += 1
        if self.away:
            return Response("away", 502)(environ, start_response)
        return self._app(environ, start_response)
