"""Calls, told by the phone: what is heard, what is posted, how they end."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Response
from twilio.rest import Client

from hotline.lab import Lab, TwimlError, WebhookFailed

MOBILE = "+525512340011"
LIAISON = "+525512340022"
MENU = (
    '<Response><Gather numDigits="1" action="/voice/menu"><Say>Marque 1 o 2</Say></Gather><Say>Adiós</Say></Response>'
)


def doc(verbs: str) -> str:
    return f"<Response>{verbs}</Response>"


def test_a_call_reaches_the_hotline_as_twilio_makes_it(lab: Lab, desk: Any) -> None:
    desk.answers["/voice"] = doc("<Say>Hola</Say>")
    call = lab.phone(MOBILE).dials().hears("hola").waits_until_ended()
    lab.settle()
    (form,) = desk.forms("/voice")
    for name, value in {
        "CallSid": call.sid,
        "From": MOBILE,
        "Caller": MOBILE,
        "To": lab.carrier.hotline_number,
        "Called": lab.carrier.hotline_number,
        "CallStatus": "ringing",
        "Direction": "inbound",
        "ApiVersion": "2010-04-01",
        "FromCountry": "MX",
    }.items():
        assert form[name] == value
    (receipt,) = desk.forms("/receipts/call")
    assert (receipt["CallSid"], receipt["CallStatus"], receipt["CallDuration"]) == (call.sid, "completed", "0")


@pytest.mark.parametrize("shows", ["anonymous", "+266696687", ""])
def test_a_hidden_number_is_hidden(lab: Lab, desk: Any, shows: str) -> None:
    lab.phone("+525512340012", shows=shows).dials()
    assert desk.forms("/voice")[0]["From"] == shows
    assert "+525512340012" not in str(desk.seen)


@pytest.mark.parametrize(
    ("gather", "keys", "posted"),
    [
        ('numDigits="1"', "1", [("1", "")]),
        ('numDigits="4"', "12", [("12", "")]),  # the time between two keys ends it
        ("", "123#", [("123", "#")]),
        ("", "123", [("123", "")]),
        ('finishOnKey="*"', "1#2*", [("1#2", "*")]),
        ('finishOnKey=""', "1#*", [("1#*", "")]),
        ("", "#12#", [("12", "#")]),  # "finishOnKey only works when a digit sequence precedes it"
        ('numDigits="2" finishOnKey="#"', "12", [("12", "")]),
    ],
)
def test_digits(lab: Lab, desk: Any, gather: str, keys: str, posted: list[tuple[str, str]]) -> None:
    desk.answers["/voice"] = doc(f'<Gather action="/voice/next" {gather}/>')
    lab.phone(MOBILE).dials().presses(keys)
    assert [(form["Digits"], form["FinishedOnKey"]) for form in desk.forms("/voice/next")] == posted


def test_an_impatient_caller_presses_ahead(lab: Lab, desk: Any) -> None:
    desk.answers["/voice"] = MENU
    desk.answers["/voice/menu"] = doc('<Gather numDigits="1" action="/voice/second"/>')
    lab.phone(MOBILE).dials().presses("1 2")
    assert [form["Digits"] for form in desk.forms("/voice/menu") + desk.forms("/voice/second")] == ["1", "2"]


def test_silence_falls_through_to_the_next_verb(lab: Lab, desk: Any) -> None:
    """ "If no input is received before timeout, <Gather> falls through to the next verb in the TwiML document." """
    desk.answers["/voice"] = MENU
    call = lab.phone(MOBILE).dials().hears("Marque 1 o 2").stays_silent().hears("Adiós").does_not_hear("Marque")
    assert call.ended
    assert desk.forms("/voice/menu") == []


@pytest.mark.parametrize(("inputs", "parameter"), [("dtmf", "Digits"), ("speech", "SpeechResult")])
def test_silence_with_an_action_on_empty_result(lab: Lab, desk: Any, inputs: str, parameter: str) -> None:
    desk.answers["/voice"] = doc(f'<Gather input="{inputs}" actionOnEmptyResult="true" action="/voice/next"/>')
    lab.phone(MOBILE).dials().stays_silent()
    assert desk.forms("/voice/next")[0][parameter] == ""


def test_without_an_action_the_document_itself_is_asked(lab: Lab, desk: Any) -> None:
    desk.answers["/voice"] = doc("<Redirect>/voice/menu?step=2</Redirect>")
    desk.answers["/voice/menu"] = doc('<Gather numDigits="1"/>')
    lab.phone(MOBILE).dials().presses("7")
    assert desk.forms("/voice/menu")[-1] | {"Digits": "7", "step": "2"} == desk.forms("/voice/menu")[-1]


@pytest.mark.parametrize(
    ("base", "action", "asked"),
    [
        ("/voice", "/voice/a", "/voice/a"),
        ("/voice/deep/b", "c", "/voice/deep/c"),
        ("/voice/deep/b", "../c", "/voice/c"),
        ("/voice", "https://linea.example/voice/d", "/voice/d"),
    ],
)
def test_relative_addresses(lab: Lab, desk: Any, base: str, action: str, asked: str) -> None:
    if base != "/voice":
        desk.answers["/voice"] = doc(f"<Redirect>{base}</Redirect>")
    desk.answers[base] = doc(f'<Gather numDigits="1" action="{action}"/>')
    lab.phone(MOBILE).dials().presses("1")
    assert desk.forms(asked)[-1]["Digits"] == "1"


def test_speech_with_what_was_recognised_on_the_way(lab: Lab, desk: Any) -> None:
    desk.answers["/voice"] = doc(
        '<Gather input="dtmf speech" language="es-MX" action="/voice/said" partialResultCallback="/voice/partial"/>'
    )
    lab.phone(MOBILE).dials().says("se llevaron a mi hijo", partials=["se", "se llevaron a"])
    partials = desk.forms("/voice/partial")
    assert [(p["StableSpeechResult"], p["UnstableSpeechResult"], p["SequenceNumber"]) for p in partials] == [
        ("", "se", "0"),
        ("se", " llevaron a", "1"),
    ]
    (said,) = desk.forms("/voice/said")
    assert (said["SpeechResult"], said["Confidence"]) == ("se llevaron a mi hijo", "0.92000000")
    assert "Digits" not in said


def test_confidence_may_be_absent(lab: Lab, desk: Any) -> None:
    desk.answers["/voice"] = doc('<Gather input="speech" action="/voice/said"/>')
    lab.phone(MOBILE).dials().says("hola", confidence=None)
    assert "Confidence" not in desk.forms("/voice/said")[0]


def test_who_hangs_up_while_speaking_has_still_been_heard_in_part(lab: Lab, desk: Any) -> None:
    desk.answers["/voice"] = doc('<Gather input="speech" action="/voice/said" partialResultCallback="/voice/partial"/>')
    call = lab.phone(MOBILE).dials().begins_to_say("me tienen", "me tienen en un hotel").hangs_up()
    assert len(desk.forms("/voice/partial")) == 2
    assert desk.forms("/voice/said") == []
    assert desk.forms("/receipts/call")[0]["CallStatus"] == "completed"
    assert call.ended


def test_nobody_listens_to_keys_while_only_speech_is_gathered(lab: Lab, desk: Any) -> None:
    desk.answers["/voice"] = doc('<Gather input="speech"><Say>Hable</Say></Gather>')
    call = lab.phone(MOBILE).dials()
    assert call.listening_for == {"speech"}
    with pytest.raises(AssertionError, match="nobody listened"):
        call.presses("1")


def test_hears_fails_with_what_was_said(lab: Lab, desk: Any) -> None:
    desk.answers["/voice"] = MENU
    with pytest.raises(AssertionError, match="Marque 1 o 2"):
        lab.phone(MOBILE).dials().hears("Marque 3")


def test_an_action_that_hangs_the_call_up(lab: Lab, desk: Any) -> None:
    desk.answers["/voice"] = MENU
    desk.answers["/voice/menu"] = doc("<Say>Gracias</Say><Hangup/><Say>nunca</Say>")
    call = lab.phone(MOBILE).dials().presses("1").hears("Gracias").does_not_hear("nunca")
    assert (call.ended, call.status) == (True, "completed")


@pytest.mark.parametrize(("reason", "status"), [("rejected", "no-answer"), ("busy", "busy")])
def test_a_rejected_call_is_never_answered(lab: Lab, desk: Any, reason: str, status: str) -> None:
    """ "The call ends with a status of busy or no-answer, depending on the verb's reason attribute." """
    desk.answers["/voice"] = doc(f'<Reject reason="{reason}"/>')
    call = lab.phone(MOBILE).dials()
    lab.settle()
    assert (call.ended, call.status, call.heard) == (True, status, [])
    assert desk.forms("/receipts/call")[0]["CallStatus"] == status
    assert lab.carrier.calls[call.sid].started is None


class TestRecord:
    RECORD = doc(
        '<Record action="/voice/recorded" maxLength="60" finishOnKey="#" timeout="4" '
        'recordingStatusCallback="/receipts/recording" recordingStatusCallbackEvent="completed absent"/>'
        "<Say>No le escuché</Say>"
    )

    @pytest.mark.parametrize(
        ("act", "digits", "duration"), [("says", "", "3"), ("presses", "#", "1"), ("hangs_up", "hangup", "4")]
    )
    def test_recording(self, lab: Lab, desk: Any, twilio: Client, act: str, digits: str, duration: str) -> None:
        desk.answers["/voice"] = self.RECORD
        call = lab.phone(MOBILE).dials()
        if act == "says":
            call.says("me piden cuota en mi puesto, vienen a diario")
        elif act == "presses":
            call.presses("#")
        else:
            call.hangs_up()
        lab.settle()
        (done,) = desk.forms("/voice/recorded")
        (receipt,) = desk.forms("/receipts/recording")
        assert done["Digits"] == digits
        assert receipt["RecordingUrl"] == done["RecordingUrl"]
        assert (receipt["RecordingStatus"], receipt["RecordingSid"]) == ("completed", done["RecordingSid"])
        assert twilio.recordings(done["RecordingSid"]).fetch().call_sid == call.sid

    def test_silence_is_saved(self, lab: Lab, desk: Any) -> None:
        desk.answers["/voice"] = self.RECORD
        lab.phone(MOBILE).dials().stays_silent()
        assert desk.forms("/voice/recorded")[0]["RecordingDuration"] == "4"

    def test_or_reported_absent(self, lab: Lab, desk: Any) -> None:
        lab.carrier.silence_is_saved = False
        desk.answers["/voice"] = self.RECORD
        lab.phone(MOBILE).dials().stays_silent().hears("No le escuché")
        lab.settle()
        assert desk.forms("/receipts/recording")[0]["RecordingStatus"] == "absent"
        assert desk.forms("/voice/recorded") == []
        assert lab.carrier.recordings == {}

    def test_verbs_after_it_are_reached_only_with_no_action(self, lab: Lab, desk: Any) -> None:
        desk.answers["/voice"] = doc("<Record/><Say>Gracias</Say>")
        lab.phone(MOBILE).dials().says("hola").hears("Gracias")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Response(status=500), WebhookFailed),
        (doc("<Gather><Pause/></Gather>"), TwimlError),
        (doc("<Dial>911</Dial>"), TwimlError),
        (doc('<Dial callerId="+525500000000">+525512345678</Dial>'), TwimlError),
        (doc("<Redirect>/voice</Redirect>"), TwimlError),
    ],
)
def test_a_call_fails_as_it_does_at_twilio(lab: Lab, desk: Any, answer: str | Response, error: type[Exception]) -> None:
    desk.answers["/voice"] = answer
    with pytest.raises(error):
        lab.phone(MOBILE).dials()
    (call,) = lab.carrier.live.values()
    assert call.prompts[-1].text == "We are sorry, an application error has occurred. Goodbye."
    assert call.ended
    assert [alert.sid for alert in lab.carrier.alerts] == [call.record.sid]


class TestOutbound:
    URL = "https://linea.example/voice/liaison"
    RECEIPTS = "https://linea.example/receipts/call"

    def create(self, twilio: Client, **more: object) -> Any:
        return twilio.calls.create(to=LIAISON, from_="+525555550100", **{"url": self.URL, **more})

    def test_it_rings_and_is_answered(self, lab: Lab, desk: Any, twilio: Client) -> None:
        desk.answers["/voice/liaison"] = doc(
            '<Gather numDigits="1" action="/voice/ack"><Say>Reporte urgente</Say></Gather>'
        )
        events = ["initiated", "ringing", "answered", "completed"]
        made = self.create(twilio, status_callback=self.RECEIPTS, status_callback_event=events)
        assert made.status == "queued"
        call = lab.phone(LIAISON).answers().hears("urgente").presses("1").hangs_up()
        assert call.sid == made.sid
        (form,) = desk.forms("/voice/liaison")
        assert (form["Direction"], form["CallStatus"]) == ("outbound-api", "in-progress")
        assert desk.forms("/voice/ack")[0]["Digits"] == "1"
        statuses = sorted((int(r["SequenceNumber"]), r["CallStatus"]) for r in desk.forms("/receipts/call"))
        assert [status for _, status in statuses] == ["initiated", "ringing", "in-progress", "completed"]

    @pytest.mark.parametrize(("act", "status"), [("declines", "busy"), ("ignores", "no-answer")])
    def test_nobody_takes_it(self, lab: Lab, desk: Any, twilio: Client, act: str, status: str) -> None:
        made = self.create(twilio, status_callback=self.RECEIPTS)
        getattr(lab.phone(LIAISON), act)()
        lab.settle()
        (receipt,) = desk.forms("/receipts/call")
        assert (receipt["CallSid"], receipt["CallStatus"], receipt["CallDuration"]) == (made.sid, status, "0")
        assert not lab.phone(LIAISON).rings
        assert desk.forms("/voice/liaison") == []

    def test_a_phone_that_is_off(self, lab: Lab, desk: Any, twilio: Client) -> None:
        lab.phone(LIAISON).switches_off()
        made = self.create(twilio, status_callback=self.RECEIPTS)
        lab.settle()
        assert twilio.calls(made.sid).fetch().status == "no-answer"

    def test_a_phone_in_a_call_is_busy(self, lab: Lab, desk: Any, twilio: Client) -> None:
        desk.answers["/voice"] = MENU
        call = lab.phone(LIAISON).dials()
        made = self.create(twilio)
        lab.settle()
        assert twilio.calls(made.sid).fetch().status == "busy"
        call.hangs_up()

    def test_it_rings_no_longer_than_asked(self, lab: Lab, desk: Any, twilio: Client) -> None:
        made = self.create(twilio, timeout=0, status_callback=self.RECEIPTS)
        live = lab.carrier.live[made.sid]
        with lab.carrier.news:
            assert lab.carrier.news.wait_for(lambda: live.ended, 5)
        assert live.record.status == "no-answer"

    def test_a_document_instead_of_an_address(self, lab: Lab, desk: Any, twilio: Client) -> None:
        twilio.calls.create(to=LIAISON, from_="+525555550100", twiml=doc("<Say>Prueba</Say>"))
        assert lab.phone(LIAISON).answers().heard == ["Prueba"]

    @pytest.mark.parametrize("by", [None, "machine_start"])
    def test_machine_detection(self, lab: Lab, desk: Any, twilio: Client, by: str | None) -> None:
        self.create(twilio, machine_detection="Enable")
        lab.phone(LIAISON).answers(by=by)
        assert desk.forms("/voice/liaison")[0]["AnsweredBy"] == (by or "human")

    def test_it_is_redirected_and_ended_by_rest(self, lab: Lab, desk: Any, twilio: Client) -> None:
        desk.answers["/voice/liaison"] = doc("<Gather><Say>Espere</Say></Gather>")
        made = self.create(twilio)
        call = lab.phone(LIAISON).answers().hears("Espere")
        twilio.calls(made.sid).update(twiml=doc("<Gather><Say>Ya está</Say></Gather>"))
        call.waits_to_hear("Ya está")
        twilio.calls(made.sid).update(status="completed")
        call.waits_until_ended()
        assert call.status == "completed"

    def test_the_hotline_may_end_a_call_while_answering_about_it(self, lab: Lab, desk: Any, twilio: Client) -> None:
        def ends_it(form: dict[str, str]) -> str:
            twilio.calls(form["CallSid"]).update(status="completed")
            return doc("<Say>nadie oye esto</Say>")

        desk.answers["/voice"] = MENU
        desk.answers["/voice/menu"] = ends_it
        call = lab.phone(MOBILE).dials().presses("1")
        assert call.ended
        assert "nadie oye esto" not in call.heard


class TestDial:
    DIAL = (
        '<Dial answerOnBridge="true" callerId="+525555550100" timeout="20" action="/voice/after">'
        f'<Number url="/voice/whisper" statusCallback="/receipts/leg">{LIAISON}</Number></Dial>'
    )

    def test_two_people_are_joined(self, lab: Lab, desk: Any) -> None:
        desk.answers["/voice"] = doc(self.DIAL)
        desk.answers["/voice/whisper"] = doc('<Gather numDigits="1"><Say>Marque 1 para tomarla</Say></Gather>')
        caller = lab.phone(MOBILE).dials()
        assert caller.status == "ringing"
        liaison = lab.phone(LIAISON).answers().hears("Marque 1 para tomarla")
        desk.answers["/voice/whisper"] = doc("")
        liaison.presses("1")
        assert caller.status == "in-progress"
        caller.says("auxilio")
        liaison.hears("auxilio").says("voy para allá").hangs_up()
        assert "voy para allá" in caller.heard
        (after,) = desk.forms("/voice/after")
        assert (after["DialCallStatus"], after["DialBridged"]) == ("completed", "true")
        assert desk.forms("/receipts/leg")[0]["CallStatus"] == "completed"
        assert desk.forms("/voice/whisper")[0]["From"] == "+525555550100"

    @pytest.mark.parametrize(
        ("act", "status"), [("declines", "busy"), ("ignores", "no-answer"), ("switches_off", "no-answer")]
    )
    def test_nobody_takes_it(self, lab: Lab, desk: Any, act: str, status: str) -> None:
        desk.answers["/voice"] = doc(self.DIAL)
        desk.answers["/voice/after"] = doc("<Say>Nadie contestó</Say>")
        liaison = lab.phone(LIAISON)
        if act == "switches_off":
            liaison.switches_off()
            caller = lab.phone(MOBILE).dials()
        else:
            caller = lab.phone(MOBILE).dials()
            getattr(liaison, act)()
        caller.waits_until_ended().hears("Nadie contestó")
        assert desk.forms("/voice/after")[0]["DialCallStatus"] == status

    def test_who_hears_the_whisper_may_refuse(self, lab: Lab, desk: Any) -> None:
        desk.answers["/voice"] = doc(self.DIAL)
        desk.answers["/voice/whisper"] = doc("<Hangup/>")
        lab.phone(MOBILE).dials()
        assert lab.phone(LIAISON).answers().ended
        assert desk.forms("/voice/after")[0]["DialBridged"] == "false"

    def test_a_caller_who_gives_up_stops_the_ringing(self, lab: Lab, desk: Any) -> None:
        desk.answers["/voice"] = doc(self.DIAL)
        lab.phone(MOBILE).dials().hangs_up()
        assert not lab.phone(LIAISON).rings
        assert desk.forms("/receipts/leg")[0]["CallStatus"] == "canceled"

    def test_the_first_of_several_who_answers_gets_it(self, lab: Lab, desk: Any) -> None:
        other = "+525512340023"
        desk.answers["/voice"] = doc(f"<Dial><Number>{LIAISON}</Number><Number>{other}</Number></Dial><Say>Fin</Say>")
        caller = lab.phone(MOBILE).dials()
        second = lab.phone(other).answers()
        assert not lab.phone(LIAISON).rings
        second.hangs_up()
        caller.waits_until_ended().hears("Fin")

    def test_when_the_caller_hangs_up_both_are_free(self, lab: Lab, desk: Any) -> None:
        desk.answers["/voice"] = doc(f"<Dial>{LIAISON}</Dial>")
        caller = lab.phone(MOBILE).dials()
        liaison = lab.phone(LIAISON).answers()
        caller.hangs_up()
        assert liaison.ended
        assert lab.phone(LIAISON).dials().ended
