"""The tour of the main job on the embedded system, as its users take it."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from console.embedded import is_ready
from shared.testing.servers import free_port

LARGEST = 500 * 1024 * 1024  # bytes resident, all processes together


@pytest.mark.long
def test_the_embedded_system_is_small_bears_no_second_and_ends_cleanly_at_ctrl_c(tmp_path):
    port, began = free_port(in_a_row=5), time.monotonic()
    command = [sys.executable, "-u", "-m", "console", "up", "--first-port", str(port)]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as up:
        try:
            assert any("Ctrl-C stops it" in line for line in iter(up.stdout.readline, ""))
            assert all(is_ready(f"http://127.0.0.1:{port + n}") for n in range(5))
            waited = time.monotonic() - began
            everyone = [psutil.Process(up.pid), *psutil.Process(up.pid).children(recursive=True)]
            # Of what several of them share, each counts its part: the same libraries are in memory once.
            resident = sum(process.memory_full_info().pss for process in everyone)
            second = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)
            up.send_signal(signal.SIGINT)
            assert up.wait(timeout=40) == 0
        finally:
            up.kill()
    print(f"ready after {waited:.1f} s, {resident / 1e6:.0f} MB resident in {len(everyone)} processes")
    assert len(everyone) == 6  # the four services, their issuer, and who watches over them
    assert resident < LARGEST
    refusals = [f"cannot listen on 127.0.0.1:{port + n}" for n in range(5)]
    assert second.returncode == 1 and any(line in second.stderr for line in refusals), second.stderr
    assert not any(is_ready(f"http://127.0.0.1:{port + n}") for n in range(5))


@pytest.mark.long
def test_the_command_takes_the_tour_and_leaves_nothing_running(tmp_path):
    port = free_port(in_a_row=5)
    command = [sys.executable, "-m", "console", "tour", "--first-port", str(port)]
    answer = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=240)
    assert answer.returncode == 0, answer.stdout[-3000:] + answer.stderr[-3000:]
    assert "every consequence was seen" in answer.stdout
    assert not is_ready(f"http://127.0.0.1:{port}")


@pytest.mark.long
def test_services_stop_when_the_one_who_started_them_is_killed(tmp_path):
    port = free_port(in_a_row=5)
    up = subprocess.Popen([sys.executable, "-m", "console", "up", "--first-port", str(port)], cwd=tmp_path)
    _until(lambda: all(is_ready(f"http://127.0.0.1:{port + n}") for n in range(5)))
    children = psutil.Process(up.pid).children(recursive=True)
    os.kill(up.pid, signal.SIGKILL)
    up.wait()
    gone, alive = psutil.wait_procs(children, timeout=30)
    assert (len(gone), alive) == (5, [])


def _until(holds, within: float = 60) -> None:
    deadline = time.monotonic() + within
    while not holds():
        assert time.monotonic() < deadline, "it did not come to be"
        time.sleep(0.1)
