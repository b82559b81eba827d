"""What happened to a case, in order: its timeline."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, Row, select

from hotline.store.duty_tables import case_events

What = Literal[
    "told", "escalated", "operator", "acknowledged", "declined", "passed", "asked", "sent_question", "unsent_question",
    "answered", "call", "closed", "pattern", "evidence", "freed", "reopened",
]  # fmt: skip


def note(
    connection: Connection,
    report_id: str,
    what: What,
    now: datetime,
    *,
    liaison_id: str | None = None,
    to_liaison: str | None = None,
    detail: str | None = None,
    words: bytes | None = None,
) -> None:
    """Adds an event in the caller's transaction. `liaison_id` did it (None: the hotline); `words` come sealed."""
    values = row(report_id, what, now, liaison_id=liaison_id, to_liaison=to_liaison, detail=detail, words=words)
    connection.execute(case_events.insert().values(**values))


def row(
    report_id: str,
    what: What,
    now: datetime,
    *,
    liaison_id: str | None = None,
    to_liaison: str | None = None,
    detail: str | None = None,
    words: bytes | None = None,
) -> dict[str, object]:
    """An event as its table wants it, for writing many at once."""
    return {
        "report_id": report_id,
        "at": now,
        "what": what,
        "liaison_id": liaison_id,
        "to_liaison": to_liaison,
        "detail": detail,
        "words": words,
    }


def of(connection: Connection, report_id: str) -> list[Row[tuple[object, ...]]]:
    """The case's events, oldest first."""
    query = select(case_events).where(case_events.c.report_id == report_id)
    return list(connection.execute(query.order_by(case_events.c.at, case_events.c.id)))
