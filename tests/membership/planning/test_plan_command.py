"""`halqa plan`: asks for a round, waits for it, tells how it ended, and comes back to one that it has left."""

import json
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from planned import settle
from sqlalchemy import func, select

from console import main
from console import plan as command
from console.plan import Planning, is_stuck
from console.remote import Unreachable
from membership.planning.use_cases import asking
from shared.domain.actor import Actor, Role
from shared.domain.jobs import Job
from shared.testing.issuer import token as token_of
from shared.testing.serving import served
from shared.testing.waiting import eventually

TOKEN = token_of(Actor(id="amina", role=Role.MINISTRY_ADMINISTRATOR))
BOUNDS = ("--least=5", "--most=7", "--wanted=6", "--seconds=0.5")


def typed(url: str, *words: object) -> Result:
    return CliRunner().invoke(
        main, ["plan", *map(str, words), f"--url=membership={url}", "--as=amina", f"--token={TOKEN}"]
    )


def test_halqa_plan_waits_for_all_prints_a_table_and_can_come_back(sqlite_province):
    province = sqlite_province
    with served(province.driven.app) as running, ThreadPoolExecutor(1) as pool:
        nobody = typed(running.url, "--all")
        assert (nobody.exit_code, nobody.stdout) == (0, "No Delegation in reach has principals in post.\n")
        settle(province.driven, province.delegation_id)
        halqa = pool.submit(typed, running.url, "--all", *BOUNDS)
        eventually(lambda: _jobs(province) or halqa.done())
        province.driven.work()
        printed = halqa.result()
        assert printed.exit_code == 0, printed.output
        heads, line = printed.stdout.splitlines()
        assert heads.split()[:5] == ["CODE", "DELEGATION", "STATE", "PEOPLE", "GROUPS"]
        assert line.split()[1:5] == ["Taounate", "ready", "12", "2"]
        round_id = printed.stderr.partition("halqa plan --round ")[2].split()[0]
        (known,) = json.loads(typed(running.url, "--round", round_id, "--json").stdout)
    assert (known["name_fr"], known["state"], known["people"]) == ("Taounate", "ready", 12)


def test_what_failed_or_is_refused_or_does_not_answer_is_said_and_is_no_success(sqlite_province, monkeypatch):
    province = sqlite_province
    settle(province.driven, province.delegation_id)
    monkeypatch.setattr(asking, "MOST_PEOPLE", 11)
    with served(province.driven.app) as running:
        failed = typed(running.url, "--all")
        crossed = typed(running.url, "--all", "--least=30")
        unknown = typed(running.url, "--round", uuid4())
        unsaid = typed(running.url)
    assert failed.exit_code == 1 and failed.stdout.splitlines()[1].split()[2] == "failed" and "plan" in failed.stderr
    assert crossed.exit_code == 1 and "The least is not above the size wanted" in crossed.stderr
    assert unknown.exit_code == 1 and "There is no such round" in unknown.stderr
    assert unsaid.exit_code == 2 and "--all, or --round" in unsaid.stderr
    away = typed(running.url, "--all")
    assert away.exit_code == 1 and "does not answer" in away.stderr


class Restarted(Planning):
    """Away for a moment, while plans are computed."""

    silences = 3

    def round(self, id):
        self.silences -= 1
        if self.silences >= 0:
            raise Unreachable("away")
        return {"id": id, "done": 1, "total": 1}


def test_a_service_that_is_started_anew_is_waited_for_and_one_that_stays_away_is_not(monkeypatch):
    monkeypatch.setattr(command, "LOOK_EVERY", 0)
    asked = {"id": "r", "done": 0, "total": 1}
    assert [seen["done"] for seen in Restarted("membership", "http://nowhere", "").watched(asked)] == [1]
    monkeypatch.setattr(command, "PATIENT_FOR", -1)
    with pytest.raises(Unreachable):
        list(Restarted("membership", "http://nowhere", "").watched(asked))


def test_a_round_that_nobody_begins_is_noticed():
    waiting, running = {"progress": {"state": "waiting"}}, {"progress": {"state": "running"}}
    assert is_stuck({"plans": [waiting, waiting]}, 30) and not is_stuck({"plans": [waiting]}, 3)
    assert not is_stuck({"plans": [waiting, running]}, 30) and not is_stuck({"plans": [{"progress": None}]}, 30)


def _jobs(province) -> int:
    with province.driven.sessions.reader() as session:
        return session.scalar(select(func.count()).select_from(Job))
