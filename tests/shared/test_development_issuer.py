"""The development issuer: what it gives to whom, that it gives nothing beside a real one, that services believe it."""

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from uuid import uuid4

import jwt
import pytest
import requests
import roles
from click.testing import CliRunner

from console import main
from shared.domain.actor import Actor, Role
from shared.running.credentials import Client, Credentials, NoToken, as_developer
from shared.running.issuer import DEVELOPER, SECRET, SERVICES, SigningKey, create_issuer
from shared.testing.servers import free_port
from shared.testing.serving import served
from shared.testing.waiting import eventually
from shared.web.identity import Claims, Issuer, Keys, NoAnswer, Tokens

NAME = "http://127.0.0.1:8105"
ME, UNIT = str(uuid4()), uuid4()


@pytest.fixture
def client():
    return create_issuer(NAME, SigningKey.new()).test_client()


def ask(client, *, who: str = DEVELOPER, secret: str = SECRET, **form: str):
    return client.post("/token", data={"grant_type": "client_credentials", **form}, auth=(who, secret))


def test_it_describes_itself_as_openid_connect_wants_it(client):
    told = client.get("/.well-known/openid-configuration").json
    assert told["issuer"] == NAME
    assert (told["jwks_uri"], told["token_endpoint"]) == (f"{NAME}/jwks", f"{NAME}/token")


def test_its_keys_are_public_ones(client):
    (key,) = client.get("/jwks").json["keys"]
    assert {"d", "k"}.isdisjoint(key) and key["kid"]


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_gets_a_token_of_a_service_and_of_nothing_else(client, service):
    told = ask(client, who=service, role="ministry_administrator", sub="x").json
    claims = jwt.decode(told["access_token"], options={"verify_signature": False})
    assert (claims["sub"], claims["role"], claims["iss"], claims["aud"]) == (service, "service", NAME, "halqa")
    assert told["expires_in"] <= 300 and told["token_type"] == "Bearer"


def test_a_developer_may_be_anybody_for_a_while(client):
    told = ask(client, role="academy_officer", sub=ME, unit=str(UNIT), lifetime="60").json
    claims = jwt.decode(told["access_token"], options={"verify_signature": False})
    assert (claims["sub"], claims["role"], claims["unit"]) == (ME, "academy_officer", str(UNIT))
    assert claims["exp"] - claims["iat"] == 60
    assert ask(client, lifetime="1000000000").json["expires_in"] == 7 * 24 * 3600


def test_a_client_may_write_its_secret_into_the_form(client):
    form = {"grant_type": "client_credentials", "client_id": "meetings", "client_secret": SECRET}
    answer = client.post("/token", data=form)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("wish", "status", "error"),
    [
        ({"secret": "another"}, 401, "invalid_client"),
        ({"who": "somebody"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"role": "emperor"}, 400, "invalid_request"),
        ({"unit": "here"}, 400, "invalid_request"),
        ({"lifetime": "long"}, 400, "invalid_request"),
        ({"lifetime": "9" * 400}, 400, "invalid_request"),
    ],
)
def test_what_it_refuses_it_refuses_as_oauth_says(client, wish, status, error):
    answer = ask(client, **wish)
    assert (answer.status_code, answer.json["error"]) == (status, error)
    assert client.post("/token").status_code == 401


@pytest.mark.parametrize("path", ["/token", "/jwks", "/.well-known/openid-configuration", "/health/ready", "/x"])
def test_beside_another_issuer_it_answers_nothing_but_whom_to_ask(path):
    client = create_issuer(NAME, SigningKey.new(), in_charge="https://accounts.invalid").test_client()
    answer = client.open(path, method="POST" if path == "/token" else "GET", auth=(DEVELOPER, SECRET))
    assert (answer.status_code, answer.json["code"]) == (403, "issuer.replaced")
    assert answer.content_type == "application/problem+json" and "https://accounts.invalid" in answer.json["detail"]


def test_beside_another_issuer_the_commands_say_so(monkeypatch):
    monkeypatch.setenv("HALQA_ISSUER", "https://accounts.invalid")
    for words in (["token", "--role=portal"], ["issuer"], ["tour"], ["demo"], ["tour", "--url=http://127.0.0.1:1"]):
        told = CliRunner().invoke(main, words)
        assert (told.exit_code, "HALQA_ISSUER names https://accounts.invalid" in told.stderr) == (1, True), words


def test_its_key_may_outlive_a_restart(tmp_path):
    kept = tmp_path / "var" / "issuer.key"
    first = SigningKey.kept_in(kept)
    assert SigningKey.kept_in(kept).published() == first.published() != SigningKey.new().published()
    assert kept.stat().st_mode & 0o077 == 0


@contextmanager
def an_issuer_by_itself(folder):
    """As `halqa up` starts it: a process."""
    port = free_port()
    command = [sys.executable, "-m", "console", "issuer", f"--port={port}", f"--key={folder}/issuer.key"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HALQA_")}
    with (folder / "issuer.log").open("w") as log:
        process = subprocess.Popen(command, env=kept, stdout=log, stderr=log)
    try:
        name = f"http://127.0.0.1:{port}"
        eventually(lambda: _answers(name, process), within=30, what="the issuer answers")
        yield name
    finally:
        process.terminate()
        process.wait(timeout=30)


def _answers(name: str, process: subprocess.Popen) -> bool:
    assert process.poll() is None
    try:
        return requests.get(f"{name}/jwks", timeout=5).ok
    except requests.ConnectionError:
        return False


@pytest.mark.parametrize("role", ["run", "web"])  # two HTTP servers, with limits of their own
def test_a_real_service_believes_it_and_refuses_tokens_of_any_size(role, sqlite_databases, tmp_path):
    with an_issuer_by_itself(tmp_path) as name:
        trust = {"HALQA_ISSUER": name, "HALQA_JWKS_URL": "", "HALQA_TOKEN_URL": "", "HALQA_CLIENT_ID": ""}
        with roles.running("membership", role, tmp_path, sqlite_databases.new("membership"), **trust) as service:
            typed = CliRunner().invoke(main, ["token", "--role=ministry_administrator", f"--issuer={name}"])
            token = typed.stdout.strip()
            assert service.get("/v1/delegations", Authorization=f"Bearer {token}").status_code == 200
            for size in (9_000, 40_000):
                long = service.get("/v1/delegations", Authorization=f"Bearer {'x' * size}")
                assert (long.status_code, long.json()["code"]) == (401, "token.invalid")
            assert refused_before_it_is_read(service.url, 1_000_000)


def refused_before_it_is_read(url: str, size: int) -> bool:
    """By the server itself, which may hang up while so long a header is still being sent."""
    try:
        answer = requests.get(f"{url}/v1/delegations", headers={"Authorization": f"Bearer {'x' * size}"}, timeout=20)
    except requests.ConnectionError:
        return True
    return answer.status_code in (400, 401, 431)


@pytest.fixture
def counted():
    """An issuer over HTTP, and the requests it has had."""
    asked: list[str] = []
    app = create_issuer(NAME, SigningKey.new())
    with served(app) as server:
        app.before_request(lambda: asked.append("once"))
        yield f"{server.url}/token", asked


def test_a_service_asks_once_and_again_when_its_token_nears_its_end(counted, monkeypatch):
    where, asked = counted
    credentials = Credentials(Client("meetings", SECRET, lambda: where))
    first = credentials()
    assert credentials() == first and len(asked) == 1
    now = credentials._kept[()][1] - 29
    monkeypatch.setattr("shared.running.credentials.time.monotonic", lambda: now)
    credentials()
    assert len(asked) == 2


def test_a_developer_keeps_the_tokens_of_each_whom_they_are(counted):
    where, asked = counted
    token_of = as_developer(where)
    actors = [Actor(ME, Role.PRINCIPAL), Actor("o", Role.DELEGATION_OFFICER, UNIT)]
    keys = Keys(lambda: requests.get(where.replace("/token", "/jwks"), timeout=5).json())
    tokens = Tokens(NAME, "halqa", keys, Claims())
    assert [tokens.read(token_of(actor)) for actor in actors * 3] == actors * 3
    assert len(asked) == 3


@pytest.mark.parametrize(
    ("secret", "told"), [("", "HALQA_CLIENT_SECRET is not set"), ("another", "no such client, or another secret")]
)
def test_a_service_without_a_right_secret_is_told_what_to_do(counted, secret, told):
    with pytest.raises(NoToken, match=told):
        Credentials(Client("meetings", secret, lambda: counted[0]))()


def test_a_service_whose_issuer_is_away_is_told_what_to_look_at():
    nobody = f"http://127.0.0.1:{free_port()}"
    with pytest.raises(NoAnswer, match=re.escape(f"{nobody}/.well-known")):
        Credentials(Client("meetings", SECRET, Issuer(nobody).where_tokens_are))()
    with pytest.raises(NoAnswer, match="is HALQA_ISSUER right"):
        Credentials(Client("meetings", SECRET, Issuer(nobody, token_url=f"{nobody}/token").where_tokens_are))()
