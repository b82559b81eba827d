"""Calls that we made, key by key: what is said, what is noted for the back office, and what is never said."""

from __future__ import annotations

from typing import Any

import pytest
from furniture import add_liaison, change, rows, sid
from posting import Carrier, said
from sqlalchemy import insert, select, update

from hotline.store.duty_tables import case_events, escalations
from hotline.store.engine import utcnow
from hotline.store.schema import deliveries, reports


@pytest.fixture
def ringing(carrier: Carrier) -> dict[str, str]:
    """Ana is rung up about case K7M2P ("call"), and who reported it on her behalf ("ring")."""
    ana, now = add_liaison(carrier.engine, carrier.vault, "Ana López"), utcnow()
    row = {"id": "r1", "code": "K7M2P", "channel": "sms", "opened_at": now, "status": "filed", "filed_at": now}
    change(carrier.engine, insert(reports).values(**row, kind="secuestro", urgency="P1", area="09007", state="09"))
    clock = {"report_id": "r1", "urgency": "P1", "step": 0, "state": "open", "started_at": now}
    change(carrier.engine, insert(escalations).values(**clock, next_at=now.replace(year=now.year + 1)))
    for id, purpose in (("call", "urgent"), ("ring", "bridge")):
        sent = {"id": id, "purpose": purpose, "subject": "r1", "liaison_id": ana, "channel": id, "round": 0}
        change(carrier.engine, insert(deliveries).values(**sent, state="sent", created_at=now, due_at=now, attempts=1))
    return {"ana": ana, "call": sid("CA")}


def step(carrier: Carrier, path: str, call: str, delivery: str = "call", tries: int = 0, **more: str) -> str:
    """What is heard after one step, the verb that ends it in front."""
    verbs = carrier.steps(f"/voice/{path}?delivery={delivery}&tries={tries}", call, **more)
    return f"{verbs[-1].name}: {said(verbs)}"


def errands(carrier: Carrier, channel: str) -> list[dict[str, Any]]:
    return rows(carrier.engine, select(deliveries).where(deliveries.c.channel == channel))


def test_1_has_the_case_fetched_for_this_call(carrier: Carrier, ringing: dict[str, str]) -> None:
    for _ in range(2):
        assert step(carrier, "aviso", ringing["call"], Digits="1").startswith("Gather: Un momento")
    first = errands(carrier, "speak")[0]
    assert (first["subject"], first["liaison_id"], first["carrier_id"]) == ("r1", ringing["ana"], ringing["call"])
    assert first["state"] == "waiting"


@pytest.mark.parametrize("digits", ["", "2", "9", "#"])
def test_whoever_else_answers_hears_nothing_of_it(carrier: Carrier, ringing: dict[str, str], digits: str) -> None:
    heard = [step(carrier, "aviso", ringing["call"], tries=tries, Digits=digits) for tries in range(3)]
    assert [one.split(":")[0] for one in heard] == ["Gather", "Gather", "Hangup"]
    assert not any(word in " ".join(heard) for word in ("K7M2P", "secuestro", "Iztapalapa"))
    assert errands(carrier, "speak") == []


def test_1_takes_it_2_leaves_it_9_reads_it_again(carrier: Carrier, ringing: dict[str, str]) -> None:
    assert step(carrier, "aviso/decide", ringing["call"], Digits="9").startswith("Gather: Un momento")
    assert len(errands(carrier, "speak")) == 1
    assert "siguiente persona" in step(carrier, "aviso/decide", ringing["call"], Digits="2")
    [clock] = rows(carrier.engine, select(escalations))
    assert clock["next_at"] <= utcnow() and clock["state"] == "open"
    assert [row["what"] for row in rows(carrier.engine, select(case_events))] == ["declined"]
    assert step(carrier, "aviso/decide", ringing["call"], Digits="1").startswith("Hangup: El caso K7M2P queda")
    [report] = rows(carrier.engine, select(reports))
    assert report["acknowledged_by"] == ringing["ana"]
    assert rows(carrier.engine, select(escalations))[0]["state"] == "heard"


def test_a_case_that_somebody_else_took_is_said_to_be_taken(carrier: Carrier, ringing: dict[str, str]) -> None:
    change(carrier.engine, update(reports).values(acknowledged_by="other", status="acknowledged"))
    for digits in ("", "1"):
        assert "otra persona" in step(carrier, "aviso", ringing["call"], Digits=digits), "before a word of the story"
    assert errands(carrier, "speak") == []
    assert "otra persona" in step(carrier, "aviso/decide", ringing["call"], Digits="1")


@pytest.mark.parametrize(("digits", "joins", "told"), [("1", 1, 0), ("", 0, 1), ("2", 0, 1)])
def test_who_reported_is_joined_only_after_pressing_1(
    carrier: Carrier, ringing: dict[str, str], digits: str, joins: int, told: int
) -> None:
    heard = step(carrier, "enlace", ringing["call"], "ring", Digits=digits)
    assert heard.startswith("Gather: Gracias" if joins else "Hangup:")
    assert [row["carrier_id"] for row in errands(carrier, "join")] == [ringing["call"]] * joins
    failed = [row for row in errands(carrier, "sms") if row["purpose"] == "uncalled"]
    assert len(failed) == told


# What the carrier says of the liaison's phone: what who reported hears, and how often the liaison is told.
@pytest.mark.parametrize(
    ("fate", "heard", "told"),
    [
        ({"DialCallStatus": "no-answer"}, "no pudimos comunicarle", 1),
        ({"DialCallStatus": "busy", "DialBridged": "false"}, "no pudimos comunicarle", 1),
        ({"DialCallStatus": "completed", "DialBridged": "true"}, "Hasta luego", 0),
        ({"DialCallStatus": "completed"}, "Hasta luego", 0),
    ],
)
def test_who_reported_answered_and_the_liaison_did_not(
    carrier: Carrier, ringing: dict[str, str], fate: dict[str, str], heard: str, told: int
) -> None:
    step(carrier, "enlace", ringing["call"], "ring", Digits="1")
    [join] = errands(carrier, "join")
    for _ in range(2):
        said = step(carrier, "enlace/fin", ringing["call"], join["id"], 0, **fate)
        assert said.startswith("Hangup") and heard in said
    assert len([row for row in errands(carrier, "sms") if row["purpose"] == "unjoined"]) == told


@pytest.mark.parametrize(
    ("path", "delivery"),
    [
        *((path, delivery) for path in ("aviso", "aviso/decide", "enlace") for delivery in ("", "unknown")),
        ("aviso", "ring"),
        ("aviso/decide", "ring"),
        ("enlace", "call"),
    ],
)
def test_a_call_of_another_sort_is_ended(carrier: Carrier, ringing: dict[str, str], path: str, delivery: str) -> None:
    assert step(carrier, path, ringing["call"], delivery, Digits="1").startswith("Hangup")
    assert errands(carrier, "speak") == errands(carrier, "join") == []


@pytest.mark.parametrize("path", ["aviso/espera", "enlace/espera"])
def test_nobody_waits_for_ever(carrier: Carrier, ringing: dict[str, str], path: str) -> None:
    heard = [step(carrier, path, ringing["call"], tries=tries).split(":")[0] for tries in (0, 4, 5, 99)]
    assert heard == ["Gather", "Gather", "Hangup", "Hangup"]


@pytest.mark.parametrize(("status", "told"), [("no-answer", 1), ("busy", 1), ("failed", 1), ("completed", 1)])
def test_a_call_to_who_reported_that_came_to_nothing_is_told(
    carrier: Carrier, ringing: dict[str, str], status: str, told: int
) -> None:
    for _ in range(2):
        carrier.posts("/receipts/call?delivery=ring", {"CallSid": ringing["call"], "CallStatus": status})
    assert len([row for row in errands(carrier, "sms") if row["purpose"] == "uncalled"]) == told
