"""What a run of tests leaves lies in one place on disk and one in memory, and is gone at its end, however it ends.

The process that sums up owns both: its workers, and what these start, find them in the environment. What ended without
cleaning up (killed at once, say) is swept by the next run: a place bears the number of the process that owns it, and so
do the containers.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

PREFIX, LABEL = "halqa-run-", "halqa.run"
OWNER, IN_MEMORY = "HALQA_TEST_RUN", Path("/dev/shm")


def begin() -> None:
    """Called by the process that owns the run: everything temporary lies in its place from now on."""
    sweep()
    os.environ[OWNER] = str(os.getpid())
    for place in _places():
        place.mkdir(mode=0o755)
    os.environ["TMPDIR"] = tempfile.tempdir = str(_places()[0])


def end() -> None:
    """By the same process, whatever has become of its workers."""
    if os.environ.get(OWNER) == str(os.getpid()):
        _remove(os.getpid())
        tempfile.tempdir = None
        for name in (OWNER, "TMPDIR"):
            os.environ.pop(name, None)


def label() -> dict[str, str]:
    """For containers that this run starts."""
    return {LABEL: os.environ[OWNER]} if OWNER in os.environ else {}


def in_memory() -> Path | None:
    """This run's place in memory, if it has one."""
    place = IN_MEMORY / f"{PREFIX}{os.environ.get(OWNER, '')}"
    return place if place.is_dir() else None


def sweep() -> None:
    """Remove what runs have left whose owner is no more."""
    for owner in {*_owners_of_places(), *_owners_of_containers()}:
        if not _lives(owner):
            _remove(owner)


def _places() -> list[Path]:
    return _places_of(int(os.environ[OWNER]))


def _places_of(owner: int) -> list[Path]:
    return [root / f"{PREFIX}{owner}" for root in _roots()]


def _roots() -> list[Path]:
    """Not the run's own place: where it lies."""
    outside = os.environ.get("HALQA_TEST_TMPDIR") or os.environ.get("TMPDIR") or "/tmp"
    os.environ.setdefault("HALQA_TEST_TMPDIR", outside)
    return [Path(outside), *([IN_MEMORY] if IN_MEMORY.is_dir() else [])]


def _owners_of_places() -> Iterator[int]:
    for root in _roots():
        yield from (int(place.name.removeprefix(PREFIX)) for place in root.glob(f"{PREFIX}[0-9]*"))


def _owners_of_containers() -> Iterator[int]:
    told = _docker("ps", "--all", "--filter", f"label={LABEL}", "--format", f'{{{{.Label "{LABEL}"}}}}')
    return (int(owner) for owner in told.split() if owner.isdigit())


def _lives(owner: int) -> bool:
    try:
        os.kill(owner, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _remove(owner: int) -> None:
    if left := _docker("ps", "--all", "--quiet", "--filter", f"label={LABEL}={owner}").split():
        _docker("rm", "--force", "--volumes", *left)
    for place in _places_of(owner):
        shutil.rmtree(place, ignore_errors=True)


def _docker(*words: str) -> str:
    """What it says; nothing where there is no engine."""
    if not shutil.which("docker"):
        return ""
    return subprocess.run(["docker", *words], capture_output=True, text=True).stdout
