"""A subscriber as a process of its own, to be killed: `python -m compliance.process <name> <settings as JSON>`.

It says `in hand` when a handler is about to end its work, and then ends nothing any more.
"""

import json
import sys
import threading

from bells import BellRung
from sqlalchemy.orm import Session

from shared.events import declared
from shared.running.settings import Settings

from .ear import Ear
from .ways import Subscriber


class Stuck(Ear):
    def hear(self, session: Session, event: BellRung) -> None:
        super().hear(session, event)
        session.flush()
        print("in hand", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    declared[BellRung.wire_type] = BellRung
    Subscriber(Stuck(sys.argv[1]), Settings(**json.loads(sys.argv[2])))
    threading.Event().wait()
