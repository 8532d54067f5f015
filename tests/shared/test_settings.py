"""Settings: read once, all faults told at once; a service that cannot start says why, and ends."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from shared.running.settings import LinkSettings, MissingSettings, Settings
from shared.testing.servers import free_port

ISSUER, SECRET = "https://issuer.invalid", "s" * 32
RIGHT = {"HALQA_DATABASE_URL": "sqlite:///a.db", "HALQA_ISSUER": ISSUER}


def wrong(environment: dict[str, str]) -> list[str]:
    with pytest.raises(MissingSettings) as raised:
        Settings.read(environment)
    return [line.partition(" ")[0] for line in str(raised.value).splitlines()]


def test_what_is_set_is_read_and_the_rest_has_a_default():
    settings = Settings.read(RIGHT | {"HALQA_THREADS": "3", "HALQA_BROKER_URL": "amqp://b", "UNRELATED": "x"})
    assert (settings.database_url, settings.issuer) == ("sqlite:///a.db", ISSUER)
    assert (settings.threads, settings.workers, settings.broker_url) == (3, 1, "amqp://b")


def test_all_that_is_missing_is_named_at_once():
    assert wrong({}) == ["HALQA_DATABASE_URL", "HALQA_ISSUER"]
    assert wrong(RIGHT | {"HALQA_DATABASE_URL": ""}) == ["HALQA_DATABASE_URL"]


@pytest.mark.parametrize(
    "faulty",
    [{"HALQA_ISSUER": "somebody"}, {"HALQA_JWKS_URL": "/keys.json"}, {"HALQA_TOKEN_URL": "file:///token"}],
)
def test_what_is_no_address_is_refused(faulty):
    assert wrong(RIGHT | faulty) == list(faulty)


def test_peers_are_named_in_one_setting_and_whoever_is_not_is_on_this_machine():
    peers = Settings.read(RIGHT | {"HALQA_PEERS": "membership=https://m.example,practices=http://p:8000"})
    assert (peers.url_of("membership"), peers.url_of("practices")) == ("https://m.example", "http://p:8000")
    assert peers.url_of("meetings") == "http://127.0.0.1:8102"


@pytest.mark.parametrize(
    "faulty",
    [
        "membership",
        "membership=m.example",
        "http://m.example",
        "membership=http://a b",
        "membership=",
        "membershp=http://a",
        "membership=http://a,membership=http://b",
    ],
)
def test_peers_that_lead_nowhere_are_refused(faulty):
    assert wrong(RIGHT | {"HALQA_PEERS": faulty}) == ["HALQA_PEERS"]


def test_the_four_settings_of_before_are_refused_with_the_line_to_write():
    before = {"HALQA_MEETINGS_URL": "http://meetings:8000", "HALQA_PRACTICES_URL": "http://practices:8000"}
    line = "write HALQA_PEERS=meetings=http://meetings:8000,practices=http://practices:8000"
    with pytest.raises(MissingSettings, match=line):
        Settings.read(RIGHT | before)


def test_a_short_secret_is_refused():
    with pytest.raises(MissingSettings, match="HALQA_LINK_SECRET is shorter"):
        LinkSettings.read(RIGHT | {"HALQA_LINK_SECRET": SECRET[:-1]})


def test_what_is_missing_and_what_is_wrong_are_told_together():
    given = {"HALQA_THREADS": "many", "HALQA_WORKERS": "0x2"}
    assert wrong(given) == ["HALQA_DATABASE_URL", "HALQA_ISSUER", "HALQA_THREADS", "HALQA_WORKERS"]


def test_a_secret_is_never_repeated():
    with pytest.raises(MissingSettings) as raised:
        LinkSettings.read({"HALQA_LINK_SECRET": "hush hush", "HALQA_CLIENT_SECRET": "hush too"})
    assert "hush" not in str(raised.value)


def test_settings_are_frozen():
    with pytest.raises(AttributeError):
        Settings.read(RIGHT).threads = 9


def start(role: str, *options: str, **environment: str) -> subprocess.CompletedProcess:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HALQA_")}
    command = [sys.executable, "-m", "membership", role, *options]
    return subprocess.run(command, env=kept | environment, capture_output=True, text=True, timeout=60)


def believing(folder: Path) -> dict[str, str]:
    return {"HALQA_DATABASE_URL": f"sqlite:///{folder}/a.db", "HALQA_ISSUER": ISSUER, "HALQA_LINK_SECRET": SECRET}


@pytest.mark.parametrize("role", ["web", "work"])
def test_a_service_without_settings_names_them_and_ends(role):
    ended = start(role)
    assert ended.returncode == 1
    assert "membership cannot start" in ended.stderr
    assert "HALQA_DATABASE_URL" in ended.stderr and "HALQA_ISSUER" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("role", ["web", "run"])
def test_a_port_in_use_is_told_in_one_line(role, tmp_path):
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        bind = f"127.0.0.1:{taken.getsockname()[1]}"
        ended = start(role, "--migrate", **believing(tmp_path), HALQA_BIND=bind)
    assert ended.returncode == 1
    assert f"membership cannot start: cannot listen on {bind} (HALQA_BIND)" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_database_that_was_not_migrated_is_told_with_the_command(tmp_path):
    ended = start("work", **believing(tmp_path))
    assert ended.returncode == 1
    assert "run `python -m membership migrate`" in ended.stderr
