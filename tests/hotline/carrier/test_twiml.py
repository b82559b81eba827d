"""What we tell the carrier, read back by a strict reader of Twilio's grammar."""

from __future__ import annotations

import pytest

from hotline.carrier.twiml import SILENCE, Speech, Voice, text_answer
from hotline.lab import twiml
from hotline.lab.twiml import Verb
from hotline.language.gsm import segments

VOICE = Voice("es-MX", "Polly.Mia-Neural")
ACTION, PARTIAL = (
    "https://linea.example/osc/voice/kind?tries=1",
    "https://linea.example/osc/voice/story/partial?round=2",
)


def spoken(speech: Speech) -> tuple[Verb, ...]:
    return twiml.voice(str(speech).encode(), "text/xml; charset=utf-8")


def texted(document: str) -> tuple[Verb, ...]:
    return twiml.messaging(document.encode(), "text/xml")


def test_silence_is_a_document_without_verbs() -> None:
    assert texted(SILENCE) == ()


@pytest.mark.parametrize(
    ("words", "sent"),
    [
        ("Recibido.", "Recibido."),
        (
            "¿En qué alcaldía o código postal fue? Ñandú, pingüino",
            "¿En qué alcaldia o codigo postal fue? Ñandu, pingüino",
        ),
        ("a < b & c > d \"'", "a < b & c > d \"'"),
        ("“Gracias” — 100 € [ya]", '"Gracias" - 100  (ya)'),
    ],
)
def test_an_answer_by_text(words: str, sent: str) -> None:
    [message] = texted(text_answer(words, "https://linea.example/osc/receipts/sms"))
    assert (message.name, message.text) == ("Message", sent)
    assert message["statusCallback"] == "https://linea.example/osc/receipts/sms"
    assert segments(message.text) == 1


def test_what_is_said_is_said_in_the_voice_of_its_language() -> None:
    verbs = spoken(Speech(VOICE).say("Uno & dos", "<tres>").pause(2).say("Ñandú").redirect(ACTION).hang_up())
    assert [verb.name for verb in verbs] == ["Say", "Say", "Pause", "Say", "Redirect", "Hangup"]
    assert [verb.text for verb in verbs if verb.name == "Say"] == ["Uno & dos", "<tres>", "Ñandú"]
    for verb in verbs:
        if verb.name == "Say":
            assert (verb["language"], verb["voice"]) == (VOICE.language, VOICE.name)
    assert verbs[2]["length"] == "2" and verbs[4].text == ACTION and verbs[4]["method"] == "POST"


@pytest.mark.parametrize(("digits", "finish"), [(1, ""), (5, "#")])
def test_asking_for_keys(digits: int, finish: str) -> None:
    [gather] = spoken(Speech(VOICE).ask_key(["Marque", "ya"], ACTION, digits=digits, seconds=8))
    assert [verb.text for verb in gather.children] == ["Marque", "ya"]
    expected = {
        "input": "dtmf", "numDigits": str(digits), "timeout": "8", "action": ACTION, "method": "POST",
        "actionOnEmptyResult": "true", "finishOnKey": finish,
    }  # fmt: skip
    assert {name: gather[name] for name in expected} == expected


def test_asking_for_words() -> None:
    [gather] = spoken(Speech(VOICE).ask_words(["Cuénteme"], ACTION, PARTIAL, seconds=5))
    expected = {
        "input": "dtmf speech", "language": "es-MX", "speechTimeout": "auto", "action": ACTION, "method": "POST",
        "actionOnEmptyResult": "true", "partialResultCallback": PARTIAL, "partialResultCallbackMethod": "POST",
        "finishOnKey": "", "numDigits": "1",
    }  # fmt: skip
    assert {name: gather[name] for name in expected} == expected
    assert gather.get("speechModel") is None, "es-MX is in no special model"
