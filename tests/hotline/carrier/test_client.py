"""The REST client against the pretend carrier, over real HTTP."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, request
from furniture import ACCOUNT, ALERTS, NUMBER, TOKEN, environment
from werkzeug.serving import make_server

from hotline.carrier import client
from hotline.carrier.client import Carrier, CarrierError, Later, Refused, Unknown
from hotline.lab import Lab
from hotline.settings import Settings, SettingsError
from hotline.store.engine import utcnow

TO, BODY = "+525598765432", "caso K7M2P: le marcan a Lupita"


def settings_for(api_url: str, **more: str) -> Settings:
    from pathlib import Path

    return Settings.read(environment("", Path("/nowhere"), Path("/nowhere"), TWILIO_API_URL=api_url, **more))


@pytest.fixture
def carrier(carrier_lab: Lab) -> Carrier:
    return Carrier(settings_for(carrier_lab.api_url))


def test_a_text_is_sent_with_where_its_receipts_go(carrier: Carrier, carrier_lab: Lab) -> None:
    sent = carrier.send_text(TO, BODY, receipt="d1")
    arrived = carrier_lab.phone(TO).wait_for_text()
    assert (arrived.sid, arrived.body, arrived.from_) == (sent.id, BODY, NUMBER)
    assert carrier_lab.carrier.messages[sent.id].status_callback == "https://linea.example/osc/receipts/sms?delivery=d1"


@pytest.mark.parametrize(
    ("fault", "error", "code"),
    [
        ({"status": 429}, Later, 20429),
        ({"status": 401}, Later, 20003),
        ({"status": 403}, Later, 20003),
        ({"status": 409, "code": 20009}, Later, 20009),
        ({"status": 500}, Unknown, 20500),
        ({"status": 503}, Unknown, 20503),
        *[({"status": 400, "code": code}, Refused, code) for code in (21211, 21608, 21610, 21614, 21606, 20001)],
        ({"status": 404}, Refused, 20404),
    ],
)
def test_each_failure_is_one_of_ours_and_names_nobody(
    carrier: Carrier, carrier_lab: Lab, fault: dict[str, Any], error: type[CarrierError], code: int
) -> None:
    carrier_lab.carrier.fail("messages.create", **fault)
    with pytest.raises(CarrierError) as raised:
        carrier.send_text(TO, BODY, receipt="d1")
    assert type(raised.value) is error
    assert (raised.value.status, raised.value.code) == (fault["status"], code)
    shown = f"{raised.value!r} {raised.value}"
    assert not any(secret in shown for secret in (TO, "98765432", "Lupita", TOKEN))
    assert raised.value.__suppress_context__, "the SDK's own words would be printed with it"


@pytest.mark.parametrize(
    ("header", "after"),
    [("7", timedelta(seconds=7)), ("0", timedelta(0)), ("86400", timedelta(minutes=10)), ("soon", None), (None, None)],
)
def test_how_long_the_carrier_asks_us_to_wait(
    carrier: Carrier, carrier_lab: Lab, header: str | None, after: timedelta | None
) -> None:
    carrier_lab.carrier.fail("messages.create", status=429, headers={"Retry-After": header} if header else None)
    with pytest.raises(Later) as later:
        carrier.send_text(TO, BODY, receipt="d1")
    assert later.value.after == after


def test_the_wait_of_one_answer_is_not_anothers(carrier: Carrier, carrier_lab: Lab) -> None:
    carrier_lab.carrier.fail("messages.create", status=429, headers={"Retry-After": "7"})
    carrier_lab.carrier.fail("messages.create", status=429)
    waits = []
    for _ in range(2):
        with pytest.raises(Later) as later:
            carrier.send_text(TO, BODY, receipt="d1")
        waits.append(later.value.after)
    assert waits == [timedelta(seconds=7), None]


def test_an_answer_that_never_comes_may_have_done_it_and_is_found(
    carrier_lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "TIMEOUT_SECONDS", 0.3)
    carrier = Carrier(settings_for(carrier_lab.api_url))
    before = utcnow()
    carrier_lab.carrier.fail("messages.create", hang=1.0, perform=True)
    with pytest.raises(Unknown):
        carrier.send_text(TO, BODY, receipt="d1")
    found = carrier.find_text(TO, BODY, before)
    assert found is not None and found.id in carrier_lab.carrier.messages


def test_what_was_never_done_is_not_found(carrier: Carrier, carrier_lab: Lab) -> None:
    before = utcnow()
    carrier_lab.carrier.fail("messages.create", status=500)
    with pytest.raises(Unknown):
        carrier.send_text(TO, BODY, receipt="d1")
    assert carrier.find_text(TO, BODY, before) is None


# to whom, what and when (minutes before) a text went, whether it is the one that is looked for
@pytest.mark.parametrize(
    ("to", "body", "minutes", "found"),
    [
        (TO, BODY, 0, True),
        (TO, BODY, 30, False),
        (TO, f"{BODY}.", 0, False),
        ("+525598765433", BODY, 0, False),
    ],
)
def test_which_text_is_the_one_looked_for(
    carrier: Carrier, carrier_lab: Lab, to: str, body: str, minutes: int, found: bool
) -> None:
    before = utcnow()
    sent = carrier.send_text(to, body, receipt="d1")
    carrier_lab.carrier.messages[sent.id].created -= timedelta(minutes=minutes)
    assert (carrier.find_text(TO, BODY, before) is not None) is found


def test_a_text_that_failed_is_none_that_was_sent(carrier: Carrier, carrier_lab: Lab) -> None:
    before = utcnow()
    carrier_lab.phone(TO).switches_off()
    carrier.send_text(TO, BODY, receipt="d1")
    carrier_lab.settle()
    assert carrier.find_text(TO, BODY, before) is None


def test_erasing(carrier: Carrier, carrier_lab: Lab) -> None:
    sent = carrier.send_text(TO, BODY, receipt="d1")
    carrier_lab.settle()
    carrier_lab.carrier.deletable_after = 60
    assert carrier.erase(sent.id) is False
    carrier_lab.carrier.deletable_after = 0
    assert carrier.erase(sent.id) is True
    assert sent.id not in carrier_lab.carrier.messages
    assert carrier.erase(sent.id) is True, "gone already counts as done"
    assert carrier.erase("CA" + "0" * 32) is True


@pytest.mark.parametrize(("fault", "error"), [({"status": 500}, Unknown), ({"status": 429}, Later)])
def test_erasing_says_when_it_failed(
    carrier: Carrier, carrier_lab: Lab, fault: dict[str, Any], error: type[CarrierError]
) -> None:
    carrier_lab.carrier.fail("messages.delete", **fault)
    with pytest.raises(error):
        carrier.erase("SM" + "0" * 32)


def test_a_carrier_nobody_answers_for() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        carrier = Carrier(settings_for(f"http://127.0.0.1:{taken.getsockname()[1]}"))
        with pytest.raises(CarrierError) as error:
            carrier.send_text(TO, BODY, receipt="d1")
    assert not isinstance(error.value, Refused)
    assert TO not in str(error.value)


@pytest.fixture
def prefixed() -> Iterator[tuple[str, list[str]]]:
    """A Twilio-compatible server whose API lies below a path, and which answers with what is no JSON at all."""
    seen: list[str] = []
    app = Flask("prefixed")

    @app.route("/<path:path>", methods=["GET", "POST"])
    def answer(path: str) -> tuple[str, int]:
        seen.append(f"{request.path}?{request.query_string.decode()}" if request.query_string else request.path)
        return "<html>gateway</html>", 201

    server = make_server("127.0.0.1", 0, app)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/api/laml", seen
    server.shutdown()
    server.server_close()


def test_a_base_address_may_have_a_path_and_an_answer_be_nonsense(prefixed: tuple[str, list[str]]) -> None:
    url, seen = prefixed
    with pytest.raises(Unknown):
        Carrier(settings_for(f"{url}/")).send_text(TO, BODY, receipt="d1")
    assert seen == [f"/api/laml/2010-04-01/Accounts/{ACCOUNT}/Messages.json"]


def test_the_newest_token_is_listed_first(carrier_lab: Lab) -> None:
    Carrier(settings_for(carrier_lab.api_url, TWILIO_AUTH_TOKEN=f"{TOKEN},old")).ping()
    with pytest.raises(CarrierError) as refused:
        Carrier(settings_for(carrier_lab.api_url, TWILIO_AUTH_TOKEN="wrong")).ping()
    assert refused.value.status == 401


@pytest.mark.parametrize("name", ["TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "PUBLIC_URL", "HOTLINE_NUMBER"])
def test_what_it_needs_is_demanded_by_name(name: str) -> None:
    with pytest.raises(SettingsError, match=name):
        Carrier(settings_for("http://127.0.0.1:9", **{name: ""}))


def test_it_sends_from_the_hotline_and_never_from_the_alerts(carrier: Carrier, carrier_lab: Lab) -> None:
    carrier.send_text(TO, BODY, receipt="d1")
    assert [r.params["From"] for r in carrier_lab.carrier.log] == [NUMBER] != [ALERTS]
