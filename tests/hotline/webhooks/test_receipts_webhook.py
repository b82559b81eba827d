"""Status callbacks: late, twice, out of order, and of things nobody knows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from furniture import add_liaison, change, rows, sid
from posting import Carrier
from sqlalchemy import insert, select

from hotline.store.engine import utcnow
from hotline.store.schema import deliveries, erasures, messages


@pytest.fixture
def sent(carrier: Carrier) -> Carrier:
    """Delivery d1 was handed to the carrier."""
    now = utcnow()
    row = {"id": "d1", "purpose": "urgent", "subject": "r1", "channel": "sms", "round": 1, "state": "sent"}
    liaison = add_liaison(carrier.engine, carrier.vault)
    change(carrier.engine, insert(deliveries).values(**row, liaison_id=liaison, created_at=now, due_at=now, attempts=1))
    return carrier


def comes(carrier: Carrier, status: str, *, error: str = "", path: str = "/receipts/sms?delivery=d1") -> None:
    form = {"MessageSid": "SM9", "MessageStatus": status, "SmsStatus": status, "To": "+525598760001"}
    answer = carrier.posts(path, form | ({"ErrorCode": error} if error else {}))
    assert (answer.status_code, answer.data) == (204, b"")


@pytest.mark.parametrize(
    ("statuses", "then"),
    [
        (["queued", "sent"], "sent"),
        (["sent", "delivered"], "delivered"),
        (["delivered", "sent"], "delivered"),
        (["delivered", "delivered"], "delivered"),
        (["sent", "undelivered"], "failed"),
        (["undelivered", "delivered"], "delivered"),
        (["delivered", "undelivered"], "delivered"),
        (["failed"], "failed"),
        (["unheard-of"], "sent"),
    ],
)
def test_what_became_of_a_delivery(sent: Carrier, statuses: list[str], then: str) -> None:
    for status in statuses:
        comes(sent, status, error="30003" if status in ("undelivered", "failed") else "")
    [row] = rows(sent.engine, select(deliveries))
    assert (row["state"], row["error_code"]) == (then, 30003 if then == "failed" else None)


def test_the_receipt_of_an_answer_has_the_carriers_copy_erased_at_once(carrier: Carrier) -> None:
    for status in ("sent", "delivered", "delivered"):
        comes(carrier, status, path="/receipts/sms")
    [asked] = rows(carrier.engine, select(erasures))
    assert asked["carrier_id"] == "SM9" and asked["due_at"] <= utcnow()


def test_what_is_known_of_an_answer_takes_nobodys_turn_at_writing(carrier: Carrier) -> None:
    comes(carrier, "queued", path="/receipts/sms")
    with carrier.engine.begin() as writing:
        for status in ("sent", "delivered"):
            comes(carrier, status, path="/receipts/sms")
        assert writing.execute(select(erasures)).all()
    assert carrier.desk.spool.receipts(1) == [], "it was not taken for a database that is away"


def test_a_receipt_of_a_delivery_nobody_knows_is_taken_kindly(carrier: Carrier) -> None:
    comes(carrier, "delivered", path="/receipts/sms?delivery=unknown")
    assert rows(carrier.engine, select(deliveries)) == []
    [asked] = rows(carrier.engine, select(erasures))
    assert asked["carrier_id"] == "SM9", "its copy at the carrier goes all the same"


def test_a_signed_address_is_not_to_be_changed(sent: Carrier) -> None:
    from furniture import PUBLIC_URL, TOKEN

    from hotline.lab.signing import signature

    form = {"MessageSid": "SM9", "MessageStatus": "delivered"}
    given = signature(TOKEN, f"{PUBLIC_URL}/receipts/sms?delivery=other", list(form.items()))
    answer = sent.posts("/receipts/sms?delivery=d1", form, headers={"X-Twilio-Signature": given})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("path", "form", "due"),
    [
        ("/receipts/sms", {"MessageSid": "SM9", "MessageStatus": "delivered"}, timedelta()),
        ("/receipts/sms?delivery=d1", {"MessageSid": "SM9", "MessageStatus": "delivered"}, timedelta(hours=24)),
        ("/receipts/call", {"CallSid": "SM9", "CallStatus": "completed"}, timedelta()),
    ],
)
def test_a_receipt_waits_on_disk_while_the_database_is_away(
    sent: Carrier, tmp_path: Path, path: str, form: dict[str, str], due: timedelta
) -> None:
    (tmp_path / "hotline.db").rename(tmp_path / "elsewhere.db")
    sent.desk.engine.dispose()
    for _ in range(2):
        assert sent.posts(path, form).status_code == 204
    (tmp_path / "elsewhere.db").rename(tmp_path / "hotline.db")
    sent.desk.intake.drain_spool()
    [asked] = rows(sent.engine, select(erasures))
    assert asked["carrier_id"] == "SM9"
    assert timedelta(minutes=-1) < asked["due_at"] - utcnow() - due < timedelta(minutes=1)
    [row] = rows(sent.engine, select(deliveries))
    assert row["state"] == ("delivered" if "delivery" in path else "sent")


def test_an_earlier_receipt_does_not_push_a_later_one_off_the_disk(sent: Carrier, tmp_path: Path) -> None:
    """They come out of order: `sent` says less than the `delivered` before it."""
    (tmp_path / "hotline.db").rename(tmp_path / "elsewhere.db")
    sent.desk.engine.dispose()
    for status in ("delivered", "undelivered", "sent"):
        comes(sent, status)
    (tmp_path / "elsewhere.db").rename(tmp_path / "hotline.db")
    sent.desk.intake.drain_spool()
    assert rows(sent.engine, select(deliveries))[0]["state"] == "delivered"


def test_a_receipt_that_can_be_kept_nowhere_is_asked_for_again(sent: Carrier, tmp_path: Path) -> None:
    (tmp_path / "hotline.db").unlink()
    sent.desk.engine.dispose()
    (tmp_path / "var").mkdir(exist_ok=True)
    (tmp_path / "var" / "spool").write_text("no folder")
    assert sent.posts("/receipts/sms", {"MessageSid": "SM9", "MessageStatus": "delivered"}).status_code == 503
    assert sent.posts("/receipts/call", {"CallSid": "CA9", "CallStatus": "completed"}).status_code == 503


@pytest.mark.parametrize(
    ("status", "ended"), [("in-progress", False), ("ringing", False), ("completed", True), ("no-answer", True)]
)
def test_a_call_that_has_ended_is_filed_and_erased_at_once(carrier: Carrier, status: str, ended: bool) -> None:
    call = sid("CA")
    carrier.steps("/voice/menu?at=kinds", call, Digits="2")
    [row] = rows(carrier.engine, select(messages))
    assert row["ready_at"] > utcnow() + timedelta(minutes=1)
    for _ in range(2):
        assert carrier.posts("/receipts/call", {"CallSid": call, "CallStatus": status}).status_code == 204
    [row] = rows(carrier.engine, select(messages))
    assert (row["ready_at"] <= utcnow()) is ended
    assert [asked["carrier_id"] for asked in rows(carrier.engine, select(erasures))] == ([call] if ended else [])


def test_the_end_of_a_call_we_never_had_is_taken_kindly(carrier: Carrier) -> None:
    assert carrier.posts("/receipts/call", {"CallSid": sid("CA"), "CallStatus": "completed"}).status_code == 204
