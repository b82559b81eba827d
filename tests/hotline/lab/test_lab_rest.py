"""The REST API, as Twilio's own client sees it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from hotline.lab import Lab

MOBILE = "+525512340031"
LANDLINE = "+525553330031"
HOTLINE = "+525555550100"
ALERTS = "+525555550199"


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Every property of Twilio's API description of these resources.
MESSAGE = names(
    "account_sid api_version body date_created date_sent date_updated direction error_code error_message from "
    "messaging_service_sid num_media num_segments price price_unit sid status subresource_uris to uri"
)
CALL = names(
    "account_sid answered_by api_version caller_name date_created date_updated direction duration end_time "
    "forwarded_from from from_formatted group_sid parent_call_sid phone_number_sid price price_unit queue_time "
    "sid start_time status subresource_uris to to_formatted trunk_sid uri"
)
RECORDING = names(
    "account_sid api_version call_sid channels conference_sid date_created date_updated duration "
    "encryption_details error_code media_url price price_unit sid source start_time status subresource_uris uri"
)
NUMBER = names(
    "account_sid address_requirements address_sid api_version beta bundle_sid capabilities date_created "
    "date_updated emergency_address_sid emergency_address_status emergency_status friendly_name identity_sid "
    "origin phone_number sid sms_application_sid sms_fallback_method sms_fallback_url sms_method sms_url status "
    "status_callback status_callback_method trunk_sid type uri voice_application_sid voice_caller_id_lookup "
    "voice_fallback_method voice_fallback_url voice_method voice_receive_mode voice_url"
)


def raw(lab: Lab, method: str, path: str, **more: Any) -> requests.Response:
    login = (lab.carrier.account_sid, lab.carrier.auth_token)
    url = f"{lab.api_url}/2010-04-01/Accounts/{lab.carrier.account_sid}{path}"
    return requests.request(method, url, **{"auth": login, "timeout": 5, **more})


def refused(act: Any) -> TwilioRestException:
    with pytest.raises(TwilioRestException) as raised:
        act()
    return raised.value


def test_a_message_from_first_to_last(lab: Lab, twilio: Client) -> None:
    sent = twilio.messages.create(to=MOBILE, from_=HOTLINE, body="Su reporte va en camino")
    assert (sent.status, sent.direction, sent.num_segments) == ("queued", "outbound-api", "1")
    assert lab.phone(MOBILE).wait_for_text().body == "Su reporte va en camino"
    lab.settle()
    seen = twilio.messages(sent.sid).fetch()
    assert (seen.status, seen.error_code) == ("delivered", None)
    assert seen.date_sent.tzinfo is not None
    assert twilio.messages(sent.sid).update(body="").body == ""
    assert twilio.messages(sent.sid).delete() is True
    error = refused(twilio.messages(sent.sid).fetch)
    assert (error.status, error.code) == (404, 20404)


@pytest.mark.parametrize(("body", "segments"), [("a" * 160, "1"), ("a" * 161, "2"), ("á" * 70, "1"), ("á" * 71, "2")])
def test_segments_are_counted(lab: Lab, twilio: Client, body: str, segments: str) -> None:
    assert twilio.messages.create(to=MOBILE, from_=HOTLINE, body=body).num_segments == segments


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"To": ""}, 21604),
        ({"From": ""}, 21603),
        ({"Body": ""}, 21602),
        ({"Body": "x" * 1601}, 21617),
        ({"To": "5512340031"}, 21211),
        ({"To": "911"}, 21211),
        ({"To": "+52551234"}, 21211),
        ({"From": "+525500000000"}, 21606),
        ({"To": HOTLINE}, 21266),
        ({"To": LANDLINE}, 21614),
        ({"StatusCallback": "/receipts/sms"}, 21609),
        ({"ValidityPeriod": "0"}, 20001),
        ({"status_callback": "https://linea.example/x"}, 20001),
    ],
)
def test_messages_that_twilio_refuses(lab: Lab, change: dict[str, str], code: int) -> None:
    lab.phone(LANDLINE, kind="landline")
    form = {"To": MOBILE, "From": HOTLINE, "Body": "hola", **change}
    answer = raw(lab, "POST", "/Messages.json", data={name: value for name, value in form.items() if value})
    assert answer.status_code == 400
    assert answer.json()["code"] == code
    assert set(answer.json()) == {"code", "message", "more_info", "status"}
    assert lab.carrier.messages == {}


def test_a_body_of_1600_characters_passes(lab: Lab, twilio: Client) -> None:
    assert twilio.messages.create(to=MOBILE, from_=HOTLINE, body="x" * 1600).num_segments == "11"


@pytest.mark.parametrize("auth", [None, ("AC" + "0" * 31 + "1", "wrong"), ("wrong", "a-token-of-the-lab")])
def test_only_the_account_may_ask(lab: Lab, auth: tuple[str, str] | None) -> None:
    answer = raw(lab, "GET", "/Messages.json", auth=auth)
    assert (answer.status_code, answer.json()["code"]) == (401, 20003)


def test_another_account_is_not_found(lab: Lab) -> None:
    login = (lab.carrier.account_sid, lab.carrier.auth_token)
    answer = requests.get(f"{lab.api_url}/2010-04-01/Accounts/AC{'f' * 32}/Messages.json", auth=login, timeout=5)
    assert (answer.status_code, answer.json()["code"]) == (404, 20404)


def test_every_property_is_there(lab: Lab, desk: Any, twilio: Client) -> None:
    desk.answers["/voice"] = "<Response><Record/></Response>"
    call = lab.phone(MOBILE).dials().says("hola")
    lab.phone(MOBILE).texts("hola")
    (recording,) = twilio.recordings.list(limit=5)
    for path, key, properties in (
        ("/Messages.json", "messages", MESSAGE),
        ("/Calls.json", "calls", CALL),
        ("/Recordings.json", "recordings", RECORDING),
        ("/IncomingPhoneNumbers.json", "incoming_phone_numbers", NUMBER),
    ):
        page = raw(lab, "GET", path).json()
        assert set(page) == {
            key,
            *["end", "first_page_uri", "next_page_uri", "page", "page_size", "previous_page_uri", "start", "uri"],
        }
        assert all(set(item) == properties for item in page[key])
        assert page[key]
    assert recording.call_sid == call.sid
    assert twilio.api.accounts(lab.carrier.account_sid).fetch().status == "active"


def test_dates_are_rfc_2822(lab: Lab, twilio: Client) -> None:
    twilio.messages.create(to=MOBILE, from_=HOTLINE, body="hola")
    created = raw(lab, "GET", "/Messages.json").json()["messages"][0]["date_created"]
    assert datetime.strptime(created, "%a, %d %b %Y %H:%M:%S %z").utcoffset() == timedelta(0)


class TestLists:
    def test_newest_first_over_pages(self, lab: Lab, twilio: Client) -> None:
        for n in range(7):
            twilio.messages.create(to=MOBILE, from_=HOTLINE, body=str(n))
        found = twilio.messages.list(limit=20, page_size=3)
        assert [m.body for m in found] == ["6", "5", "4", "3", "2", "1", "0"]
        assert len([r for r in lab.carrier.log if r.operation == "messages.list"]) == 3

    def test_what_arrives_meanwhile_shifts_nothing(self, lab: Lab, twilio: Client) -> None:
        for n in range(4):
            twilio.messages.create(to=MOBILE, from_=HOTLINE, body=str(n))
        first = twilio.messages.page(page_size=2)
        twilio.messages.create(to=MOBILE, from_=HOTLINE, body="late")
        assert [m.body for m in first.next_page()] == ["1", "0"]

    def test_filters(self, lab: Lab, desk: Any, twilio: Client) -> None:
        twilio.messages.create(to=MOBILE, from_=HOTLINE, body="a")
        twilio.messages.create(to=MOBILE, from_=ALERTS, body="b")
        lab.phone(MOBILE).texts("c")
        lab.settle()
        moment = datetime.now(UTC)
        hour = timedelta(hours=1)
        for expected, filters in (
            ({"a", "b", "c"}, {}),
            ({"a", "b"}, {"to": MOBILE}),
            ({"c"}, {"to": HOTLINE}),
            ({"b"}, {"to": MOBILE, "from_": ALERTS}),
            ({"a", "b", "c"}, {"date_sent_after": moment - hour}),
            (set(), {"date_sent_after": moment + hour}),
            (set(), {"date_sent_before": moment - hour}),
            ({"a", "b", "c"}, {"date_sent_before": moment + hour}),
        ):
            assert {m.body for m in twilio.messages.list(limit=10, **filters)} == expected, filters

    def test_calls(self, lab: Lab, desk: Any, twilio: Client) -> None:
        call = lab.phone(MOBILE).dials()
        assert [c.sid for c in twilio.calls.list(from_=MOBILE, status="completed", limit=5)] == [call.sid]
        assert twilio.calls.list(from_=MOBILE, status="busy", limit=5) == []
        assert twilio.calls(call.sid).fetch().direction == "inbound"

    def test_a_date_that_is_none(self, lab: Lab) -> None:
        raw(lab, "POST", "/Messages.json", data={"To": MOBILE, "From": HOTLINE, "Body": "a"})
        answer = raw(lab, "GET", "/Messages.json", params={"DateSent>": "yesterday"})
        lab.settle()
        assert answer.status_code == 400 or answer.json()["messages"] == []


class TestErasing:
    def test_too_early(self, lab: Lab, desk: Any, twilio: Client) -> None:
        lab.carrier.deletable_after = 60
        lab.phone(MOBILE).texts("hola")
        call = lab.phone(MOBILE).dials()
        (message,) = twilio.messages.list(limit=1)
        for act in (message.delete, lambda: message.update(body=""), twilio.calls(call.sid).delete):
            error = refused(act)
            assert (error.status, error.code) == (409, 20009)
        lab.carrier.deletable_after = 0
        assert message.delete()
        assert twilio.calls(call.sid).delete()
        assert refused(twilio.calls(call.sid).fetch).code == 20404

    def test_a_call_under_way(self, lab: Lab, desk: Any, twilio: Client) -> None:
        desk.answers["/voice"] = "<Response><Gather/></Response>"
        call = lab.phone(MOBILE).dials()
        assert refused(twilio.calls(call.sid).delete).code == 20009

    def test_bodies_can_only_be_emptied(self, lab: Lab, desk: Any, twilio: Client) -> None:
        lab.phone(MOBILE).texts("hola")
        (message,) = twilio.messages.list(limit=1)
        assert refused(lambda: message.update(body="otra cosa")).status == 400
        assert twilio.messages(message.sid).fetch().body == "hola"

    def test_recordings(self, lab: Lab, desk: Any, twilio: Client) -> None:
        desk.answers["/voice"] = "<Response><Record/></Response>"
        lab.phone(MOBILE).dials().says("x" * 45)
        (recording,) = twilio.recordings.list(limit=1)
        sound = raw(lab, "GET", f"/Recordings/{recording.sid}.wav")
        assert (sound.content[:4], len(sound.content)) == (b"RIFF", 44 + 3 * 16000)
        assert raw(lab, "GET", f"/Recordings/{recording.sid}.wav", auth=None).status_code == 401
        assert recording.delete()
        assert refused(recording.fetch).code == 20404


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"To": ""}, 21201),
        ({"From": ""}, 21213),
        ({"Url": ""}, 21205),
        ({"Url": "/voice"}, 21205),
        ({"To": "911"}, 21211),
        ({"To": "+52911"}, 21211),
        ({"From": MOBILE}, 21210),
        ({"StatusCallbackEvent": "hungup"}, 21626),
        ({"Timeout": "soon"}, 20001),
    ],
)
def test_calls_that_twilio_refuses(lab: Lab, change: dict[str, str], code: int) -> None:
    form = {"To": MOBILE, "From": HOTLINE, "Url": "https://linea.example/voice", **change}
    answer = raw(lab, "POST", "/Calls.json", data={name: value for name, value in form.items() if value})
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert lab.carrier.calls == {}


@pytest.mark.parametrize("status", ["completed", "canceled"])
def test_a_call_that_rings_can_be_ended(lab: Lab, twilio: Client, status: str) -> None:
    made = twilio.calls.create(to=MOBILE, from_=HOTLINE, url="https://linea.example/voice")
    lab.phone(MOBILE)._ringing(5)
    assert twilio.calls(made.sid).update(status=status).status == status
    assert not lab.phone(MOBILE).rings
    assert refused(lambda: twilio.calls(made.sid).update(status=status)).code == 21220


class TestFaults:
    def test_too_many_requests(self, lab: Lab, twilio: Client) -> None:
        lab.carrier.fail("messages.create", status=429, times=2, headers={"Retry-After": "1"})

        def send() -> object:
            return twilio.messages.create(to=MOBILE, from_=HOTLINE, body="hola")

        assert [(e.status, e.code) for e in (refused(send), refused(send))] == [(429, 20429)] * 2
        assert send()
        assert [(r.operation, r.status) for r in lab.carrier.log] == [
            ("messages.create", 429),
            ("messages.create", 429),
            ("messages.create", 201),
        ]
        assert lab.carrier.log[-1].params == {"To": MOBILE, "From": HOTLINE, "Body": "hola"}

    def test_the_headers_of_a_fault(self, lab: Lab) -> None:
        lab.carrier.fail("messages.list", status=429, headers={"Retry-After": "7"})
        assert raw(lab, "GET", "/Messages.json").headers["Retry-After"] == "7"

    def test_a_timeout_after_which_it_was_sent(self, lab: Lab) -> None:
        lab.carrier.fail("messages.create", hang=1.0, perform=True)
        form = {"To": MOBILE, "From": HOTLINE, "Body": "hola"}
        with pytest.raises(requests.exceptions.ReadTimeout):
            raw(lab, "POST", "/Messages.json", data=form, timeout=0.1)
        assert lab.phone(MOBILE).wait_for_text().body == "hola"

    def test_a_timeout_after_which_it_was_not(self, lab: Lab) -> None:
        lab.carrier.fail("messages.create", hang=1.0)
        with pytest.raises(requests.exceptions.ReadTimeout):
            raw(lab, "POST", "/Messages.json", data={"To": MOBILE, "From": HOTLINE, "Body": "a"}, timeout=0.1)
        assert lab.carrier.messages == {}

    def test_an_error_after_which_it_was_done(self, lab: Lab, desk: Any, twilio: Client) -> None:
        lab.phone(MOBILE).texts("hola")
        (message,) = twilio.messages.list(limit=1)
        lab.carrier.fail("messages.delete", status=500, perform=True)
        assert refused(message.delete).status == 500
        assert lab.carrier.messages == {}


def test_many_at_once(lab: Lab, twilio: Client) -> None:
    def send(n: int) -> None:
        twilio.messages.create(
            to=MOBILE, from_=HOTLINE, body=f"{n}", status_callback="https://linea.example/receipts/sms"
        )

    threads = [threading.Thread(target=send, args=(n,)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lab.settle()
    assert sorted(int(text.body) for text in lab.phone(MOBILE).inbox) == list(range(20))
