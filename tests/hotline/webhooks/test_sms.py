"""Text messages, from the signature to the answer and the row."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from furniture import CALLER, NUMBER, OTHER_CALLER, PUBLIC_URL, add_liaison, change, count_of, open_office, rows, sid
from posting import Carrier, Clock, clave_in
from sqlalchemy import insert, select

from hotline.language.gsm import segments
from hotline.store.engine import connect, utcnow
from hotline.store.schema import deliveries, erasures, messages, reports
from workers import filing

LIAISON = "+525598760001"
FORM = {"MessageSid": "SM1", "From": CALLER, "To": NUMBER, "Body": "me extorsionan"}

ROUTES = [
    "/sms", "/voice", "/voice/menu", "/voice/clave", "/voice/place", "/voice/story", "/voice/story/partial",
    "/receipts/sms", "/receipts/call",
]  # fmt: skip


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Twilio-Signature": ""},
        {"X-Twilio-Signature": "IK+Dwps556ElfBT0I3Rgjkr1wJU="},
        {"X-Twilio-Signature": "ñ"},
        {"Authorization": "Basic xxx"},
    ],
)
def test_who_is_not_the_carrier_gets_403_and_not_a_word(carrier: Carrier, path: str, headers: dict[str, str]) -> None:
    answer = carrier.posts(path, FORM | {"CallSid": "CA1"}, headers=headers)
    assert (answer.status_code, answer.data) == (403, b"")
    assert count_of(carrier.engine, messages) == 0


@pytest.mark.parametrize("path", ROUTES)
def test_a_wrong_token_and_a_changed_form_are_refused(carrier: Carrier, path: str) -> None:
    assert carrier.posts(path, FORM, token="wrong").status_code == 403
    signed_for = carrier.posts(f"{PUBLIC_URL}{path}", FORM, headers={"X-Twilio-Signature": "x"})
    assert signed_for.status_code == 403


@pytest.mark.parametrize("path", ROUTES)
@pytest.mark.parametrize("method", ["get", "put", "delete"])
def test_only_post_is_answered(carrier: Carrier, path: str, method: str) -> None:
    assert getattr(carrier.client, method)(path).status_code == 405


@pytest.mark.parametrize("path", ["/sms", "/voice", "/receipts/sms", "/receipts/call"])
def test_a_signed_request_without_its_id_is_a_400(carrier: Carrier, path: str) -> None:
    answer = carrier.posts(path, {"Body": "x", "From": CALLER})
    assert (answer.status_code, answer.data) == (400, b"")


def test_a_text_is_kept_sealed_and_answered_in_one_segment(carrier: Carrier) -> None:
    [answer] = carrier.texts("se llevaron a mi hijo", id="SM1")
    assert segments(answer) == 1 and "alcaldia" in answer
    [row] = rows(carrier.engine, select(messages))
    assert (row["id"], row["state"], row["channel"]) == ("SM1", "waiting", "sms")
    assert b"hijo" not in row["sealed"] and CALLER not in repr(row)
    assert carrier.kept()["SM1"] == {"message": "SM1", "from": CALLER, "body": "se llevaron a mi hijo", "media": 0}
    assert row["report_id"] == carrier.vault.report_id("SM1")
    assert clave_in(answer) == carrier.vault.clave(row["report_id"])


def test_the_answers_receipts_come_back_to_us_so_that_it_can_be_erased(carrier: Carrier) -> None:
    answer = carrier.posts("/sms", FORM)
    assert f'statusCallback="{PUBLIC_URL}/receipts/sms"' in answer.text
    assert answer.content_type.startswith("text/xml")


@pytest.mark.parametrize(
    ("body", "more", "words"),
    [
        ("me extorsionan en Iztapalapa", {}, "Una persona lo leera"),
        ("me extorsionan", {}, "¿En qué alcaldia"),
        ("", {}, "llegó vacio"),
        (None, {}, "llegó vacio"),
        ("  \n ", {}, "llegó vacio"),
        ("mire", {"NumMedia": "2", "MediaUrl0": "https://api.twilio.com/x"}, "no nos llegan fotos"),
        ("", {"NumMedia": "1"}, "no nos llegan fotos"),
        ("💥💥", {}, "¿En qué alcaldia"),
        ("\x00\x01\x07", {}, "Su clave"),
        ("a" * 1600, {}, "Su clave"),
        ("hola", {"UnheardOf": "x", "From[]": "y"}, "Su clave"),
        ("AYUDA me roban", {}, "Su clave"),
    ],
)
def test_whatever_comes_is_kept_and_answered(
    carrier: Carrier, body: str | None, more: dict[str, str], words: str
) -> None:
    from hotline.language.gsm import to_gsm7

    [answer] = carrier.texts(body, id="SM1", **more)
    assert to_gsm7(words) in answer and segments(answer) == 1
    assert carrier.kept()["SM1"]["body"] == (body or "")


@pytest.mark.parametrize("sender", ["anonymous", "+266696687", "", "BANCO"])
def test_a_hidden_sender_is_heard_and_not_answered(carrier: Carrier, sender: str) -> None:
    assert carrier.texts("me roban", sender=sender, id="SM1") == []
    assert carrier.kept()["SM1"]["from"] is None
    assert carrier.texts("AYUDA", sender=sender, id="SM2") == []
    assert "SM2" in carrier.kept(), "what cannot be answered is kept all the same"


def test_what_is_missing_is_asked_once_and_its_answer_joins(carrier: Carrier, clock: Clock) -> None:
    carrier.texts("me extorsionan", id="SM1")
    [second] = carrier.texts("Iztapalapa", id="SM2")
    clock.passes(minutes=2)
    [third] = carrier.texts("y son dos", id="SM3")
    assert "Iztapalapa" in second and "clave" not in second
    assert third.startswith("Gracias, lo agregamos")
    assert {row["report_id"] for row in rows(carrier.engine, select(messages))} == {carrier.vault.report_id("SM1")}


@pytest.mark.parametrize("spelling", ["+5215512340001", "5512340001", "0445512340001"])
def test_one_phone_however_the_network_writes_it(carrier: Carrier, spelling: str) -> None:
    carrier.texts("uno", id="SM1")
    carrier.texts("dos", id="SM2", sender=spelling)
    assert {row["report_id"] for row in rows(carrier.engine, select(messages))} == {carrier.vault.report_id("SM1")}


def test_the_same_message_ten_times_at_once_is_one_report_and_one_answer(carrier: Carrier) -> None:
    def bring(_: int) -> str:
        return str(carrier.app.test_client().post("/sms", data=form, headers=headers).text)

    form = FORM | {"MessageSid": "SM1"}
    from furniture import TOKEN

    from hotline.lab.signing import signature

    headers = {"X-Twilio-Signature": signature(TOKEN, f"{PUBLIC_URL}/sms", list(form.items()))}
    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(bring, range(10)))
    assert sum("<Message" in answer for answer in answers) == 1
    assert count_of(carrier.engine, messages) == 1


@pytest.mark.parametrize("body", ["AYUDA", "ayuda", "info"])
def test_ayuda_is_answered_is_no_report_and_leaves_no_copy_at_the_carrier(
    carrier: Carrier, keys: Path, body: str
) -> None:
    [answer] = carrier.texts(body, id="SM1")
    assert "Escriba aqui" in answer and "911" in answer and segments(answer) == 2
    filing.drain(open_office(carrier.engine, keys))
    assert carrier.kept() == {} and count_of(carrier.engine, reports) == 0
    assert {row["carrier_id"] for row in rows(carrier.engine, select(erasures))} == {"SM1"}


def test_a_report_after_ayuda_is_a_report_of_its_own(carrier: Carrier) -> None:
    carrier.texts("AYUDA")
    [answer] = carrier.texts("me roban", id="SM1")
    assert clave_in(answer) == carrier.vault.clave(carrier.vault.report_id("SM1"))


def test_ayuda_in_the_middle_of_a_report_does_not_end_it(carrier: Carrier) -> None:
    carrier.texts("me roban", id="SM1")
    carrier.texts("AYUDA")
    carrier.texts("en Tlalpan", id="SM2")
    found = {row["id"]: row["report_id"] for row in rows(carrier.engine, select(messages))}
    assert found["SM2"] == found["SM1"]


def test_ayuda_too_is_answered_once_a_message_and_not_for_ever(carrier: Carrier) -> None:
    """Answers cost money: an echo gets none, and who is answered too often gets silence for a while."""
    one = sid()
    assert [len(carrier.texts("AYUDA", id=one)) for _ in range(3)] == [1, 0, 0]
    answered = [len(carrier.texts("AYUDA")) for _ in range(30)]
    assert answered[0] == 1 and answered[-1] == 0


@pytest.mark.parametrize("word", ["STOP", "START", "HELP"])
def test_what_twilio_answered_by_itself_is_not_answered_again(carrier: Carrier, keys: Path, word: str) -> None:
    assert carrier.texts(word, id="SM1", OptOutType=word) == []
    filing.drain(open_office(carrier.engine, keys))
    assert count_of(carrier.engine, reports) == 0
    assert {row["carrier_id"] for row in rows(carrier.engine, select(erasures))} == {"SM1"}


def test_flood_is_answered_so_often_and_kept_whole(carrier: Carrier, clock: Clock) -> None:
    enough = carrier.desk.profile.clocks.answers_per_hour
    answered = []
    for n in range(enough + 4):
        answered.append(len(carrier.texts(f"otra vez {n}")))
        clock.passes(minutes=2)
    assert answered == [1] * enough + [0] * 4
    assert len(carrier.kept()) == enough + 4
    assert len(carrier.texts("yo no", sender=OTHER_CALLER)) == 1


# Liaisons


@pytest.fixture
def told(carrier: Carrier) -> Carrier:
    """A liaison was texted case K7M2P."""
    liaison = add_liaison(carrier.engine, carrier.vault, phone=LIAISON)
    now = utcnow()
    case = {"id": "r1", "code": "K7M2P", "channel": "sms", "opened_at": now, "status": "filed", "filed_at": now}
    change(carrier.engine, insert(reports).values(case))
    row = {"id": "d1", "purpose": "urgent", "subject": "r1", "liaison_id": liaison, "channel": "sms", "round": 1}
    change(
        carrier.engine,
        insert(deliveries).values(**row, state="sent", created_at=now, due_at=now, attempts=1),
    )
    return carrier


@pytest.mark.parametrize(
    ("body", "answer"),
    [
        ("OK K7M2P", "Caso K7M2P: queda a su cargo"),
        ("okk7m2p", "Caso K7M2P: queda a su cargo"),
        ("ok zzzz9", "No encontramos el caso ZZZZ9"),
    ],
)
def test_a_liaison_says_ok(told: Carrier, body: str, answer: str) -> None:
    [said] = told.texts(body, sender=LIAISON, id="SM1")
    assert answer in said and segments(said) == 1
    assert {row["carrier_id"] for row in rows(told.engine, select(erasures))} == {"SM1"}
    assert told.kept() == {}
    [case] = rows(told.engine, select(reports))
    assert case["status"] == ("acknowledged" if "K7M2P" in answer else "filed")


def test_the_same_ok_is_answered_once(told: Carrier) -> None:
    assert [len(told.texts("OK K7M2P", sender=LIAISON, id="SM1")) for _ in range(2)] == [1, 0]


def test_a_callers_ok_is_a_report_and_takes_nothing(told: Carrier) -> None:
    [answer] = told.texts("OK K7M2P", id="SM1")
    assert "Su clave" in answer and told.kept()["SM1"]["body"] == "OK K7M2P"
    assert rows(told.engine, select(reports))[0]["status"] == "filed"


@pytest.mark.parametrize("body", ["me robaron el celular en Tlalpan", "ok gracias", "ok auxilio"])
def test_a_liaisons_other_words_are_kept_like_anybodys(told: Carrier, body: str) -> None:
    told.texts(body, sender=LIAISON, id="SM1")
    assert told.kept()["SM1"]["body"] == body


# When things are away


def test_without_a_database_the_caller_notices_nothing(carrier: Carrier, tmp_path: Path) -> None:
    (tmp_path / "hotline.db").rename(tmp_path / "elsewhere.db")
    carrier.desk.engine.dispose()
    [answer] = carrier.texts("sin base de datos", id="SM1")
    assert clave_in(answer) == carrier.vault.clave(carrier.vault.report_id("SM1"))
    assert carrier.desk.spool.count() == 1
    (tmp_path / "elsewhere.db").rename(tmp_path / "hotline.db")
    assert carrier.desk.intake.drain_spool() == 1
    assert carrier.kept()["SM1"]["body"] == "sin base de datos"


def test_with_neither_database_nor_disk_the_carrier_is_told_to_try_again(carrier: Carrier, tmp_path: Path) -> None:
    (tmp_path / "hotline.db").unlink()
    carrier.desk.engine.dispose()
    (tmp_path / "var").mkdir(exist_ok=True)
    (tmp_path / "var" / "spool").write_text("no folder")
    answer = carrier.posts("/sms", FORM)
    assert (answer.status_code, answer.data) == (503, b"")


def test_a_liaison_is_asked_to_try_again_when_it_cannot_be_noted(told: Carrier, tmp_path: Path) -> None:
    (tmp_path / "hotline.db").rename(tmp_path / "elsewhere.db")
    told.desk.engine.dispose()
    answer = told.texts("OK K7M2P", sender=LIAISON, id="SM1")
    assert answer and (re.search("otra vez|clave", answer[0]))
    (tmp_path / "elsewhere.db").rename(tmp_path / "hotline.db")


def test_a_fault_in_understanding_costs_no_report(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr("hotline.texts_desk.understand", breaks)
    [answer] = carrier.texts("algo raro", id="SM1")
    assert "Su clave" in answer and "SM1" in carrier.kept()


def test_a_request_larger_than_any_text_is_refused(carrier: Carrier) -> None:
    assert carrier.posts("/sms", FORM | {"Body": "a" * 400_000}).status_code == 413


def test_what_is_served_tells_browsers_to_keep_still(carrier: Carrier) -> None:
    for answer in (carrier.client.get("/"), carrier.client.get("/privacidad"), carrier.client.get("/healthz")):
        assert answer.headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_health(carrier: Carrier, tmp_path: Path) -> None:
    assert carrier.client.get("/healthz").status_code == 200
    ready = carrier.client.get("/readyz")
    assert (ready.status_code, ready.json) == (503, {"ready": False, "down": ["redis"]})
    (tmp_path / "hotline.db").unlink()
    carrier.desk.engine.dispose()
    assert carrier.client.get("/readyz").json == {"ready": False, "down": ["database", "redis"]}
    assert carrier.client.get("/healthz").status_code == 200
    assert carrier.client.get("/metrics").status_code == 401
    assert connect(f"sqlite:///{tmp_path / 'hotline.db'}") is not None


def test_metrics_need_their_token(keys: Path, sqlite: object, tmp_path: Path) -> None:
    from furniture import environment

    from hotline import create_app
    from hotline.settings import Settings

    url = f"sqlite:///{tmp_path / 'hotline.db'}"
    app = create_app(Settings.read(environment(url, keys, tmp_path / "var", METRICS_TOKEN="palabra")))
    client = app.test_client()
    for given in ({}, {"Authorization": "Bearer otra"}, {"Authorization": "palabra2"}, {"Authorization": "Bearer "}):
        assert client.get("/metrics", headers=given).status_code == 401
    answer = client.get("/metrics", headers={"Authorization": "Bearer palabra"})
    assert answer.status_code == 200 and 'hotline_waiting{queue="inbox"} 0.0' in answer.text
    assert "hotline_database_up 1.0" in answer.text
