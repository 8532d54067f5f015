"""One run: a stage is set, processes work and die for some time, all is healed, and what arrived is counted."""

import random
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from uuid import uuid4

from bells import Base, hang_bell, open_sessions
from sqlalchemy import make_url

from shared.domain.database import Sessions
from shared.messaging.push import topology
from shared.messaging.subscriptions import Subscriptions
from shared.testing.broker import Queues
from shared.testing.databases import PostgresDatabases, SqliteDatabases
from shared.testing.servers import free_port

from .count import Books, Verdict
from .lines import Line
from .servers import Server
from .stage import Stage, Way, promises, tally
from .troupe import Troupe, is_unwanted
from .trouble import Trouble

BELLS = 40
CASTS = {
    Way.PUSH: {"writer": 3, "publisher": 2, "feed": 1, "subscriber": 2},
    Way.QUEUE: {"writer": 3, "publisher": 2, "subscriber": 2},
    Way.PULL: {"writer": 3, "publisher": 2, "feed": 1, "subscriber": 2},
}
