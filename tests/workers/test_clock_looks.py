"""What the clock sees waiting: rows that are due and in nobody's hands."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from furniture import add_liaison, change
from sqlalchemy import Engine, insert

from hotline.store import waiting
from hotline.store.engine import utcnow
from hotline.store.schema import deliveries, erasures, messages, reports
from hotline.vault import Vault

NOW = utcnow()
PAST, FUTURE = NOW - timedelta(minutes=5), NOW + timedelta(minutes=5)


# state, due at, lease until, whether it is seen
ROWS: list[tuple[str, datetime, datetime | None, bool]] = [
    ("waiting", PAST, None, True),
    ("waiting", NOW, None, True),
    ("waiting", FUTURE, None, False),
    ("waiting", PAST, FUTURE, False),
    ("waiting", PAST, PAST, True),
    ("filed", PAST, None, False),
    ("held", PAST, None, False),
    ("sent", PAST, None, False),
    ("failed", PAST, None, False),
]


@pytest.mark.parametrize(("state", "due", "lease_until", "seen"), ROWS)
def test_the_inbox(engine: Engine, state: str, due: datetime, lease_until: datetime | None, seen: bool) -> None:
    row: dict[str, Any] = {"id": "SM1", "report_id": "r", "channel": "sms", "received_at": due, "ready_at": due}
    change(engine, insert(messages).values(**row, state=state, attempts=0, lease_until=lease_until))
    with engine.connect() as connection:
        found = waiting.inbox(connection, NOW)
    assert (found.count, found.oldest) == ((1, due) if seen else (0, None))


@pytest.mark.parametrize(("state", "due", "lease_until", "seen"), ROWS)
def test_the_outbox(
    engine: Engine, vault: Vault, state: str, due: datetime, lease_until: datetime | None, seen: bool
) -> None:
    row: dict[str, Any] = {"id": "d", "purpose": "urgent", "subject": "r", "channel": "sms", "round": 1, "attempts": 0}
    row |= {"liaison_id": add_liaison(engine, vault), "created_at": PAST, "due_at": due}
    change(engine, insert(deliveries).values(**row, state=state, lease_until=lease_until))
    with engine.connect() as connection:
        found = waiting.outbox(connection, NOW)
    assert (found.count, found.oldest) == ((1, due) if seen else (0, None))


@pytest.mark.parametrize(("state", "due", "lease_until", "seen"), ROWS[:5])
def test_what_is_to_be_erased(
    engine: Engine, state: str, due: datetime, lease_until: datetime | None, seen: bool
) -> None:
    change(engine, insert(erasures).values(carrier_id="SM1", due_at=due, attempts=0, lease_until=lease_until))
    with engine.connect() as connection:
        assert waiting.to_erase(connection, NOW).count == int(seen)


@pytest.mark.parametrize(
    ("routed", "somebody", "seen"), [(False, True, True), (False, False, False), (True, True, False)]
)
def test_cases_nobody_was_told_of(engine: Engine, vault: Vault, routed: bool, somebody: bool, seen: bool) -> None:
    row: dict[str, Any] = {"id": "r", "code": "K7M2P", "channel": "sms", "opened_at": PAST, "status": "filed"}
    change(engine, insert(reports).values(**row, filed_at=PAST, routed_at=NOW if routed else None))
    if somebody:
        add_liaison(engine, vault)
    with engine.connect() as connection:
        assert waiting.unrouted(connection) == (PAST if seen else None)
