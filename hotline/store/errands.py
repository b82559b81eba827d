"""Notes what is to be told to whom. One row a (purpose, subject, liaison, channel, round, step): twice adds nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from hotline.store.engine import insert, new_id
from hotline.store.schema import deliveries


def delivery(
    purpose: str,
    subject: str,
    liaison_id: str | None,
    channel: str,
    now: datetime,
    *,
    round: int = 0,
    step: int = 0,
    id: str | None = None,
    carrier_id: str | None = None,
    due: datetime | None = None,
) -> dict[str, Any]:
    """A delivery that waits to be made, as its table wants it; `due` at once unless it says when."""
    return {
        "id": id or new_id(),
        "purpose": purpose,
        "subject": subject,
        "liaison_id": liaison_id,
        "channel": channel,
        "round": round,
        "step": step,
        "state": "waiting",
        "created_at": now,
        "due_at": due or now,
        "attempts": 0,
        "carrier_id": carrier_id,
    }


def times(connection: Connection, purpose: str, subject: str, channel: str = "sms") -> int:
    """How often this was asked for before: the step of the next time."""
    query = select(func.count()).where(
        deliveries.c.purpose == purpose, deliveries.c.subject == subject, deliveries.c.channel == channel
    )
    return connection.scalar(query) or 0


def add(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Writes them down; those that are there already are left as they are."""
    if rows:
        connection.execute(insert(connection, deliveries).on_conflict_do_nothing(), rows)
