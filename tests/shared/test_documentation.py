"""Each installed service describes itself: valid OpenAPI 3.1, a page that needs no other host, its health."""

import re
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import entry_points

import pytest
from flask_smorest import Blueprint
from openapi_spec_validator import OpenAPIV31SpecValidator
from sqlalchemy import text

from shared.testing.harness import Driven

SERVICES = {entry.name: entry for entry in entry_points(group="halqa.services")}
BLANK = re.compile(r"<(?:[a-z]+(?:\([^)]*\))?:)?([a-z_]+)>")  # in a route, as `<uuid:id>` or `<any(a, b):word>`
OTHER_HOST = re.compile(r"""(?:(?:src|href|action)\s*=|url\(|@import)\s*["']?(?:[a-z]+:)?//""")


@pytest.fixture(params=sorted(SERVICES))
def driven(request, sqlite_databases, tmp_path):
    service = SERVICES[request.param].load()
    mail = {"mail_url": f"spool://{tmp_path}"} if "mail_url" in service.settings.__dataclass_fields__ else {}
    driven = Driven(service, sqlite_databases.new(request.param), **mail)
    yield driven
    driven.close()


@pytest.fixture
def client(driven):
    return driven.app.test_client()


def test_its_description_is_valid(client, driven):
    description = client.get("/openapi.json").json
    OpenAPIV31SpecValidator(description).validate()
    assert description["openapi"] == "3.1.0"
    assert description["info"]["title"] == driven.service.title


def test_its_description_names_every_route_and_how_to_identify(client, driven):
    description = client.get("/openapi.json").json
    documented = {name for name, kind in driven.app.blueprints.items() if isinstance(kind, Blueprint)}
    rules = [rule for rule in driven.app.url_map.iter_rules() if rule.endpoint.partition(".")[0] in documented]
    assert {BLANK.sub(r"{\1}", rule.rule) for rule in rules} == set(description["paths"])
    assert description["security"] == [{"bearer": []}]
    assert description["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


def test_its_page_and_assets_come_from_here_alone(client):
    page = client.get("/docs")
    assert (page.status_code, page.mimetype) == (200, "text/html")
    assets = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(assets) == 3
    assert not OTHER_HOST.search(page.text)
    for asset in assets:
        with client.get(f"/{asset}") as answer:
            assert answer.status_code == 200 and len(answer.data) > 50
            assert asset.endswith("bundle.js") or not OTHER_HOST.search(answer.text)


def test_the_page_asks_no_validator_elsewhere(client):
    with client.get("/docs/assets/start.js") as answer:
        assert "validatorUrl: null" in answer.text and "://" not in answer.text


@pytest.mark.parametrize(
    "name", ["..%2Fapp.py", "../app.py", "%2e%2e/app.py", "/etc/passwd", "NOTICE%00", "nothing.js"]
)
def test_only_assets_are_served_as_assets(client, name):
    assert client.get(f"/docs/assets/{name}").status_code in (404, 308)


def test_it_is_ready_when_its_database_is_migrated(client):
    assert client.get("/health/live").json == {"status": "ok"}
    assert client.get("/health/ready").json == {"status": "ok", "checks": {"database": "ok"}}


def test_it_says_why_it_is_not_ready(client, driven):
    with driven.sessions.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    answer = client.get("/health/ready")
    assert answer.status_code == 503
    assert f"python -m {driven.service.name} migrate" in answer.json["checks"]["database"]


def test_its_description_tells_no_secret(client, driven):
    settings = vars(driven.settings)
    secrets = {settings["database_url"], *(value for name, value in settings.items() if "secret" in name and value)}
    told = client.get("/openapi.json").text
    assert [secret for secret in secrets if secret in told] == []


def test_it_is_described_once_for_all_who_ask_first_at_the_same_time(driven):
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(driven.app.test_client().get, "/openapi.json") for _ in range(8)]
        answers = [one.result(timeout=60) for one in asked]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
