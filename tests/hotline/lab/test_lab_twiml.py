"""The TwiML reader, document by document. The clause quoted is Twilio's; a document that breaks it is refused."""

from __future__ import annotations

import pytest

from hotline.lab import TwimlError, twiml

XML = "text/xml; charset=utf-8"
DEFAULT_GATHER = {
    "input": "dtmf",
    "method": "POST",
    "timeout": "5",
    "finishOnKey": "#",
    "language": "en-US",
    "actionOnEmptyResult": "false",
}


def names(document: str) -> list[str]:
    return [verb.name for verb in twiml.voice(f"<Response>{document}</Response>".encode(), XML)]


@pytest.mark.parametrize(
    ("document", "verbs"),
    [
        ("", []),
        ("\n  <!-- a comment -->\n  <Say>Hola</Say>\n", ["Say"]),
        ('<Say voice="Polly.Mia-Neural" language="es-MX" loop="2">Hola</Say><Hangup/>', ["Say", "Hangup"]),
        ('<Say>Marque <say-as interpret-as="digits">911</say-as><break time="500ms"/></Say>', ["Say"]),
        ('<Play loop="0">/audio/menu.wav</Play><Pause length="2"/>', ["Play", "Pause"]),
        ("<Gather/>", ["Gather"]),
        (
            '<Gather input="dtmf speech" language="es-MX" action="/voice/menu" method="POST" timeout="6" '
            'speechTimeout="auto" numDigits="1" finishOnKey="" hints="extorsión, robo" actionOnEmptyResult="true" '
            'partialResultCallback="/voice/partial" profanityFilter="false" bargeIn="true">'
            "<Say>Marque 1</Say><Play>a.wav</Play></Gather>",
            ["Gather"],
        ),
        ('<Gather input="speech dtmf" speechModel="default" speechTimeout="3" language="es-MX"/>', ["Gather"]),
        ('<Gather input="speech" speechModel="phone_call" speechTimeout="3" enhanced="true"/>', ["Gather"]),
        (
            '<Record maxLength="120" finishOnKey="#" playBeep="true" trim="do-not-trim" timeout="8" action="/voice/r" '
            'recordingStatusCallback="/receipts/recording" recordingStatusCallbackEvent="completed absent"/>',
            ["Record"],
        ),
        ('<Redirect method="POST">/voice/other?a=1&amp;b=2</Redirect>', ["Redirect"]),
        ("<Dial>+525512345678</Dial>", ["Dial"]),
        (
            '<Dial answerOnBridge="true" callerId="+525555550100" timeout="20" action="/voice/after">'
            '<Number url="/voice/whisper" statusCallback="/receipts/call" statusCallbackEvent="answered completed">'
            "+525512345678</Number><Number>+525512345679</Number></Dial>",
            ["Dial"],
        ),
        ('<Reject reason="busy"/>', ["Reject"]),
    ],
)
def test_documented_voice(document: str, verbs: list[str]) -> None:
    assert names(document) == verbs


@pytest.mark.parametrize(
    ("document", "code", "why"),
    [
        # "TwiML is case sensitive": verbs and attributes are spelled exactly.
        ("<say>Hola</say>", 12200, "unknown"),
        ("<Speak>Hola</Speak>", 12200, "unknown"),
        ("<Message>Hola</Message>", 12200, "unknown"),
        ("<Enqueue>a</Enqueue>", 12200, "not offered"),
        ('<Gather num_digits="1"/>', 12200, "spelled numDigits"),
        ('<Gather numdigits="1"/>', 12200, "spelled numDigits"),
        ('<Gather color="red"/>', 12200, "no attribute"),
        ('<Hangup reason="busy"/>', 12200, "no attribute"),
        # Values.
        ('<Gather input="dtmf,speech"/>', 12200, "input"),
        ('<Gather input="dtmf dtmf"/>', 12200, "input"),
        ('<Gather input=""/>', 12200, "input"),
        ('<Gather language="es"/>', 12200, "language"),
        ('<Gather language="es-mx"/>', 12200, "language"),
        ('<Gather language="nah"/>', 12200, "language"),
        ('<Gather timeout="0"/>', 13313, "timeout"),
        ('<Gather timeout="auto"/>', 13313, "timeout"),
        ('<Gather timeout="2.5"/>', 13313, "timeout"),
        ('<Gather numDigits="0"/>', 13314, "numDigits"),
        ('<Gather finishOnKey="##"/>', 13310, "finishOnKey"),
        ('<Gather finishOnKey="A"/>', 13310, "finishOnKey"),
        ('<Gather method="post"/>', 13312, "method"),
        ('<Gather method="PUT"/>', 13312, "method"),
        ('<Gather action="ftp://a"/>', 12200, "action"),
        ('<Gather action="/a b"/>', 12200, "action"),
        ('<Gather actionOnEmptyResult="True"/>', 13338, "actionOnEmptyResult"),
        ('<Gather speechTimeout="-1"/>', 13327, "speechTimeout"),
        # "With speechModel, speechTimeout must be a positive integer."
        ('<Gather input="speech" speechModel="default"/>', 13327, "speechTimeout"),
        ('<Gather input="speech" speechModel="default" speechTimeout="auto"/>', 13327, "speechTimeout"),
        ('<Gather input="speech" speechModel="quiet" speechTimeout="3"/>', 13334, "speechModel"),
        # "The selected language is not supported for the chosen model."
        ('<Gather input="speech" speechModel="phone_call" speechTimeout="3" language="es-MX"/>', 13334, "es-MX"),
        (
            '<Gather input="speech" speechModel="experimental_conversations" speechTimeout="3" language="es-MX"/>',
            13334,
            "es-MX",
        ),
        ('<Gather input="speech" enhanced="true"/>', 12200, "enhanced"),
        # "The only valid nested elements of the Gather verb are Say and Play."
        ("<Gather><Pause/></Gather>", 13320, "Pause"),
        ("<Gather><Record/></Gather>", 13320, "Record"),
        ("<Gather><Gather/></Gather>", 13320, "Gather"),
        ("<Gather>Marque 1</Gather>", 12200, "text"),
        ("<Say><Play>a.wav</Play></Say>", 12200, "Play"),
        ("<Say><break tiempo='1s'/></Say>", 12200, "break"),
        ("<Say>  </Say>", 13520, "empty"),
        (f"<Say>{'a' * 4097}</Say>", 13520, "4,096"),
        ('<Say voice="Mia">Hola</Say>', 13511, "voice"),
        ('<Say loop="-1">Hola</Say>', 13510, "loop"),
        ("<Play/>", 12200, "empty"),
        ("<Play>C:\\a.wav</Play>", 11100, "Play"),
        ('<Pause length="0"/>', 12200, "length"),
        ("<Pause>2</Pause>", 12200, "text"),
        ('<Record finishOnKey="any"/>', 13613, "finishOnKey"),
        ('<Record maxLength="0"/>', 13612, "maxLength"),
        ("<Record><Say>Hable</Say></Record>", 12200, "Say"),
        ("<Redirect/>", 12200, "empty"),
        # "If the first verb in a TwiML document is <Reject>, Twilio will not pick up the call."
        ("<Say>Adiós</Say><Reject/>", 12200, "first verb"),
        ('<Reject reason="no"/>', 12200, "reason"),
        # "Twilio offers no emergency calls in Mexico."
        ("<Dial>911</Dial>", 13225, "emergency"),
        ("<Dial><Number>089</Number></Dial>", 13225, "emergency"),
        ("<Dial><Number>+52911</Number></Dial>", 13225, "emergency"),
        ("<Dial>5512345678</Dial>", 13223, "E.164"),
        ("<Dial/>", 12200, "empty"),
        ("<Dial>+525512345678<Number>+525512345679</Number></Dial>", 12200, "text"),
        ('<Dial answerOnBusy="true">+525512345678</Dial>', 12200, "no attribute"),
        ('<Dial callerId="anonymous">+525512345678</Dial>', 13214, "callerId"),
        ("<Dial><Client>ana</Client></Dial>", 12200, "not offered"),
        ('<Dial record="record-from-answer">+525512345678</Dial>', 12200, "record"),
        (f"<Dial>{'<Number>+525512345678</Number>' * 11}</Dial>", 13223, "up to ten"),
        # Words outside verbs.
        ("Hola", 12200, "outside a verb"),
        ("<Pause/>Hola", 12200, "outside a verb"),
    ],
)
def test_voice_that_twilio_does_not_have(document: str, code: int, why: str) -> None:
    with pytest.raises(TwimlError) as raised:
        names(document)
    assert raised.value.code == code
    assert why in str(raised.value)


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (b"<Response/>", "", 12300),
        (b"<Response/>", "text/plain", 12300),
        (b"<Response/>", "application/json", 12300),
        (b"", XML, 12100),
        (b"OK", XML, 12100),
        (b"<Response>", XML, 12100),
        ("<Response><Say>ñ</Say></Response>".encode("latin-1"), XML, 12100),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><Response><Say>&b;</Say></Response>", XML, 12100),
        (b"<Responses/>", XML, 12102),
        (b"<html/>", XML, 12102),
        (b"<Response version='1'/>", XML, 12200),
        (b"<Response xmlns='urn:x'/>", XML, 12102),
        (b"<Response>" + b" " * 65536 + b"</Response>", XML, 11750),
    ],
)
def test_what_is_no_document_at_all(body: bytes, content_type: str, code: int) -> None:
    for read in (twiml.voice, twiml.messaging):
        with pytest.raises(TwimlError) as raised:
            read(body, content_type)
        assert raised.value.code == code


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("<Message/>", 12200),
        ("<Message>a<Body>b</Body></Message>", 12200),
        ("<Message><Say>a</Say></Message>", 12200),
        ("<Message><Media>mailto:a@b</Media></Message>", 11100),
        (f"<Message><Body>{'a' * 1601}</Body></Message>", 14103),
        ('<Message To="+525512345678">a</Message>', 12200),
        ('<Message to="5512345678">a</Message>', 12200),
        ('<Message method="DELETE">a</Message>', 14101),
        ('<Message status_callback="/a">a</Message>', 12200),
        ("<Sms>a</Sms>", 12200),
        ("<Hangup/>", 12200),
        ("Gracias", 12200),
    ],
)
def test_messaging_that_twilio_does_not_have(document: str, code: int) -> None:
    with pytest.raises(TwimlError) as raised:
        twiml.messaging(f"<Response>{document}</Response>".encode(), XML)
    assert raised.value.code == code


def test_the_longest_texts_pass() -> None:
    (message,) = twiml.messaging(f"<Response><Message>{'a' * 1600}</Message></Response>".encode(), XML)
    assert len(message.text) == 1600
    (say,) = twiml.voice(f"<Response><Say>{'a' * 4096}</Say></Response>".encode(), "application/xml")
    assert len(say.text) == 4096


def test_defaults_are_twilios() -> None:
    (gather,) = twiml.voice(b"<Response><Gather/></Response>", XML)
    assert {name: gather[name] for name in DEFAULT_GATHER} == DEFAULT_GATHER
    assert gather.get("numDigits") is None
    with pytest.raises(KeyError):
        gather["numDigits"]


def test_an_empty_finishing_key_is_not_the_default_one() -> None:
    (gather,) = twiml.voice(b'<Response><Gather finishOnKey=""/></Response>', XML)
    assert gather["finishOnKey"] == ""


def test_words_of_a_say_come_without_their_markup() -> None:
    (say,) = twiml.voice(b"<Response><Say>Su  clave:\n<s>uno</s> <w>dos</w></Say></Response>", XML)
    assert say.text == "Su clave: uno dos"
