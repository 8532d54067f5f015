"""The lines between processes and servers: they can also be slow."""

import socket
import time

from shared.testing.wire import Wire


class Line(Wire):
    """A wire whose bytes can be held up for `delay` seconds each time."""

    def __init__(self, target: tuple[str, int]) -> None:
        self.delay = 0.0
        super().__init__(target)

    def _pass_on(self, source: socket.socket, sink: socket.socket) -> None:
        super()._pass_on(_Slow(source, self), sink)
        self._ends.discard(source)


class _Slow:
    """Reads from a socket after the delay of its line."""

    def __init__(self, source: socket.socket, line: Line) -> None:
        self._source, self._line = source, line

    def recv(self, size: int) -> bytes:
        piece = self._source.recv(size)
        time.sleep(self._line.delay)
        return piece

    def close(self) -> None:
        self._source.close()
