"""What refusals say: in the language that was asked for, with all their facts, and never more than they should."""

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from bells import on_sqlite, service_with, settings
from flask import Blueprint
from marshmallow import Schema, ValidationError, fields, validate

from shared.domain.actor import Actor, Role
from shared.domain.refusals import Fault, Invalid, NotAllowed, Refused
from shared.testing import issuer
from shared.testing.harness import Caller
from shared.web.catalogue import SHARED, Catalogue
from shared.web.field_faults import FIELDS, flattened, recognise

TEXTS = Catalogue.of(SHARED, FIELDS)
OWN = """
[problems."bell.cracked"]
status = 409
fr.title = "Cloche fêlée"
fr.detail = "Fêlée le {on}, sonneurs : {who}."
ar.title = "جرس مشقوق"
ar.detail = "تاريخ الشق: {on}، القارعون: {who}."
en.title = "Bell cracked"
en.detail = "Cracked on {on}, rung by {who}."

[reasons."bell.no_such_tone"]
fr = "Ce ton n'existe pas."
ar = "هذه النغمة غير موجودة."
en = "There is no such tone."
"""
refusing = Blueprint("refusing", __name__)


@refusing.post("/v1/refuse/<why>")
def refuse(why: str):
    raise WHY[why]


WHY = {
    "cracked": Refused("bell.cracked", on=date(2026, 3, 15), who=[Role.COMPANION, "Amina"]),
    "fact_missing": Refused("bell.cracked"),
    "not_in_the_catalogue": Refused("bell.unheard_of", at=7),
    "tone": Invalid("request.invalid", faults=[Fault("bell.no_such_tone", field="tone", line=3, value="x")]),
    "not_allowed": NotAllowed("caller.not_allowed", roles=[Role.COMPANION, Role.PRINCIPAL]),
}


@pytest.fixture
def caller(database_url, tmp_path: Path) -> Iterator[Caller]:
    own = tmp_path / "problems.toml"
    own.write_text(OWN, encoding="utf-8")
    refuses = service_with(refusing, texts=[own])
    app = refuses.create_app(settings(database_url))
    yield Caller(app.test_client(), issuer.token(Actor(id=str(uuid4()), role=Role.PORTAL)))
    app.sessions.engine.dispose()


@on_sqlite
def test_a_problem_is_told_in_the_language_that_was_asked_for(caller):
    asked = {
        "fr": "fr",
        "ar": "ar",
        "ar-MA": "ar",
        "en-GB,en;q=0.9": "en",
        "en;q=0.5, fr;q=0.4": "en",
        "en;q=0.3, ar;q=0.7, fr;q=0.5": "ar",
        "de, ar;q=0.1": "ar",
        "fr;q=0, ar": "ar",
        "de": "fr",
        "*": "fr",
        "": "fr",
        "%%;q=x,,;": "fr",
        "x" * 5000: "fr",
    }
    for header, language in asked.items():
        answer = caller.post("/nowhere", headers={"Accept-Language": header})
        assert (answer.status_code, answer.headers["Content-Language"]) == (404, language), header
        assert answer.json["detail"] == TEXTS.detail("request.not_found", language, {})
        assert "Accept-Language" in answer.headers["Vary"]
    assert caller.post("/nowhere").headers["Content-Language"] == "fr"


@on_sqlite
def test_facts_are_written_as_people_write_them(caller):
    told = {
        language: caller.post("/v1/refuse/cracked", headers={"Accept-Language": language}).json["detail"]
        for language in ("fr", "ar", "en")
    }
    assert told == {
        "fr": "Fêlée le 15/03/2026, sonneurs : personnes accompagnant la communauté, Amina.",
        "ar": "تاريخ الشق: 15/03/2026، القارعون: مواكبو الجماعة، Amina.",
        "en": "Cracked on 2026-03-15, rung by companions of the community, Amina.",
    }
    assert TEXTS._written(datetime(2026, 3, 15, 14, 5, tzinfo=UTC), "fr") == "15/03/2026 14:05 UTC"


@on_sqlite
def test_who_may_not_is_told_who_could(caller):
    told = caller.post("/v1/refuse/not_allowed", headers={"Accept-Language": "en"})
    assert told.status_code == 403
    assert "companions of the community, the principals concerned" in told.json["detail"]


@on_sqlite
def test_a_fault_says_where_what_and_why(caller):
    answer = caller.post("/v1/refuse/tone", headers={"Accept-Language": "fr"})
    assert answer.status_code == 422
    assert answer.json["errors"] == [
        {"field": "tone", "line": 3, "value": "x", "code": "bell.no_such_tone", "reason": "Ce ton n'existe pas."}
    ]


@on_sqlite
def test_a_gap_in_the_catalogue_makes_no_error_of_a_refusal(caller):
    assert (gap := caller.post("/v1/refuse/fact_missing")).status_code == 409
    assert gap.json["detail"] == "Fêlée le …, sonneurs : …."
    assert (unknown := caller.post("/v1/refuse/not_in_the_catalogue")).status_code == 409
    assert (unknown.json["code"], unknown.json["title"]) == ("bell.unheard_of", "bell.unheard_of")


@on_sqlite
def test_every_code_can_be_looked_up_in_three_languages(caller):
    page = caller.client.get("/docs/problems")
    assert page.status_code == 200
    for said in ('id="urn:halqa:problem:bell.cracked"', "Cloche fêlée", "جرس مشقوق", "Bell cracked", "field.required"):
        assert said in page.text


def test_a_refusal_tells_a_log_its_code_and_nothing_about_people(caplog):
    refusal = Refused("bell.cracked", who="Amina", faults=[Fault("bell.no_such_tone", value="Amina")])
    logging.getLogger("bells").warning("%s, %r", refusal, refusal)
    assert caplog.messages == ["bell.cracked, Refused('bell.cracked')"]


def test_what_marshmallow_says_becomes_codes_and_facts():
    class Bells(Schema):
        tone = fields.String(required=True, validate=validate.OneOf(["c", "d"]))
        weights = fields.List(fields.Integer(validate=validate.Range(1, 9)))

    with pytest.raises(ValidationError) as wrong:
        Bells().load({"tone": "e", "weights": [3, 12], "colour": "red"})
    assert flattened(wrong.value.messages) == [
        Fault("field.not_among", field="tone", facts={"choices": "c, d"}),
        Fault("field.outside", field="weights.1", facts={"min": "1", "max": "9"}),
        Fault("field.unknown", field="colour"),
    ]


def test_a_sentence_that_nobody_knows_is_told_as_wrong_and_not_in_english():
    assert recognise("Something that a later marshmallow says.") == ("field.wrong", {})
    assert recognise("bell.no_such_tone") == ("bell.no_such_tone", {})
