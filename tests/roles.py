"""A role of a service as the process that it is in production: started, asked, its log read, stopped."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
from prometheus_client.parser import text_string_to_metric_families

from shared.testing import issuer
from shared.testing.harness import LINK_SECRET
from shared.testing.servers import free_port
from shared.testing.waiting import eventually

UNHURRIED = {"HALQA_RATE_LIMIT": "off", "HALQA_RATE_LIMIT_CHANGES": "off"}


@dataclass
class Running:
    """A process that answers at `url` and writes its log to a file."""

    url: str
    process: subprocess.Popen
    log: Path

    def get(self, path: str, **headers: str) -> requests.Response:
        return requests.get(self.url + path, headers=headers, timeout=20)

    def lines(self) -> list[dict[str, Any]]:
        """The log, where it is JSON: every line of it."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def sample(self, name: str, **labels: str) -> float | None:
        return samples(self.get("/metrics").text).get((name, frozenset(labels.items())))

    def answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.get("/health/live").ok
        except requests.ConnectionError:
            return False


def samples(text: str) -> dict[tuple[str, frozenset], float]:
    """What `/metrics` shows, by name and labels; fails where it is not Prometheus's format."""
    families = text_string_to_metric_families(text)
    return {(s.name, frozenset(s.labels.items())): s.value for family in families for s in family.samples}


@contextmanager
def running(
    service: str, role: str, folder: Path, database_url: str, *, port: int = 0, **settings: str
) -> Iterator[Running]:
    port, log = port or free_port(), folder / f"{service}-{role}.log"
    bind = {"web": "HALQA_BIND", "run": "HALQA_BIND", "work": "HALQA_WORK_BIND"}[role]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HALQA_")}
    trust = {**issuer.environment(), "HALQA_LINK_SECRET": LINK_SECRET}
    given = {"HALQA_DATABASE_URL": database_url, **trust, **UNHURRIED, bind: f"127.0.0.1:{port}"}
    with log.open("w") as output:
        command = [sys.executable, "-m", service, role]
        process = subprocess.Popen(command, env=kept | given | settings, stdout=output, stderr=output)
    try:
        here = Running(f"http://127.0.0.1:{port}", process, log)
        eventually(here.answers, within=30, what=f"{service} {role} answers")
        yield here
    finally:
        process.terminate()
        process.wait(timeout=30)
