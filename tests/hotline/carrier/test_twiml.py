"""What we tell the carrier, read back by a strict reader of Twilio's grammar."""

from __future__ import annotations

import pytest

from hotline.carrier.twiml import SILENCE, Line, Played, Said, Speech, Voice, bridge, text_answer
from hotline.lab import twiml
from hotline.lab.twiml import Verb
from hotline.language.gsm import segments

VOICE = Voice("es-MX", "Polly.Mia-Neural")
SOUND = "https://linea.example/osc/voice/sounds/nah/voice.welcome.mp3?v=1"
WHISPER = "https://linea.example/osc/voice/whisper?bridge=1"
ACTION, PARTIAL = (
    "https://linea.example/osc/voice/menu?tries=1",
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
    english = Voice("en-US", "Polly.Joanna-Neural")
    lines: list[Line] = [Said("Uno & dos", VOICE), Said("<three>", english), Played(SOUND)]
    verbs = spoken(Speech().say(lines).hang_up())
    assert [verb.name for verb in verbs] == ["Say", "Say", "Play", "Hangup"]
    assert [verb.text for verb in verbs] == ["Uno & dos", "<three>", SOUND, ""]
    assert [(verb["language"], verb["voice"]) for verb in verbs[:2]] == [
        (VOICE.language, VOICE.name),
        (english.language, english.name),
    ]


@pytest.mark.parametrize(("keys", "finish"), [(1, ""), (5, "#"), (10, "*")])
def test_asking_for_keys(keys: int, finish: str) -> None:
    lines: list[Line] = [Said("Marque", VOICE), Played(SOUND)]
    [gather] = spoken(Speech().ask(lines, ACTION, keys=keys, finish=finish, seconds=8))
    assert [verb.text for verb in gather.children] == ["Marque", SOUND]
    expected = {
        "input": "dtmf", "numDigits": str(keys), "timeout": "8", "action": ACTION, "method": "POST",
        "actionOnEmptyResult": "true", "finishOnKey": finish, "bargeIn": "true",
    }  # fmt: skip
    assert {name: gather[name] for name in expected} == expected


def test_asking_for_words() -> None:
    asked = Speech().ask([Said("Cuénteme", VOICE)], ACTION, language="es-MX", partial=PARTIAL, hints="Tlalpan,Puebla")
    [gather] = spoken(asked)
    expected = {
        "input": "dtmf speech", "language": "es-MX", "speechTimeout": "auto", "action": ACTION, "method": "POST",
        "actionOnEmptyResult": "true", "partialResultCallback": PARTIAL, "partialResultCallbackMethod": "POST",
        "finishOnKey": "", "numDigits": "1", "hints": "Tlalpan,Puebla",
    }  # fmt: skip
    assert {name: gather[name] for name in expected} == expected
    assert gather.get("speechModel") is None, "es-MX is in no special model"


def test_a_call_that_is_not_answered() -> None:
    [verb] = spoken(Speech().reject())
    assert verb.name == "Reject"


def test_joining_two_people() -> None:
    document = bridge("+525512340009", shown="+525588000911", action=ACTION, whisper=WHISPER, seconds=20)
    [dial] = twiml.voice(document.encode(), "text/xml")
    assert (dial["callerId"], dial["action"], dial["timeout"], dial["answerOnBridge"]) == (
        "+525588000911",
        ACTION,
        "20",
        "true",
    )
    assert "record" not in dial.given, "never recorded"
    [number] = dial.children
    assert (number.text, number["url"], number["method"]) == ("+525512340009", WHISPER, "POST")
