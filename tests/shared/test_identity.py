"""Who is calling: nothing is answered without a valid token, except what is marked public."""

import json
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import forger
import pytest
from bells import service, settings
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from forger import ME, by_hand, ec_key, hmac_with, rsa_key, signed, signed_with
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.actor import Actor, Role
from shared.domain.refusals import NotAllowed, NotIdentified
from shared.running.issuer import SigningKey
from shared.testing.issuer import KEY
from shared.testing.issuer import token as token_of
from shared.web.identity import Claims, Keys, Tokens

UNIT = uuid4()
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def jwks_url(tmp_path_factory):
    return forger.publish(tmp_path_factory.mktemp("issuer"))


@pytest.fixture
def client(tmp_path, jwks_url):
    app = service.create_app(settings(f"sqlite:///{tmp_path}/empty.db", jwks_url=jwks_url))
    yield app.test_client()
    app.sessions.engine.dispose()


def now() -> datetime:
    return datetime.now(UTC)


def key_of(kid: str) -> dict:
    return next(key for key in forger.published()["keys"] if isinstance(key, dict) and key.get("kid") == kid)


ATTACKS = {
    "expired": lambda: signed(exp=now() - HOUR),
    "not valid yet": lambda: signed(nbf=now() + HOUR),
    "issued tomorrow": lambda: signed(iat=now() + 24 * HOUR),
    "of another audience": lambda: signed(aud="others"),
    "of another issuer": lambda: signed(iss="https://somebody.invalid"),
    "of no audience": lambda: signed(aud=None),
    "of no issuer": lambda: signed(iss=None),
    "of nobody": lambda: signed(sub=None),
    "without an end": lambda: signed(exp=None),
    "with an end beyond numbers": lambda: signed(exp=float("inf")),
    "signed with nothing": lambda: by_hand({"alg": "none", "kid": KEY.kid}, lambda _: b""),
    "signed with nOnE": lambda: by_hand({"alg": "nOnE", "kid": KEY.kid}, lambda _: b""),
    "HS256 with the public key as PEM": lambda: by_hand({"alg": "HS256", "kid": "rsa"}, hmac_with(forger.pem())),
    "HS256 with the public key as JWK": lambda: by_hand(
        {"alg": "HS256", "kid": "rsa"}, hmac_with(json.dumps(key_of("rsa")).encode())
    ),
    "HS256 with a secret that the issuer published": lambda: by_hand(
        {"alg": "HS256", "kid": "secret"}, hmac_with(b"a secret that was published by mistake")
    ),
    "RS256 said of an EC key": lambda: signed_with(rsa_key(), "RS256", "ec"),
    "ES256 said of an RSA key": lambda: signed_with(ec_key(), "ES256", "rsa"),
    "RS256 with a key for PS256": lambda: signed_with(rsa_key(), "RS256", "rsa for PS256"),
    "RS512, which is not ours": lambda: signed_with(rsa_key(), "RS512", "rsa"),
    "with a key for ciphers": lambda: signed_with(rsa_key(), "RS256", "rsa for ciphers"),
    "of an unknown kid": lambda: signed_with(rsa_key(), "RS256", "another"),
    "of no kid": lambda: signed_with(rsa_key(), "RS256", None),
    "of a kid that is a number": lambda: by_hand({"alg": "HS256", "kid": 7}, hmac_with(b"x")),
    "by somebody else": lambda: SigningKey(Ed25519PrivateKey.generate()).sign(forger.claims()),
    "by somebody else in our issuer's name": lambda: signed_with(Ed25519PrivateKey.generate(), "EdDSA", KEY.kid),
    "which says where its key is": lambda: signed_with(
        rsa_key(), "RS256", "mine", jku="http://127.0.0.1:1/keys", x5u="http://127.0.0.1:1/certificate"
    ),
    "which brings its own key": lambda: signed_with(rsa_key(), "RS256", "mine", jwk={**key_of("rsa"), "kid": "mine"}),
    "with something critical in it": lambda: by_hand(
        {"alg": "EdDSA", "kid": KEY.kid, "crit": ["exp"], "exp": 1}, hmac_with(b"x")
    ),
    "one megabyte": lambda: signed(story="x" * 1_000_000),
    "a little too long": lambda: signed(story="x" * 8 * 1024),
    "no token": lambda: "abc",
    "half a token": lambda: signed()[:-20],
    "changed in the middle": lambda: signed().replace(".", ".e30", 1),
    "not ASCII": lambda: "é.é.é",
    "brackets without end": lambda: f"{forger.encoded(b'[' * 5000)}.e30.x",
    "of a principal who is no UUID": lambda: signed(sub="somebody"),
    "of a principal who is a number": lambda: signed(sub=7),
    "of a unit that is no UUID": lambda: signed(role="delegation_officer", unit="here"),
    "of a unit that is a number": lambda: signed(role="delegation_officer", unit=7),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_wrong_token_is_refused_and_nobody_says_why(client, attack):
    answer = client.get("/v1/events", headers={"Authorization": f"Bearer {ATTACKS[attack]()}"})
    assert (answer.status_code, answer.json["code"]) == (401, "token.invalid")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="halqa", error="invalid_token"'
    right = client.get("/v1/events", headers={"Authorization": f"Bearer {signed(role='portal')}"})
    assert answer.json["detail"] and right.status_code == 403


@pytest.mark.parametrize(
    "token",
    [
        lambda: signed_with(rsa_key(), "RS256", "rsa"),
        lambda: signed_with(rsa_key(), "PS256", "rsa"),
        lambda: signed_with(rsa_key(), "PS256", "rsa for PS256"),
        lambda: signed_with(ec_key(), "ES256", "ec"),
        lambda: signed(),
        lambda: signed(aud=["others", "halqa"]),
        lambda: signed(exp=now() - timedelta(seconds=20)),  # clocks differ a little
        lambda: signed(nbf=now() + timedelta(seconds=20)),
    ],
)
def test_a_right_token_is_believed_whatever_key_its_issuer_prefers(client, token):
    assert client.application.tokens.read(token()) == Actor(id=ME, role=Role.PRINCIPAL)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic dTpw", signed()])
def test_a_missing_or_malformed_header_is_refused(client, header):
    headers = {} if header is None else {"Authorization": header}
    answer = client.get("/v1/events", headers=headers)
    assert (answer.status_code, answer.json["code"]) == (401, "token.missing")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="halqa"'


@given(
    st.one_of(
        st.text(),
        st.tuples(st.binary(), st.binary(), st.binary()).map(lambda parts: ".".join(map(forger.encoded, parts))),
    )
)
def test_whatever_is_sent_as_a_token_is_refused_and_breaks_nothing(rubbish):
    with pytest.raises(NotIdentified):
        READER.read(rubbish)


@given(
    st.dictionaries(
        st.sampled_from(["alg", "kid", "typ", "crit", "b64"]),
        st.one_of(st.none(), st.integers(), st.text(), st.just(KEY.kid), st.lists(st.text())),
    )
)
def test_whatever_its_header_says_it_is_refused_and_breaks_nothing(header):
    with pytest.raises(NotIdentified):
        READER.read(by_hand(header, hmac_with(b"x")))


@given(
    st.dictionaries(
        st.sampled_from(["sub", "role", "unit", "exp", "nbf", "iat"]),
        st.one_of(
            st.none(),
            st.floats(),
            st.text(),
            st.lists(st.text(), max_size=2),
            st.dictionaries(st.text(), st.text(), max_size=1),
        ),
        min_size=1,
    )
)
def test_an_issuer_that_says_strange_things_is_refused_and_breaks_nothing(strange):
    token = KEY.sign(forger.RIGHT | {"exp": now() + HOUR} | strange)
    with suppress(NotIdentified, NotAllowed):
        assert READER.read(token).id


READER = Tokens(forger.RIGHT["iss"], forger.RIGHT["aud"], Keys(KEY.published), Claims())


@pytest.mark.parametrize(
    "actor",
    [
        Actor(ME, Role.PRINCIPAL),
        Actor(ME, Role.COMPANION),
        Actor("office-7", Role.DELEGATION_OFFICER, UNIT),
        Actor("office-8", Role.ACADEMY_OFFICER, UNIT),
        Actor("portal", Role.PORTAL, UNIT),
        Actor("ministry", Role.MINISTRY_ADMINISTRATOR),
        Actor("meetings", Role.SERVICE),
    ],
)
def test_a_token_says_who_it_was_issued_to(actor):
    assert READER.read(token_of(actor)) == actor


def test_a_token_that_was_believed_still_ends_after_its_lifetime(monkeypatch):
    token = token_of(Actor(ME, Role.PRINCIPAL))
    READER.read(token)
    later = now().timestamp() + HOUR.total_seconds() + 31
    monkeypatch.setattr("shared.web.identity.tokens.time.time", lambda: later)
    with pytest.raises(NotIdentified):
        READER.read(token)


@pytest.mark.parametrize("role", [None, "emperor", [], 7, {}, ["offline_access"], ["principal", "portal"]])
def test_a_valid_token_without_exactly_one_role_of_ours_is_known_and_may_nothing(client, role):
    answer = client.get("/v1/events", headers={"Authorization": f"Bearer {signed(role=role)}"})
    assert (answer.status_code, answer.json["code"]) == (403, "caller.unknown_role")


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        (Claims(role="realm_access.roles"), {"realm_access": {"roles": ["offline_access", "portal"]}}),
        (Claims(role="https://halqa.invalid/role"), {"https://halqa.invalid/role": "portal"}),
        (Claims(unit="halqa.unit"), {"role": "portal", "halqa": {"unit": str(UNIT)}}),
    ],
)
def test_claims_may_be_named_and_nested_as_a_provider_does_it(claims, told):
    actor = claims.actor({"sub": "p", "unit": str(UNIT)} | told)
    assert (actor.role, actor.unit_id) == (Role.PORTAL, UNIT)


def test_a_persons_id_may_stand_in_a_claim_of_its_own_and_then_sub_is_not_taken_for_it():
    claims, account = Claims(person="halqa_person"), str(uuid4())
    assert claims.actor({"sub": account, "role": "principal", "halqa_person": ME}).id == ME
    assert claims.actor({"sub": account, "role": "portal"}).id == account
    with pytest.raises(ValueError):
        claims.actor({"sub": account, "role": "principal"})


def test_the_name_of_the_scheme_has_no_case(client):
    assert client.get("/v1/events", headers={"Authorization": f"bEaReR {signed(role='portal')}"}).status_code == 403


@pytest.mark.parametrize("path", ["/health/live", "/docs", "/openapi.json", "/docs/assets/start.js"])
def test_what_is_public_asks_nobody(client, path):
    with client.get(path) as answer:
        assert answer.status_code == 200


def test_everything_else_asks(client):
    public_paths = {"/health/live", "/health/ready", "/metrics", "/docs", "/openapi.json", "/docs/assets/<name>"} | {
        "/docs/problems"
    }
    rules = [rule for rule in client.application.url_map.iter_rules() if rule.rule not in public_paths]
    assert rules
    for rule in rules:
        path = re.sub("<[^>]+>", str(uuid4()), rule.rule)
        assert client.open(path, method=sorted(rule.methods - {"OPTIONS", "HEAD"})[0]).status_code == 401
