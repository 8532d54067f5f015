"""Names, addresses and numbers are taken out of what others wrote, however they are written, and nothing else is."""

import json

import pytest

from shared.domain.erasure import Traces

SOMEBODY = Traces(
    ["Aïcha N'Aït Ben", "Ali"],
    ["عائشة نايت بن"],
    ["a.benali@exemple.ma", "+212 661-23-45-67", None],
)


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("Merci à Aïcha N'Aït Ben.", "Merci à un ancien membre."),
        ("AÏCHA N'AÏT BEN a dit", "un ancien membre a dit"),
        ("Aïcha  N\u2019Aït\nBen", "un ancien membre"),
        ("<b>Aïcha N&#39;Aït Ben</b>", "<b>un ancien membre</b>"),
        ("Aïcha N'Aït Bennani", "Aïcha N'Aït Bennani"),
        ("Alia et Bali, puis Ali", "Alia et Bali, puis un ancien membre"),
        ("شكرا لعائشة نايت بن وعائشة نايت بن", "شكرا لعضو سابق وعضو سابق"),
        ("mailto:a.benali@exemple.ma;+212 661-23-45-67", "mailto:un ancien membre;un ancien membre"),
        ("rien", "rien"),
    ],
)
def test_traces_go_however_they_are_written(written, left):
    assert SOMEBODY.gone_from(written) == left


def test_they_go_from_all_that_json_holds_and_from_json_as_text():
    told = {"Ali": ["Ali", {"by": "عائشة نايت بن"}, 3, None], "n": "une\nAïcha N'Aït Ben"}
    left = {"Ali": ["un ancien membre", {"by": "عضو سابق"}, 3, None], "n": "une\nun ancien membre"}
    assert SOMEBODY.gone_from_all(told) == left
    assert json.loads(SOMEBODY.gone_from(json.dumps(told["n"]))) == left["n"]
    assert json.loads(SOMEBODY.gone_from(json.dumps(told["Ali"])))[1] == {"by": "عضو سابق"}


def test_of_nobody_there_are_no_traces():
    for nobody in (Traces((), ()), Traces([" "], [""], [None, ""]), Traces(["Ancien membre"], ["عضو سابق"])):
        assert nobody.gone_from("Ancien membre, عضو سابق") == "Ancien membre, عضو سابق"
