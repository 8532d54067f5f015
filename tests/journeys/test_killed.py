"""Processes are killed again and again while people work: nobody misses a mail, nobody gets one twice."""

import os
import random
import signal
import threading
from collections import Counter
from dataclasses import replace
from email import message_from_bytes

import pytest
from sqlalchemy import create_engine, text

from console.embedded import Embedded, running
from console.tour import route
from shared.running.credentials import as_developer

KILLS, MOST_KILLS = 20, 40


class Killer(threading.Thread):
    """Every now and then, one process dies without a word."""

    def __init__(self, system: Embedded, seed: int) -> None:
        super().__init__(daemon=True)
        self.kills: Counter[str] = Counter()
        self._system, self._random, self._enough = system, random.Random(seed), threading.Event()

    def run(self) -> None:
        while self.kills.total() < MOST_KILLS and not self._enough.wait(self._random.uniform(0.5, 3)):
            service, child = self._random.choice(sorted(self._system.children.items()))
            if child.process.poll() is None:
                os.kill(child.process.pid, signal.SIGKILL)
                self.kills[service] += 1

    def stop(self) -> None:
        self._enough.set()
        self.join()


@pytest.mark.long
def test_a_tour_with_every_process_killed_at_random_moments_ends_well(place, smtp_server):
    seed = random.randrange(1_000_000)
    place = replace(place, mail_url=smtp_server.url)
    with running(place) as system:
        system.wait_until_ready()
        killer = Killer(system, seed)
        killer.start()
        try:
            urls = {name: place.url(name) for name in place.ports}
            while killer.kills.total() < KILLS:
                route.take(urls, as_developer(place.token_url), smtp_server, None)
        finally:
            killer.stop()
    uncertain = _interrupted(place)
    repeated = _repeated(smtp_server.accepted)
    print(f"seed {seed}: {killer.kills.total()} kills {dict(killer.kills)}, {len(smtp_server.accepted)} mails,")
    print(f"{len(uncertain)} sends of unknown outcome, {len(repeated)} of them arrived twice")
    assert repeated <= uncertain


def _interrupted(place) -> set[str]:
    """Message-IDs of sends whose outcome the sender could not know."""
    engine = create_engine(f"sqlite:///{place.folder.resolve()}/notifications.db")
    with engine.connect() as connection:
        found = set(connection.scalars(text("SELECT mail_id FROM message WHERE interrupted > 0")))
        assert connection.scalar(text("SELECT count(*) FROM message WHERE state <> 'sent'")) == 0
    engine.dispose()
    return found


def _repeated(accepted: list[bytes]) -> set[str]:
    counts = Counter(str(message_from_bytes(raw)["Message-ID"]) for raw in accepted)
    return {mail_id for mail_id, count in counts.items() if count > 1}
