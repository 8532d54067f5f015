"""How a sender here waits for its cue, which comes from the process that measures, over standard input."""

import sys
from pathlib import Path


def payloads() -> list[str]:
    """The messages to send, one a line of the file that is named first on the command line."""
    return Path(sys.argv[1]).read_text().splitlines()


def wait_for_cue() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


def tell_done() -> None:
    print("done", flush=True)
