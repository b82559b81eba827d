"""Receipts come late, twice and out of order: what arrived stays arrived."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from furniture import add_liaison, change, rows
from sqlalchemy import Engine, insert, select

from hotline.store import receipts
from hotline.store.engine import utcnow
from hotline.store.schema import deliveries, erasures
from hotline.vault import Vault

NOW = utcnow()
ARRIVED: dict[str, Any] = {"arrived": True, "error": None}
FAILED: dict[str, Any] = {"arrived": False, "error": 30003}


@pytest.mark.parametrize(
    ("state", "came", "then", "error"),
    [
        ("sent", [ARRIVED], "delivered", None),
        ("sent", [FAILED], "failed", 30003),
        ("sent", [ARRIVED, ARRIVED], "delivered", None),
        ("sent", [ARRIVED, FAILED], "delivered", None),
        ("sent", [FAILED, ARRIVED], "delivered", None),
        ("sent", [FAILED, FAILED], "failed", 30003),
        ("waiting", [ARRIVED], "delivered", None),
        ("failed", [ARRIVED], "delivered", None),
        ("delivered", [FAILED], "delivered", None),
        ("sent", [], "sent", None),
    ],
)
def test_what_becomes_of_a_delivery(
    engine: Engine, vault: Vault, state: str, came: list[dict[str, Any]], then: str, error: int | None
) -> None:
    row: dict[str, Any] = {"id": "d1", "purpose": "urgent", "subject": "r1", "channel": "sms", "round": 1}
    row |= {"liaison_id": add_liaison(engine, vault), "created_at": NOW, "due_at": NOW, "attempts": 1}
    change(engine, insert(deliveries).values(**row, state=state))
    for receipt in came:
        with engine.begin() as connection:
            receipts.delivery_receipt(connection, "d1", "SM1", **receipt, now=NOW)
    [found] = rows(engine, select(deliveries))
    assert (found["state"], found["error_code"]) == (then, error)
    assert found["carrier_id"] == ("SM1" if came and state != "delivered" else None)
    asked = {row["carrier_id"]: row["due_at"] for row in rows(engine, select(erasures))}
    assert asked == ({"SM1": NOW + receipts.KEEP_DELIVERED} if came else {})


def test_a_receipt_of_nothing_we_know_changes_nothing(engine: Engine) -> None:
    with engine.begin() as connection:
        receipts.delivery_receipt(connection, "unknown", "SM1", arrived=True, error=None, now=NOW)
    assert rows(engine, select(deliveries)) == []


def test_asking_twice_for_an_erasure_keeps_the_first_time(engine: Engine) -> None:
    for minutes in (0, 60):
        with engine.begin() as connection:
            receipts.erase_copy(connection, "SM1", NOW + timedelta(minutes=minutes))
    assert [row["due_at"] for row in rows(engine, select(erasures))] == [NOW]
