"""Texts between phones and the hotline: webhooks, replies, keywords, receipts, failures."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Response
from twilio.rest import Client

from hotline.lab import CarrierError, Lab, TwimlError, WebhookFailed

MOBILE = "+525512340001"


def say(*texts: str) -> str:
    return f"<Response>{''.join(f'<Message>{t}</Message>' for t in texts)}</Response>"


def test_a_text_reaches_the_hotline_as_twilio_sends_it(lab: Lab, desk: Any) -> None:
    desk.answers["/sms"] = say("Recibido.")
    (reply,) = lab.phone(MOBILE).texts("me estan extorsionando")
    (form,) = desk.forms("/sms")
    assert {name: form[name] for name in ("From", "To", "Body", "NumMedia", "NumSegments", "SmsStatus")} == {
        "From": MOBILE,
        "To": lab.carrier.hotline_number,
        "Body": "me estan extorsionando",
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
    }
    assert form["MessageSid"] == form["SmsSid"] == form["SmsMessageSid"]
    assert form["FromCountry"] == "MX"
    assert form["ApiVersion"] == "2010-04-01"
    assert "OptOutType" not in form
    assert (reply.body, reply.from_, reply.segments) == ("Recibido.", lab.carrier.hotline_number, 1)
    assert lab.phone(MOBILE).inbox == [reply]


@pytest.mark.parametrize(
    ("document", "replies"),
    [
        ("<Response/>", []),
        (say("uno", "dos"), ["uno", "dos"]),
        ("<Response><Message><Body>Hola &amp; gracias</Body></Message></Response>", ["Hola & gracias"]),
        ("<Response><Message>línea 1\nlínea 2</Message></Response>", ["línea 1\nlínea 2"]),
        ("<Response><Redirect>/otra</Redirect><Message>nunca</Message></Response>", ["desde otra"]),
    ],
)
def test_replies(lab: Lab, desk: Any, document: str, replies: list[str]) -> None:
    desk.answers["/sms"] = document
    desk.answers["/otra"] = say("desde otra")
    assert [reply.body for reply in lab.phone(MOBILE).texts("hola")] == replies


def test_pictures_and_extra_parameters(lab: Lab, desk: Any) -> None:
    lab.phone(MOBILE).texts("", media=2, FromCity="IZTAPALAPA", SmsStatus="receiving")
    (form,) = desk.forms("/sms")
    assert form["NumMedia"] == "2"
    assert form["MediaUrl1"].startswith(lab.api_url)
    assert form["MediaContentType1"] == "image/jpeg"
    assert (form["FromCity"], form["SmsStatus"]) == ("IZTAPALAPA", "receiving")


def test_a_repeated_message_has_the_same_sid(lab: Lab, desk: Any) -> None:
    phone = lab.phone(MOBILE)
    phone.texts("hola")
    sid = desk.forms("/sms")[0]["MessageSid"]
    phone.texts("hola", sid=sid)
    assert [form["MessageSid"] for form in desk.forms("/sms")] == [sid, sid]


def test_one_phone_however_its_number_is_written(lab: Lab) -> None:
    assert lab.phone("+5215512340001") is lab.phone(MOBILE)


@pytest.mark.parametrize(
    ("answer", "error", "code"),
    [
        (Response(status=500), WebhookFailed, 11200),
        (Response(status=403), WebhookFailed, 11200),
        (Response(status=302, headers={"Location": "/otra"}), WebhookFailed, 11200),
        (Response("<Response/>", mimetype="text/html"), TwimlError, 12300),
        (Response("gracias", mimetype="text/xml"), TwimlError, 12100),
        (say("x" * 1601), TwimlError, 14103),
        ("<Response><Say>hola</Say></Response>", TwimlError, 12200),
        ('<Response><Message from="+525500000000">hola</Message></Response>', TwimlError, 14108),
        ("<Response><Redirect>/sms</Redirect></Response>", TwimlError, 11215),
    ],
)
def test_a_bad_answer_is_an_error_that_everybody_sees(
    lab: Lab, desk: Any, answer: str | Response, error: type[CarrierError], code: int
) -> None:
    desk.answers["/sms"] = answer
    with pytest.raises(error) as raised:
        lab.phone(MOBILE).texts("hola")
    assert raised.value.code == code
    assert [alert.code for alert in lab.carrier.alerts] == [code]
    assert lab.phone(MOBILE).inbox == []


def test_an_answer_that_takes_too_long(lab: Lab, desk: Any) -> None:
    lab.carrier.courier.patience = type(lab.carrier.courier.patience)(connect=0.2, total=0.2)

    def slow(form: dict[str, str]) -> str:
        lab.carrier.faults.wait(0.5)
        return "<Response/>"

    desk.answers["/sms"] = slow
    try:
        with pytest.raises(WebhookFailed, match="11220"):
            lab.phone(MOBILE).texts("hola")
    finally:
        lab.carrier.courier.patience = type(lab.carrier.courier.patience)(connect=1.0, total=2.0)


@pytest.mark.parametrize(
    ("fragment", "tries"), [("", 1), ("#rc=2&rp=all", 3), ("#rc=2&rp=4xx", 1), ("#rc=1&rp=ct,5xx", 2)]
)
def test_retries_only_where_the_url_asks(lab: Lab, desk: Any, fragment: str, tries: int) -> None:
    """ "One retry, on connect failure only … unless the URL asks, by fragment"; retries carry the same token."""
    desk.answers["/sms"] = Response(status=503)
    lab.carrier.sms_url += fragment
    try:
        with pytest.raises(WebhookFailed):
            lab.phone(MOBILE).texts("hola")
    finally:
        lab.carrier.sms_url = lab.carrier.sms_url.partition("#")[0]
    assert len(desk.tokens) == tries
    assert len(set(desk.tokens)) == 1


@pytest.mark.parametrize(
    ("word", "kind", "spoken_by_twilio"),
    [("STOP", "STOP", 1), (" stop ", "STOP", 1), ("Unstop", "START", 1), ("HELP", "HELP", 1), ("BAJA", None, 0)],
)
def test_words_that_twilio_answers_itself(
    lab: Lab, desk: Any, word: str, kind: str | None, spoken_by_twilio: int
) -> None:
    replies = lab.phone(MOBILE).texts(word)
    (form,) = desk.forms("/sms")
    assert form.get("OptOutType") == kind
    assert len(replies) == spoken_by_twilio


def test_stop_silences_one_sender_and_start_undoes_it(lab: Lab, desk: Any, twilio: Client) -> None:
    phone = lab.phone(MOBILE)
    phone.texts("STOP", to=lab.carrier.alerts_sender)
    with pytest.raises(Exception, match="unsubscribed"):
        twilio.messages.create(to=MOBILE, from_=lab.carrier.alerts_sender, body="aviso")
    twilio.messages.create(to=MOBILE, from_=lab.carrier.hotline_number, body="su caso")
    assert phone.wait_for_text(containing="su caso")
    phone.texts("START", to=lab.carrier.alerts_sender)
    twilio.messages.create(to=MOBILE, from_=lab.carrier.alerts_sender, body="aviso dos")
    assert phone.wait_for_text(containing="aviso dos")


def test_a_reply_to_somebody_who_said_stop_fails(lab: Lab, desk: Any) -> None:
    desk.answers["/sms"] = say("no debe llegar")
    lab.phone(MOBILE).texts("STOP")
    assert [text.body for text in lab.phone(MOBILE).inbox if "no debe" in text.body] == []
    assert [alert.code for alert in lab.carrier.alerts] == [21610]


def test_receipts_of_a_reply(lab: Lab, desk: Any) -> None:
    desk.answers["/sms"] = '<Response><Message action="/receipts/sms">Recibido</Message></Response>'
    (reply,) = lab.phone(MOBILE).texts("hola")
    lab.settle()
    receipts = desk.forms("/receipts/sms")
    assert [form["MessageStatus"] for form in receipts] == ["sent", "delivered"]
    assert {form["MessageSid"] for form in receipts} == {reply.sid}
    assert {form["From"] for form in receipts} == {lab.carrier.hotline_number}


@pytest.mark.parametrize(
    ("knob", "statuses"),
    [
        ("drop_receipts", []),
        ("duplicate_receipts", ["sent", "sent", "delivered", "delivered"]),
        ("reverse_receipts", ["delivered", "sent"]),
    ],
)
def test_spoilt_receipts(lab: Lab, desk: Any, twilio: Client, knob: str, statuses: list[str]) -> None:
    setattr(lab.carrier, knob, True)
    twilio.messages.create(
        to=MOBILE, from_=lab.carrier.hotline_number, body="a", status_callback="https://linea.example/receipts/sms"
    )
    lab.phone(MOBILE).wait_for_text()
    lab.settle()
    assert [form["MessageStatus"] for form in desk.forms("/receipts/sms")] == statuses


def test_a_phone_that_is_off_gets_nothing_and_says_why(lab: Lab, desk: Any, twilio: Client) -> None:
    lab.phone(MOBILE).switches_off()
    sent = twilio.messages.create(
        to=MOBILE, from_=lab.carrier.hotline_number, body="a", status_callback="https://linea.example/receipts/sms"
    )
    lab.settle()
    last = desk.forms("/receipts/sms")[-1]
    assert (last["MessageStatus"], last["ErrorCode"]) == ("undelivered", "30003")
    assert twilio.messages(sent.sid).fetch().error_code == 30003
    assert lab.phone(MOBILE).inbox == []


def test_no_webhook_leaves_the_machine(lab: Lab, twilio: Client) -> None:
    twilio.messages.create(
        to=MOBILE, from_=lab.carrier.hotline_number, body="a", status_callback="https://elsewhere.example/x"
    )
    lab.settle()
    assert {alert.code for alert in lab.carrier.alerts} == {11100}


def test_waiting_for_a_text_that_never_comes_tells_what_there_is(lab: Lab, desk: Any) -> None:
    desk.answers["/sms"] = say("otra cosa")
    phone = lab.phone(MOBILE)
    phone.texts("hola")
    with pytest.raises(AssertionError, match="otra cosa"):
        phone.wait_for_text(timeout=0.01, containing="su caso")


def test_a_text_is_waited_for_once(lab: Lab, desk: Any) -> None:
    desk.answers["/sms"] = say("uno", "dos")
    phone = lab.phone(MOBILE)
    phone.texts("hola")
    assert [phone.wait_for_text().body, phone.wait_for_text().body] == ["uno", "dos"]


def test_phones_that_cannot_text(lab: Lab) -> None:
    landline, mobile = lab.phone("+525553330009", kind="landline"), lab.phone(MOBILE)
    mobile.switches_off()
    for phone, why in ((landline, "landline"), (mobile, "switched off")):
        with pytest.raises(ValueError, match=why):
            phone.texts("hola")
    with pytest.raises(ValueError, match="switched off"):
        mobile.dials()


def test_a_phone_stays_what_it_was_said_to_be(lab: Lab) -> None:
    lab.phone(MOBILE, kind="landline", shows="anonymous")
    assert lab.phone(MOBILE).kind == "landline"
    lab.reset()
    assert lab.phone(MOBILE).kind == "mobile"
    with pytest.raises(ValueError, match="fax"):
        lab.phone(MOBILE, kind="fax")
