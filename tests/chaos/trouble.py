"""What happens to servers and lines while processes die: one thing after another, in turns, healed each time."""

import random
import signal
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial

from .broker import Queues
from .lines import Line
from .servers import Server
from .troupe import Troupe

Fault = Callable[[], None]


class Trouble(threading.Thread):
    """Goes through its faults in random order, again and again, `pause` seconds between them on average."""

    def __init__(self, rng: random.Random, pause: float) -> None:
        super().__init__(name="trouble", daemon=True)
        self._random, self._pause = rng, pause
        self._over = threading.Event()
        self._faults: dict[str, Fault] = {}
        self.met: Counter[str] = Counter()
        self.failure: Exception | None = None

    def run(self) -> None:
        try:
            while self._faults and not self._over.is_set():
                for name in self._random.sample(sorted(self._faults), len(self._faults)):
                    self._rest(self._pause)
                    if not self._over.is_set():
                        self._faults[name]()
                        self.met[name] += 1
        except Exception as error:  # told by `end`
            self.failure = error

    def end(self) -> None:
        """Returns when all is healed; raises what has kept it from healing."""
        self._over.set()
        self.join()
        if self.failure:
            raise self.failure

    def _rest(self, seconds: float) -> None:
        self._over.wait(seconds * self._random.uniform(0.5, 1.5))

    def with_lines(self, lines: Mapping[str, Line]) -> None:
        for name, line in lines.items():
            self._faults |= {
                f"connections cut: {name}": line.cut,
                f"nobody answers: {name}": partial(self._unplug, line),
                f"black hole: {name}": partial(self._freeze, line),
                f"black hole, then cut: {name}": partial(self._freeze, line, line.cut),
                f"slow: {name}": partial(self._slow_down, line),
            }

    def with_servers(self, servers: Mapping[str, Server]) -> None:
        for name, server in servers.items():
            self._faults |= {
                f"restarted: {name}": server.restart,
                f"killed and started: {name}": server.kill,
                f"paused: {name}": partial(self._pause_server, server),
                f"disconnected: {name}": partial(self._disconnect, server),
            }

    def with_processes(self, troupe: Troupe, lines: Mapping[str, Line]) -> None:
        self._faults |= {
            "asleep, then awake: a process": partial(self._put_to_sleep, troupe, {}),
            "asleep, cut off, then awake: a process": partial(self._put_to_sleep, troupe, lines),
        }

    def with_queues(self, queues: Queues) -> None:
        self._faults["lost: the queue"] = queues.lose

    def _unplug(self, line: Line) -> None:
        line.unplug()
        self._rest(1)
        line.plug()

    def _freeze(self, line: Line, then: Fault = lambda: None) -> None:
        line.freeze()
        self._rest(2)
        then()
        line.thaw()

    def _slow_down(self, line: Line) -> None:
        line.delay = self._random.uniform(0.02, 0.3)
        self._rest(3)
        line.delay = 0

    def _pause_server(self, server: Server) -> None:
        with server.paused():
            self._rest(4)

    def _disconnect(self, server: Server) -> None:
        with server.disconnected():
            self._rest(4)

    def _put_to_sleep(self, troupe: Troupe, lines: Mapping[str, Line]) -> None:
        """It wakes up believing that it still leads; if it was cut off, another one does by now."""
        member = self._random.choice(troupe.members)
        member.signal(signal.SIGSTOP)
        for name, line in lines.items():
            if name.startswith(member.kind):
                line.cut()
        self._rest(2)
        member.signal(signal.SIGCONT)
