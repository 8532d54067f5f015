"""Several threads may read their first event at the same moment. A fresh process each time: only the first counts."""

import subprocess
import sys
from pathlib import Path

GOLDEN = Path(__file__).parents[1] / "contracts" / "golden"

READERS = """
import os, sys, threading
from pathlib import Path
from shared.events import decode, decode_batch, decode_data

sys.setswitchinterval(1e-6)
wires = [file.read_bytes() for file in Path(sys.argv[1]).glob("*/1.json")]
together = threading.Barrier(6)

def read(number):
    together.wait()
    for wire in wires:
        envelope = decode_batch(b"[" + wire + b"]")[0] if number % 2 else decode(wire)
        decode_data(envelope)

def be_born():
    if child := os.fork():
        return os.waitpid(child, 0)[1]
    threads = [threading.Thread(target=read, args=(number,)) for number in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    os._exit(0)

print(sum(be_born() != 0 for _ in range(60)))
"""


def test_the_first_events_may_be_read_by_many_threads_at_once():
    found = subprocess.run([sys.executable, "-c", READERS, GOLDEN], capture_output=True, text=True, timeout=120)
    assert (found.stdout, found.returncode) == ("0\n", 0), found.stderr
