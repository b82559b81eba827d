"""Questions asked of the cases by both sides: listing, counting, which commands were carried out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, literal, select

from hotline.store.engine import insert
from hotline.store.schema import messages, reports


def note_command(connection: Connection, message_id: str, now: datetime) -> datetime | None:
    """Remembers that a command message was carried out. The time it first was, or None when this is the first."""
    earlier: datetime | None = connection.scalar(select(messages.c.received_at).where(messages.c.id == message_id))
    if earlier is None:
        row = {
            "id": message_id,
            "report_id": "command",
            "channel": "sms",
            "received_at": now,
            "ready_at": now,
            "state": "filed",
            "attempts": 0,
        }
        connection.execute(insert(connection, messages).on_conflict_do_nothing(), row)
    return earlier


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One case as the operator's list shows it: nothing that was said."""

    code: str | None
    kind: str | None
    urgency: str | None
    area: str | None
    state: str | None
    channel: str
    status: str
    opened: datetime


def list_cases(connection: Connection, limit: int) -> list[CaseLine]:
    """The newest `limit` cases, newest first; above them those whose first message is not filed yet."""
    filed = select(reports.c.id)
    waiting = (
        select(literal(None), literal(None), literal(None), literal(None), literal(None), func.min(messages.c.channel))
        .add_columns(literal("received"), func.min(messages.c.received_at))
        .where(messages.c.state == "waiting", messages.c.report_id.not_in(filed))
        .group_by(messages.c.report_id)
        .order_by(func.min(messages.c.received_at).desc())
        .limit(limit)
    )
    unfiled = [CaseLine(*row) for row in connection.execute(waiting)]
    query = select(
        reports.c.code,
        reports.c.kind,
        reports.c.urgency,
        reports.c.area,
        reports.c.state,
        reports.c.channel,
        reports.c.status,
        reports.c.opened_at,
    )
    rows = connection.execute(query.order_by(reports.c.opened_at.desc(), reports.c.id).limit(limit))
    return [*unfiled, *(CaseLine(*row) for row in rows)][:limit]


def counts_by_status(connection: Connection) -> dict[str, int]:
    rows = connection.execute(select(reports.c.status, func.count()).group_by(reports.c.status))
    return {row[0]: row[1] for row in rows}
