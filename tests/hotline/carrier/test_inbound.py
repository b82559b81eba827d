"""What the carrier sends, read into our words: every way of hiding, every missing or strange parameter."""

from __future__ import annotations

import pytest
from werkzeug.datastructures import MultiDict

from hotline.carrier.inbound import CallReceipt, CallStep, InboundText, MessageReceipt, NotUnderstood

Form = dict[str, str]


def text(**form: str) -> InboundText:
    return InboundText.from_form(MultiDict(form), country="MX")


def step(**form: str) -> CallStep:
    return CallStep.from_form(MultiDict(form), country="MX")


@pytest.mark.parametrize(
    ("sender", "phone"),
    [
        ("+525512345678", "+525512345678"),
        ("+5215512345678", "+525512345678"),
        ("+12025550123", "+12025550123"),
        ("55555", "55555"),
        ("anonymous", None),
        ("Restricted", None),
        ("+266696687", None),
        ("+7378742833", None),
        ("+2562533", None),
        ("+8656696", None),
        ("+86282452253", None),
        ("", None),
        ("BANCO", None),
        ("sip:ana@example.org", None),
    ],
)
def test_who_writes(sender: str, phone: str | None) -> None:
    for read in (text(MessageSid="SM1", From=sender).sender, step(CallSid="CA1", From=sender).caller):
        assert (read and read.reveal()) == phone


def test_nobody_at_all_is_nobody() -> None:
    assert text(MessageSid="SM1").sender is None and step(CallSid="CA1").caller is None


@pytest.mark.parametrize(
    ("form", "id"),
    [
        ({"MessageSid": "SM1"}, "SM1"),
        ({"MessageSid": "SM1", "SmsSid": "SM2"}, "SM1"),
        ({"SmsMessageSid": "SM2"}, "SM2"),
        ({"SmsSid": "SM3"}, "SM3"),
        ({"MessageSid": "", "SmsSid": "SM3"}, "SM3"),
        ({"MessageSid": "M" * 40}, "M" * 40),
        ({}, None),
        ({"MessageSid": ""}, None),
        ({"MessageSid": "   "}, None),
        ({"MessageSid": "M" * 41}, None),
        ({"MessageSid": "SM1:kind"}, None),
        ({"MessageSid": "SM1\n"}, "SM1"),
    ],
)
def test_the_id_of_a_text(form: Form, id: str | None) -> None:
    if id is not None:
        assert text(**form).id == id
        return
    with pytest.raises(NotUnderstood, match="MessageSid") as error:
        text(**form, Body="algo secreto", From="+525512345678")
    assert "secreto" not in str(error.value) and "5512345678" not in str(error.value)


@pytest.mark.parametrize("body", ["", "hola", "💥" * 800, "a" * 1600, "\x00\x07", "línea\nlínea"])
def test_words_are_taken_as_they_are(body: str) -> None:
    assert text(MessageSid="SM1", Body=body).body.reveal() == body


@pytest.mark.parametrize(
    ("count", "media"), [("0", 0), ("1", 1), ("10", 10), ("", 0), ("-1", 0), ("dos", 0), ("²", 0), ("1.5", 0)]
)
def test_attachments_are_counted(count: str, media: int) -> None:
    assert text(MessageSid="SM1", NumMedia=count).media == media


def test_what_twilio_answered_by_itself_is_known() -> None:
    assert text(MessageSid="SM1", OptOutType="STOP").opt_out
    assert not text(MessageSid="SM1", Body="STOP").opt_out


@pytest.mark.parametrize(
    ("form", "digits", "words", "partial"),
    [
        ({}, "", "", ""),
        ({"Digits": "1"}, "1", "", ""),
        ({"Digits": "#"}, "#", "", ""),
        ({"SpeechResult": "me robaron", "Confidence": "0.9"}, "", "me robaron", ""),
        ({"StableSpeechResult": "me", "UnstableSpeechResult": "robaron", "SequenceNumber": "3"}, "", "", "me robaron"),
        ({"UnstableSpeechResult": "me"}, "", "", "me"),
    ],
)
def test_a_step_of_a_call(form: Form, digits: str, words: str, partial: str) -> None:
    read = step(CallSid="CA1", **form)
    assert (read.digits, read.words.reveal(), read.partial.reveal()) == (digits, words, partial)


@pytest.mark.parametrize("direction", ["inbound", "outbound-api", "outbound-dial", ""])
def test_the_caller_is_the_other_side_whoever_called(direction: str) -> None:
    ours, theirs = "+525588000911", "+525512340001"
    form = {"From": theirs, "To": ours} if "out" not in direction else {"From": ours, "To": theirs}
    read = step(CallSid="CA1", Direction=direction, **form)
    assert read.caller and read.dialled
    assert (read.caller.reveal(), read.dialled.reveal()) == (theirs, ours)


@pytest.mark.parametrize(
    ("form", "bridged"), [({}, None), ({"DialBridged": "true"}, True), ({"DialBridged": "false"}, False)]
)
def test_whether_a_person_was_reached(form: Form, bridged: bool | None) -> None:
    assert step(CallSid="CA1", FinishedOnKey="*", **form).bridged is bridged
    assert step(CallSid="CA1", FinishedOnKey="*", **form).finished_on == "*"


@pytest.mark.parametrize("form", [{}, {"CallSid": ""}, {"CallSid": "C" * 41}, {"CallSid": "CA1:story:1"}])
def test_a_call_without_id_is_not_understood(form: Form) -> None:
    with pytest.raises(NotUnderstood, match="CallSid"):
        step(**form)
    with pytest.raises(NotUnderstood, match="CallSid"):
        CallReceipt.from_form(MultiDict(form))


@pytest.mark.parametrize(
    ("status", "final", "arrived"),
    [
        *[(status, False, False) for status in ("accepted", "scheduled", "queued", "sending", "sent", "receiving")],
        *[(status, False, False) for status in ("partially_delivered", "", "unheard-of")],
        ("delivered", True, True),
        ("read", True, True),
        ("undelivered", True, False),
        ("failed", True, False),
        ("canceled", True, False),
    ],
)
def test_what_became_of_a_message(status: str, final: bool, arrived: bool) -> None:
    for name in ("MessageStatus", "SmsStatus"):
        receipt = MessageReceipt.from_form(MultiDict({"MessageSid": "SM1", name: status}))
        assert (receipt.id, receipt.final, receipt.arrived) == ("SM1", final, arrived)


@pytest.mark.parametrize(("code", "error"), [("30003", 30003), ("", None), ("abc", None), ("٣", None)])
def test_why_it_failed(code: str, error: int | None) -> None:
    form = MultiDict({"MessageSid": "SM1", "MessageStatus": "failed", "ErrorCode": code})
    assert MessageReceipt.from_form(form).error == error


@pytest.mark.parametrize(
    ("status", "final"),
    [
        *[(status, True) for status in ("completed", "busy", "failed", "no-answer", "canceled")],
        *[(status, False) for status in ("queued", "initiated", "ringing", "in-progress", "")],
    ],
)
def test_what_became_of_a_call(status: str, final: bool) -> None:
    assert CallReceipt.from_form(MultiDict({"CallSid": "CA1", "CallStatus": status})).final is final


def test_nothing_personal_shows_itself() -> None:
    shown = repr(text(MessageSid="SM1", From="+525512345678", Body="me robaron"))
    shown += repr(step(CallSid="CA1", From="+525512345678", SpeechResult="me robaron", StableSpeechResult="me robaron"))
    assert "5512345678" not in shown and "robaron" not in shown
