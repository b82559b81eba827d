"""Delivering: what leaves, what is tried again, what is looked up first, against the pretend carrier over HTTP."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from furniture import add_liaison, admit, arrival, change, lapse, rows
from sqlalchemy import insert, select, update

from hotline.carrier.client import Carrier
from hotline.lab import Lab
from hotline.language.gsm import segments
from hotline.store import errands
from hotline.store.engine import new_id, utcnow
from hotline.store.receipts import delivery_receipt
from hotline.store.schema import deliveries, erasures, liaisons, reports
from workers import delivering, filing, mail, telling
from workers.casebook import Part, lock_parts
from workers.digests import schedule
from workers.office import Office

PHONE = "+525598765432"
STORY = "me estan extorsionando en Iztapalapa, piden que deposite hoy"


def file_one(office: Office, words: str = STORY, **fields: Any) -> str:
    """Files a text; its report's id."""
    text = arrival(office.vault, words, **fields)
    admit(office.engine, office.vault, text)
    filing.drain(office)
    return text.report_id


def delivery(office: Office) -> dict[str, Any]:
    [row] = rows(office.engine, select(deliveries))
    return row


def due_now(office: Office) -> None:
    change(office.engine, update(deliveries).where(deliveries.c.state == "waiting").values(due_at=utcnow()))


@pytest.fixture
def urgent(connected: Office) -> Office:
    """One urgent delivery waits for one liaison."""
    add_liaison(connected.engine, connected.vault, phone=PHONE)
    file_one(connected)
    return connected


def test_an_urgent_case_reaches_the_liaisons_phone_once(urgent: Office, carrier_lab: Lab) -> None:
    assert delivering.deliver(urgent) == 1
    text = carrier_lab.phone(PHONE).wait_for_text()
    [case] = rows(urgent.engine, select(reports))
    for words in ("P2", case["code"], "Iztapalapa", "extorsion", f"OK {case['code']}", "deposite hoy"):
        assert words.casefold() in text.body.casefold()
    row = delivery(urgent)
    assert (row["state"], row["carrier_id"], row["attempts"], row["lease"]) == ("sent", text.sid, 1, None)
    assert delivering.deliver(urgent) == 0
    assert len(carrier_lab.phone(PHONE).inbox) == 1
    [request] = [r for r in carrier_lab.carrier.log if r.operation == "messages.create"]
    assert request.params["StatusCallback"].endswith(f"/osc/receipts/sms?delivery={row['id']}")


def test_the_carriers_copy_of_what_was_sent_goes_a_day_later(urgent: Office) -> None:
    delivering.deliver(urgent)
    sent = delivery(urgent)["carrier_id"]
    [asked] = rows(urgent.engine, select(erasures).where(erasures.c.carrier_id == sent))
    assert timedelta(hours=23) < asked["due_at"] - utcnow() < timedelta(hours=25)


# what the carrier does, then: state, error code, seconds until the next try (from, to), texts in the phone
@pytest.mark.parametrize(
    ("fault", "state", "error", "wait", "texts"),
    [
        ({"status": 429, "headers": {"Retry-After": "7"}}, "waiting", None, (5, 8), 0),
        ({"status": 429}, "waiting", None, (0, 3), 0),
        ({"status": 500}, "waiting", None, (0, 3), 0),
        ({"status": 503}, "waiting", None, (0, 3), 0),
        ({"status": 500, "perform": True}, "waiting", None, (0, 3), 1),
        ({"status": 401}, "waiting", None, (0, 3), 0),
        ({"status": 400, "code": 21211}, "failed", 21211, None, 0),
        ({"status": 400, "code": 21610}, "failed", 21610, None, 0),
        ({"status": 400, "code": 21614}, "failed", 21614, None, 0),
    ],
)
def test_what_the_carrier_answers_decides_what_happens_next(
    urgent: Office,
    carrier_lab: Lab,
    fault: dict[str, Any],
    state: str,
    error: int | None,
    wait: tuple[int, int] | None,
    texts: int,
) -> None:
    carrier_lab.carrier.fail("messages.create", **fault)
    before = utcnow()
    assert delivering.deliver(urgent) == 0
    row = delivery(urgent)
    assert (row["state"], row["error_code"], row["lease"]) == (state, error, None)
    if wait is not None:
        assert wait[0] <= (row["due_at"] - before).total_seconds() <= wait[1]
    carrier_lab.settle()
    assert len(carrier_lab.phone(PHONE).inbox) == texts


@pytest.mark.parametrize("performed", [True, False])
def test_what_may_have_been_sent_is_looked_up_before_it_is_sent_again(
    urgent: Office, carrier_lab: Lab, performed: bool
) -> None:
    carrier_lab.carrier.fail("messages.create", status=500, perform=performed)
    delivering.deliver(urgent)
    due_now(urgent)
    assert delivering.deliver(urgent) == 1
    carrier_lab.settle()
    assert len(carrier_lab.phone(PHONE).inbox) == 1
    assert delivery(urgent)["state"] == "sent"
    operations = [r.operation for r in carrier_lab.carrier.log]
    assert operations == ["messages.create", "messages.list", *([] if performed else ["messages.create"])]


def test_while_it_cannot_be_looked_up_it_is_not_sent_again(urgent: Office, carrier_lab: Lab) -> None:
    carrier_lab.carrier.fail("messages.create", status=500, perform=True)
    carrier_lab.carrier.fail("messages.list", status=500, times=2)
    for _ in range(3):
        delivering.deliver(urgent)
        due_now(urgent)
    assert delivery(urgent)["state"] == "waiting"
    delivering.deliver(urgent)
    carrier_lab.settle()
    assert delivery(urgent)["state"] == "sent"
    assert len(carrier_lab.phone(PHONE).inbox) == 1


def test_waits_grow_to_a_minute_and_no_further(urgent: Office, carrier_lab: Lab) -> None:
    carrier_lab.carrier.fail("messages.create", status=503, times=99)
    waits = []
    for _ in range(9):
        due_now(urgent)
        before = utcnow()
        delivering.deliver(urgent)
        waits.append(round((delivery(urgent)["due_at"] - before).total_seconds()))
    assert waits == [2, 4, 8, 16, 32, 60, 60, 60, 60]


def test_an_unreachable_carrier_is_tried_again(urgent: Office) -> None:
    gone = replace(urgent, carrier=Carrier(urgent.settings.model_copy(update={"api_url": "http://127.0.0.1:9"})))
    assert delivering.deliver(gone) == 0
    assert delivery(urgent)["state"] == "waiting"


def test_who_dies_in_the_middle_of_sending_sends_no_second_text(urgent: Office, carrier_lab: Lab) -> None:
    class Dying(Carrier):
        def send_text(self, to: str, body: str, *, receipt: str) -> Any:
            super().send_text(to, body, receipt=receipt)
            raise SystemExit("killed")

    with pytest.raises(SystemExit):
        delivering.deliver(replace(urgent, carrier=Dying(urgent.settings)))
    assert delivering.deliver(urgent) == 0, "taken within the lease"
    lapse(urgent.engine, deliveries)
    assert delivering.deliver(urgent) == 1
    carrier_lab.settle()
    assert len(carrier_lab.phone(PHONE).inbox) == 1


# A receipt may come before our own line: what it says is later than what we know.
@pytest.mark.parametrize(("arrived", "then"), [(True, "delivered"), (False, "failed")])
def test_a_receipt_that_is_faster_than_the_carriers_answer_counts(urgent: Office, arrived: bool, then: str) -> None:
    class Receipted(Carrier):
        def send_text(self, to: str, body: str, *, receipt: str) -> Any:
            sent = super().send_text(to, body, receipt=receipt)
            with urgent.engine.begin() as connection:
                error = None if arrived else 30003
                delivery_receipt(connection, receipt, sent.id, arrived=arrived, error=error, now=utcnow())
            return sent

    delivering.deliver(replace(urgent, carrier=Receipted(urgent.settings)))
    row = delivery(urgent)
    assert (row["state"], row["error_code"]) == (then, None if arrived else 30003)


def test_one_liaison_who_cannot_be_read_does_not_keep_the_others_waiting(connected: Office, carrier_lab: Lab) -> None:
    unreadable = add_liaison(connected.engine, connected.vault)
    add_liaison(connected.engine, connected.vault, phone=PHONE)
    file_one(connected)
    change(connected.engine, update(liaisons).where(liaisons.c.id == unreadable).values(details=b"damaged" * 8))
    delivering.deliver(connected)
    carrier_lab.settle()
    assert len(carrier_lab.phone(PHONE).inbox) == 1


def test_a_landline_is_refused_for_good(urgent: Office, carrier_lab: Lab) -> None:
    carrier_lab.phone(PHONE, "landline")
    delivering.deliver(urgent)
    assert (delivery(urgent)["state"], delivery(urgent)["error_code"]) == ("failed", 21614)


def test_who_was_switched_off_is_told_nothing_that_was_on_its_way(urgent: Office, carrier_lab: Lab) -> None:
    change(urgent.engine, update(liaisons).values(active=False))
    assert delivering.deliver(urgent) == 0
    assert delivery(urgent)["state"] == "failed" and carrier_lab.phone(PHONE).inbox == []


def test_a_slow_mail_server_holds_no_hand_that_a_phone_needs(
    connected: Office, carrier_lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    hangs, begun = threading.Event(), threading.Semaphore(0)

    def slow(*_: object, **__: object) -> None:
        begun.release()
        hangs.wait(30)

    monkeypatch.setattr(mail, "send", slow)
    monkeypatch.setattr(telling, "letter_of", lambda *_: None)
    liaison = add_liaison(connected.engine, connected.vault, phone=PHONE, email="uno@enlace.example")
    mails = [errands.delivery("digest", f"d{n}", liaison, "mail", utcnow()) for n in range(delivering.AT_ONCE * 2)]
    change(connected.engine, insert(deliveries).values(mails))
    with ThreadPoolExecutor(1) as pool:
        whole = pool.submit(delivering.deliver, connected)
        for _ in range(delivering.MAILS_AT_ONCE):
            assert begun.acquire(timeout=20)
        file_one(connected)
        assert "URGENTE" in carrier_lab.phone(PHONE).wait_for_text().body, "while every mail hangs"
        hangs.set()
        assert whole.result() == len(mails) + 1


def test_what_somebody_took_meanwhile_wakes_nobody_else(urgent: Office, carrier_lab: Lab) -> None:
    other = add_liaison(urgent.engine, urgent.vault)
    change(
        urgent.engine,
        insert(deliveries).values(errands.delivery("urgent", delivery(urgent)["subject"], other, "call", utcnow())),
    )
    change(urgent.engine, update(reports).values(acknowledged_by="somebody", status="acknowledged"))
    assert delivering.deliver(urgent) == 0
    assert {row["state"] for row in rows(urgent.engine, select(deliveries))} == {"failed"}
    assert [entry.operation for entry in carrier_lab.carrier.log] == []


def test_urgent_ones_leave_first(connected: Office) -> None:
    liaison = add_liaison(connected.engine, connected.vault)
    order: list[str] = []

    class Noting(Carrier):
        def send_text(self, to: str, body: str, *, receipt: str) -> Any:
            order.append(receipt)
            return super().send_text(to, body, receipt=receipt)

    now = utcnow()
    [report] = [file_one(connected, "cuándo es la próxima jornada")]
    ids = {}
    for n in range(delivering.AT_ONCE):
        ids[f"late{n}"] = _note(connected, "update", report, liaison, now - timedelta(minutes=5), n + 1)
    first = _note(connected, "urgent", report, liaison, now, 1)
    delivering.deliver(replace(connected, carrier=Noting(connected.settings)))
    assert first in order[: delivering.AT_ONCE]
    assert len(order) == delivering.AT_ONCE + 1


def _note(office: Office, purpose: str, report: str, liaison: str, at: datetime, round_: int) -> str:
    row = {"id": new_id(), "purpose": purpose, "subject": report, "liaison_id": liaison, "channel": "sms"}
    change(
        office.engine,
        insert(deliveries).values(**row, round=round_, state="waiting", created_at=at, due_at=at, attempts=0),
    )
    return str(row["id"])


def test_what_is_not_due_yet_waits(urgent: Office) -> None:
    change(urgent.engine, update(deliveries).values(due_at=utcnow() + timedelta(seconds=30)))
    assert delivering.deliver(urgent) == 0
    assert delivery(urgent)["attempts"] == 0


def test_an_update_says_what_is_new_and_nothing_else(urgent: Office, carrier_lab: Lab) -> None:
    delivering.deliver(urgent)
    file_one(urgent, "ya vinieron dos veces al local")
    delivering.deliver(urgent)
    text = carrier_lab.phone(PHONE).wait_for_text(containing="dos veces")
    assert "deposite hoy" not in text.body


def test_an_update_sent_before_the_first_text_left_out_nothing(urgent: Office, carrier_lab: Lab) -> None:
    file_one(urgent, "ya vinieron dos veces al local")
    delivering.deliver(urgent)
    carrier_lab.settle()
    said = "\n".join(text.body for text in carrier_lab.phone(PHONE).inbox)
    assert "deposite hoy" in said and "dos veces" in said


@pytest.mark.parametrize("length", [10, 1200, 1500, 1600, 5000])
@pytest.mark.parametrize("letters", ["a", "á", "€", "ñ", "\n"])
def test_a_long_story_is_cut_to_ten_segments(urgent: Office, carrier_lab: Lab, length: int, letters: str) -> None:
    [report] = rows(urgent.engine, select(reports))
    parts = lock_parts(urgent.vault, report["id"], [Part("X" + letters * length)])
    change(urgent.engine, update(reports).values(text=parts))
    assert delivering.deliver(urgent) == 1
    body = carrier_lab.phone(PHONE).wait_for_text().body
    assert segments(body) <= 10 and len(body) <= 1600
    assert body.endswith(f"Responda OK {report['code']}")


def test_a_held_text_is_said_to_be_held(urgent: Office, carrier_lab: Lab) -> None:
    [report] = rows(urgent.engine, select(reports))
    change(urgent.engine, update(reports).values(text=lock_parts(urgent.vault, report["id"], [Part(None)])))
    delivering.deliver(urgent)
    body = carrier_lab.phone(PHONE).wait_for_text().body
    assert "retenido" in body and "Iztapalapa" in body


def test_no_exact_time_is_told(urgent: Office, carrier_lab: Lab) -> None:
    change(urgent.engine, update(reports).values(opened_at=datetime(2026, 11, 23, 20, 44, 59)))  # noqa: DTZ001
    delivering.deliver(urgent)
    body = carrier_lab.phone(PHONE).wait_for_text().body
    assert "14:30" in body and "14:44" not in body and "20:4" not in body


# Mail


@pytest.fixture
def digest(connected: Office) -> Office:
    """A digest waits to leave by mail and text."""
    since = utcnow() - timedelta(days=3)
    add_liaison(connected.engine, connected.vault, phone=PHONE, email="uno@enlace.example", since=since)
    file_one(connected, "cuándo es la próxima jornada <b>en mi colonia</b>")
    assert schedule.send_everything(connected) == 1
    return connected


def by_channel(office: Office) -> dict[str, str]:
    return {row["channel"]: row["state"] for row in rows(office.engine, select(deliveries))}


def test_a_digest_leaves_by_mail_and_by_text(digest: Office, carrier_lab: Lab) -> None:
    assert delivering.deliver(digest) == 2
    mail = carrier_lab.mailbox.wait_for(to="uno@enlace.example")
    assert "jornada" in mail.text and mail.sender == "avisos@linea.example"
    text = carrier_lab.phone(PHONE).wait_for_text()
    assert segments(text.body) <= 2 and "jornada" not in text.body
    assert by_channel(digest) == {"mail": "sent", "sms": "sent"}
    assert delivering.deliver(digest) == 0
    assert len(carrier_lab.mailbox.mails) == 1


def test_who_dies_in_the_middle_of_mailing_sends_no_second_digest(digest: Office, carrier_lab: Lab) -> None:
    delivering.deliver(digest)
    # As it stands when a worker dies after the server took the mail and before that was written down.
    change(digest.engine, update(deliveries).where(deliveries.c.channel == "mail").values(state="waiting"))
    delivering.deliver(digest)
    assert len(carrier_lab.mailbox.mails) == 1 and by_channel(digest)["mail"] == "sent"


def test_a_digest_whose_words_the_server_refused_is_sent_again(
    digest: Office, carrier_lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuses(*_: object) -> str:
        return "451 later"

    with monkeypatch.context() as broken:
        broken.setattr(carrier_lab.mailbox, "handle_DATA", refuses)
        delivering.deliver(digest)
    assert by_channel(digest)["mail"] == "waiting"
    due_now(digest)
    delivering.deliver(digest)
    assert len(carrier_lab.mailbox.mails) == 1 and by_channel(digest)["mail"] == "sent"


@pytest.mark.parametrize(("code", "state"), [(450, "waiting"), (550, "failed")])
def test_what_the_mail_server_answers_decides_what_happens_next(
    digest: Office, carrier_lab: Lab, code: int, state: str
) -> None:
    carrier_lab.mailbox.refuse(code)
    delivering.deliver(digest)
    assert by_channel(digest) == {"mail": state, "sms": "sent"}


@pytest.mark.parametrize("missing", ["smtp_url", "mail_from"])
def test_without_a_mail_server_the_text_leaves_all_the_same(digest: Office, missing: str) -> None:
    crippled = replace(digest, settings=digest.settings.model_copy(update={missing: None}))
    delivering.deliver(crippled)
    assert by_channel(digest) == {"mail": "failed", "sms": "sent"}


def test_what_there_is_no_more_to_tell_of_is_given_up(urgent: Office) -> None:
    change(urgent.engine, update(deliveries).values(subject="gone"))
    assert delivering.deliver(urgent) == 0
    assert delivery(urgent)["state"] == "failed"
