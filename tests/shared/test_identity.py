"""Who is calling: nothing is answered without a valid token, except what is marked public."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import jwt
import pytest
from bells import SECRET, service, settings

from shared.domain.actor import Actor, Role
from shared.domain.refusals import NotIdentified
from shared.web.identity import Tokens

ME = str(uuid4())
UNIT = uuid4()
tokens = Tokens(SECRET)


@pytest.fixture
def client(tmp_path):
    app = service.create_app(settings(f"sqlite:///{tmp_path}/empty.db"))
    yield app.test_client()
    app.sessions.engine.dispose()


def forged(*, key: str = SECRET, algorithm: str = "HS256", without: str = "", **changes) -> str:
    now = datetime.now(UTC)
    claims = {"sub": ME, "role": "principal", "iss": "halqa-development", "aud": "halqa"}
    claims |= {"iat": now, "exp": now + timedelta(hours=1)} | changes
    claims.pop(without, None)
    return jwt.encode(claims, key, algorithm)


AN_HOUR_AGO = datetime.now(UTC) - timedelta(hours=1)
WRONG = {
    "no token at all": "",
    "not a token": "abc",
    "half a token": forged()[:-20],
    "changed in the middle": forged().replace(".", ".e30", 1),
    "not ASCII": "é.é.é",
    "expired": forged(exp=AN_HOUR_AGO),
    "not valid yet": forged(nbf=datetime.now(UTC) + timedelta(hours=1)),
    "of another audience": forged(aud="others"),
    "of another issuer": forged(iss="somebody"),
    "signed with another secret": forged(key="another secret, which is also long enough"),
    "signed with nothing": forged(key="", algorithm="none"),
    "of another algorithm": forged(key=SECRET * 2, algorithm="HS512"),
    "of a role that does not exist": forged(role="emperor"),
    "of many roles": forged(role=["principal"]),
    "of a principal who is no UUID": forged(sub="somebody"),
    "of a unit that is no UUID": forged(role="delegation_officer", unit="here"),
    "of a unit that is a number": forged(role="delegation_officer", unit=7),
    **{f"without {claim}": forged(without=claim) for claim in ("sub", "role", "exp", "iss", "aud")},
}


@pytest.mark.parametrize("kind", WRONG)
def test_a_wrong_token_is_refused_and_nobody_says_more(client, kind):
    answer = client.get("/v1/events", headers={"Authorization": f"Bearer {WRONG[kind]}"})
    assert answer.status_code == 401
    assert answer.json["code"] in ("token.invalid", "token.missing")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert SECRET not in answer.text


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic dTpw", tokens.issue(Actor(ME, Role.SERVICE))])
def test_a_missing_or_malformed_header_is_refused(client, header):
    headers = {} if header is None else {"Authorization": header}
    answer = client.get("/v1/events", headers=headers)
    assert (answer.status_code, answer.json["code"]) == (401, "token.missing")


@pytest.mark.parametrize(
    "actor",
    [
        Actor(ME, Role.PRINCIPAL),
        Actor("office-7", Role.DELEGATION_OFFICER, UNIT),
        Actor("portal", Role.PORTAL, UNIT),
        Actor("ministry", Role.MINISTRY_ADMINISTRATOR),
        Actor("meetings", Role.SERVICE),
    ],
)
def test_a_token_says_who_it_was_issued_to(actor):
    assert tokens.read(tokens.issue(actor)) == actor


def test_a_token_ends_after_its_lifetime():
    actor = Actor(ME, Role.PRINCIPAL)
    assert tokens.read(tokens.issue(actor, timedelta(seconds=-10))) == actor  # clocks differ a little
    with pytest.raises(NotIdentified):
        tokens.read(tokens.issue(actor, timedelta(seconds=-31)))


def test_the_name_of_the_scheme_has_no_case(client):
    token = tokens.issue(Actor(ME, Role.PRINCIPAL))
    assert client.get("/v1/events", headers={"Authorization": f"bEaReR {token}"}).status_code == 403


@pytest.mark.parametrize("path", ["/health/live", "/docs", "/openapi.json", "/docs/assets/start.js"])
def test_what_is_public_asks_nobody(client, path):
    with client.get(path) as answer:
        assert answer.status_code == 200


def test_everything_else_asks(client):
    public_paths = {"/health/live", "/health/ready", "/metrics", "/docs", "/openapi.json", "/docs/assets/<name>"}
    rules = [rule for rule in client.application.url_map.iter_rules() if rule.rule not in public_paths]
    assert rules
    for rule in rules:
        path = re.sub("<[^>]+>", str(uuid4()), rule.rule)
        assert client.open(path, method=sorted(rule.methods - {"OPTIONS", "HEAD"})[0]).status_code == 401


@pytest.mark.parametrize(
    ("actor", "mine"),
    [
        (Actor(ME, Role.PRINCIPAL), [True, False, False, False]),
        (Actor("o", Role.DELEGATION_OFFICER, UNIT), [False, True, True, False]),
        (Actor("p", Role.PORTAL, UNIT), [False, False, True, False]),
        (Actor("m", Role.MINISTRY_ADMINISTRATOR), [False, False, True, True]),
        (Actor("s", Role.SERVICE), [False, False, False, False]),
        (Actor(ME, Role.PORTAL), [False, False, False, False]),
        (Actor("o", Role.DELEGATION_OFFICER, uuid4()), [False, False, False, False]),
    ],
)
def test_what_a_role_may_do(actor, mine):
    assert [actor.is_(UUID(ME)), actor.decides_for(UNIT), actor.works_for(UNIT), actor.administers()] == mine
