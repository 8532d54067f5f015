"""The issuer's keys: they turn without a restart, outlive its absence, and nobody makes us hammer it."""

import threading
from collections.abc import Iterator
from uuid import uuid4

import pytest
from bells import service, settings
from issuers import Turning

from shared.domain.actor import Actor, Role
from shared.domain.refusals import Away, NotIdentified
from shared.running.issuer import SigningKey
from shared.web.identity import Claims, Issuer, Keys, NoAnswer, Tokens

SOMEBODY = Actor(id=str(uuid4()), role=Role.PORTAL)
FIRST_REST, REST, FRESH, KEPT = 2, 30, 600, 24 * 3600  # seconds, as promised
JWKS, DISCOVERY = "/jwks", "/.well-known/openid-configuration"


class Time:
    """Goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def passes(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def issuer() -> Iterator[Turning]:
    issuer = Turning()
    yield issuer
    issuer.close()


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def tokens(issuer, time) -> Tokens:
    return Tokens(issuer.name, "halqa", Keys(Issuer(issuer.name).keys, time), Claims())


def is_refused(tokens: Tokens, token: str) -> bool:
    try:
        return tokens.read(token) is None
    except NotIdentified as refusal:
        return refusal.code == "token.invalid"


def test_nothing_is_asked_before_the_first_token_and_little_after_it(issuer, tokens):
    assert issuer.asked.total() == 0
    for _ in range(100):
        assert tokens.read(issuer.token(SOMEBODY)) == SOMEBODY
    assert issuer.asked == {DISCOVERY: 1, JWKS: 1}


def test_a_new_key_is_believed_without_a_restart_and_the_old_one_while_it_is_published(issuer, tokens, time):
    old = issuer.key
    token = issuer.token(SOMEBODY)
    assert tokens.read(token) == SOMEBODY
    issuer.turn(old)
    time.passes(REST)
    assert tokens.read(issuer.token(SOMEBODY)) == SOMEBODY
    assert tokens.read(token) == SOMEBODY


def test_once_a_key_has_left_what_it_signed_is_refused_though_it_was_believed_before(issuer, tokens, time):
    token = issuer.token(SOMEBODY)
    assert tokens.read(token) == SOMEBODY
    issuer.turn()
    assert tokens.read(token) == SOMEBODY
    time.passes(FRESH)
    assert is_refused(tokens, token)


def test_another_key_under_the_same_name_is_another_key(issuer, tokens, time):
    token = issuer.token(SOMEBODY)
    assert tokens.read(token) == SOMEBODY
    other = SigningKey.new()
    other.kid = issuer.key.kid
    issuer.turn(into=other)
    time.passes(FRESH)
    assert is_refused(tokens, token)
    assert tokens.read(issuer.token(SOMEBODY)) == SOMEBODY


def test_a_thousand_unknown_keys_are_one_question_in_half_a_minute(issuer, tokens, time):
    tokens.read(issuer.token(SOMEBODY))
    time.passes(REST)
    threads = [threading.Thread(target=_try_keys, args=(tokens, issuer, 100)) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert issuer.asked[JWKS] == 2
    time.passes(REST)
    _try_keys(tokens, issuer, 100)
    assert issuer.asked[JWKS] == 3


def _try_keys(tokens: Tokens, issuer: Turning, times: int) -> None:
    for _ in range(times):
        assert is_refused(tokens, issuer.token(SOMEBODY, SigningKey.new()))


def test_while_the_issuer_is_away_its_last_keys_go_on_for_a_day_and_no_longer(issuer, tokens, time):
    token = issuer.token(SOMEBODY)
    tokens.read(token)
    issuer.away = True
    time.passes(KEPT - 1)
    assert tokens.read(token) == SOMEBODY
    time.passes(1)
    with pytest.raises(Away, match=r"issuer\.away"):
        tokens.read(token)
    issuer.away = False
    time.passes(REST)
    assert tokens.read(token) == SOMEBODY


def test_an_issuer_that_stays_away_is_asked_once_in_half_a_minute(issuer, tokens, time):
    token = issuer.token(SOMEBODY)
    tokens.read(token)
    issuer.away, asked = True, issuer.asked[DISCOVERY]
    time.passes(FRESH)
    for _ in range(100):
        assert tokens.read(token) == SOMEBODY
    assert issuer.asked[DISCOVERY] == asked + 1


def test_without_any_keys_it_is_asked_again_soon(issuer, tokens, time):
    issuer.away = True
    for _ in range(10):
        with pytest.raises(Away):
            tokens.read(issuer.token(SOMEBODY))
    assert issuer.asked[DISCOVERY] == 1
    issuer.away = False
    time.passes(FIRST_REST)
    assert tokens.read(issuer.token(SOMEBODY)) == SOMEBODY


def test_without_any_keys_callers_are_told_to_come_again(issuer, tmp_path):
    issuer.away = True
    app = service.create_app(settings(f"sqlite:///{tmp_path}/a.db", issuer=issuer.name, jwks_url=""))
    answer = app.test_client().get("/v1/events", headers={"Authorization": f"Bearer {issuer.token(SOMEBODY)}"})
    app.sessions.engine.dispose()
    assert (answer.status_code, answer.json["code"]) == (503, "issuer.away")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_discovery_in_the_name_of_another_issuer_is_not_followed(issuer):
    with pytest.raises(NoAnswer, match="of another issuer"):
        Issuer(f"{issuer.name}/").keys()


@pytest.mark.parametrize("text", ["", "no JSON", "[]", "7", '{"keys":' * 10_000])
def test_what_is_no_set_of_keys_is_no_answer(text, tmp_path):
    (tmp_path / "keys.json").write_text(text)
    with pytest.raises(NoAnswer):
        Issuer("https://issuer.invalid", (tmp_path / "keys.json").as_uri()).keys()


@pytest.mark.parametrize("published", [{}, {"keys": None}, {"keys": "x"}, {"keys": [None, 7, {}, {"kty": []}]}])
def test_a_set_without_usable_keys_lets_nobody_in(published):
    tokens = Tokens("https://issuer.invalid", "halqa", Keys(lambda: published), Claims())
    key = SigningKey.new()
    with pytest.raises(NotIdentified):
        tokens.read(key.sign({"sub": "a"}))
