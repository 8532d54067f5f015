"""A process that ends with the one that started it."""

import os
import signal
import threading


def stop_with_parent() -> None:
    """Standard input is a pipe from whoever started this; it ends when they do, however they ended."""
    threading.Thread(target=_wait_for_the_end, daemon=True).start()


def _wait_for_the_end() -> None:
    while os.read(0, 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
