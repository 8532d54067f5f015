"""What dashboards and alerts speak of exists, and each alert was seen to fire."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from prometheus_client.metrics import MetricWrapperBase

from shared.messaging import meters
from shared.messaging.backlog import Backlog
from shared.testing.fixtures import NOT_AT_HAND
from shared.testing.servers import engine_answers
from shared.web import request_log

FOLDER = Path(__file__).parents[2] / "deploy" / "monitoring"
IMAGE = "prom/prometheus:v2"
A_NAME = re.compile(r"\bhalqa_[a-z_]+")


@pytest.fixture
def shown(sqlite_databases) -> set[str]:
    """The names of everything that `/metrics` can show, as Prometheus stores it."""
    declared = [*vars(meters).values(), *vars(request_log).values()]
    counted = [one for one in declared if isinstance(one, MetricWrapperBase)]
    families = [family for one in counted for family in one.describe()]
    families += Backlog(sqlite_databases.new("membership"), "any", publishes=True).collect()
    endings = {"counter": ("_total",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
    return {family.name + ending for family in families for ending in endings[family.type]}


def named(text: str) -> set[str]:
    return set(A_NAME.findall(text))


def test_alerts_speak_of_what_is_shown(shown):
    spoken_of = named((FOLDER / "alerts.yml").read_text())
    assert len(spoken_of) >= 9
    assert spoken_of - shown == set()


def test_the_dashboard_speaks_of_what_is_shown_and_shows_nearly_all(shown):
    panels = json.loads((FOLDER / "dashboard.json").read_text())["panels"]
    spoken_of = named("\n".join(target["expr"] for panel in panels for target in panel["targets"]))
    assert spoken_of - shown == set()
    assert {name for name in shown if name.endswith("_total")} - spoken_of == {"halqa_quarantined_total"}


def test_every_alert_is_played():
    alerts = set(re.findall(r"- alert: (\w+)", (FOLDER / "alerts.yml").read_text()))
    assert set(re.findall(r"alertname: (\w+)", (FOLDER / "alerts_test.yml").read_text())) == alerts


def promtool(*words: str) -> subprocess.CompletedProcess:
    inside = ["docker", "run", "--rm", "--network", "none", "-v", f"{FOLDER}:/rules:ro", "-w", "/rules"]
    if own := shutil.which("promtool"):
        command = [own]
    elif engine_answers() and not subprocess.run(["docker", "image", "inspect", IMAGE], capture_output=True).returncode:
        command = [*inside, "--entrypoint", "promtool", IMAGE]
    else:
        pytest.skip(f"{NOT_AT_HAND}neither promtool nor the image {IMAGE} is here")
    return subprocess.run([*command, *words], cwd=FOLDER, capture_output=True, text=True, timeout=120)


@pytest.mark.parametrize("words", [("check", "config", "prometheus.yml"), ("test", "rules", "alerts_test.yml")])
def test_prometheus_reads_the_files_and_each_alert_fires(words):
    said = promtool(*words)
    assert said.returncode == 0, said.stdout + said.stderr
