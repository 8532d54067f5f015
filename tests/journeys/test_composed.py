"""The composed system: killed at random, without its broker, and with roles that try each other's databases.

Run by `make test-composed` against a system that `make compose-up` has started.
"""

import json
import os
import random
import re
import subprocess
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from console.embedded import PORTS
from console.tour import route
from console.tour.mailbox import MailDev
from shared.running.credentials import as_developer

pytestmark = pytest.mark.composed

URL = os.environ.get("HALQA_URL", "http://127.0.0.1:8100")
MAIL = os.environ.get("HALQA_MAIL", "http://127.0.0.1:1080")
KILLS, MOST_KILLS = 20, 30
OUTSIDE = re.compile("maildev|issuer")


def compose(*words: str) -> str:
    return subprocess.run(["docker", "compose", *words], check=True, capture_output=True, text=True).stdout


def containers() -> list[str]:
    """All but those that stand for the world outside: the server that receives our mails, the issuer of tokens."""
    running = [json.loads(line) for line in compose("ps", "--format", "json").splitlines()]
    return sorted(container["Name"] for container in running if not OUTSIDE.search(container["Name"]))


def take_tour():
    token_of = as_developer(f"{URL}/issuer/token")
    return route.take({name: f"{URL}/{name}" for name in PORTS}, token_of, MailDev(MAIL), None)


def select(service: str, question: str) -> list[str]:
    answer = compose("exec", "-T", "postgres", "psql", "-U", "postgres", "-d", service, "-Atc", question)
    return answer.split()


class Killer(threading.Thread):
    """Every now and then a container dies without a word, and is started again."""

    def __init__(self, names: list[str], seed: int) -> None:
        super().__init__(daemon=True)
        self.kills: Counter[str] = Counter()
        self._names, self._random, self._enough = names, random.Random(seed), threading.Event()

    def run(self) -> None:
        while self.kills.total() < MOST_KILLS and not self._enough.wait(self._random.uniform(0.5, 3)):
            name = self._random.choice(self._names)
            subprocess.run(["docker", "kill", "--signal", "KILL", name], capture_output=True, check=True)
            self.kills[name] += 1
            while subprocess.run(["docker", "start", name], capture_output=True).returncode:
                self._enough.wait(1)  # the engine itself may be busy: what it did not start would stay away

    def stop(self) -> None:
        self._enough.set()
        self.join()


def test_a_tour_with_every_container_killed_at_random_moments_ends_well():
    seed = random.randrange(1_000_000)
    killer = Killer(containers(), seed)
    killer.start()
    repeated: set[str] = set()
    try:
        while killer.kills.total() < KILLS:
            repeated |= take_tour().mailbox.repeated_ids()
    finally:
        killer.stop()
    uncertain = set(select("notifications", "SELECT mail_id FROM message WHERE interrupted > 0"))
    print(f"seed {seed}: {killer.kills.total()} kills {dict(killer.kills)}")
    print(f"{len(uncertain)} sends of unknown outcome, {len(repeated)} of them arrived twice")
    assert repeated <= uncertain


def test_mails_go_out_once_the_broker_is_back():
    compose("up", "--wait")
    guide = take_tour()
    guide.mailbox.start_anew()
    compose("stop", "rabbitmq")
    try:
        meeting = schedule_another(guide)
    finally:
        compose("up", "--wait", "rabbitmq")  # how long a broker takes to start is not what is looked at here
    assert meeting["state"] == "scheduled"
    guide.receives("meeting_scheduled", guide.cast.members, "the convocation, once the broker is back")


def schedule_another(guide):
    plan = {"subject": "Sans courtier", "activity": "workshop", "modality": "remote", "zone": "Africa/Casablanca"}
    address = f"/v1/communities/{guide.cast.community['id']}/meetings"
    meeting = guide.coordinator.post("meetings", address, plan | {"duration_minutes": 60})
    when = {"starts_at": (datetime.now(UTC) + timedelta(days=20)).isoformat(), "place": "https://example.org/salle"}
    return guide.coordinator.change("meetings", f"/v1/meetings/{meeting['id']}/schedule", when)


@pytest.mark.parametrize("role", PORTS)
def test_a_role_cannot_open_the_database_of_another_service(role):
    for database in PORTS:
        question = ["psql", "-h", "127.0.0.1", "-U", role, "-d", database, "-c", "SELECT 1"]
        secret = os.environ.get(f"HALQA_{role.upper()}_PASSWORD", "development")
        command = ["docker", "compose", "exec", "-T", "-e", f"PGPASSWORD={secret}", "postgres", *question]
        answer = subprocess.run(command, capture_output=True, text=True)
        assert (answer.returncode == 0) == (role == database), answer.stderr
        assert role == database or "permission denied for database" in answer.stderr
