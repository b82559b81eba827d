"""Questions asked of the cases by both sides: acknowledging, listing, counting."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, case, func, literal, or_, select, update

from hotline.store.engine import insert
from hotline.store.schema import deliveries, digest_entries, liaisons, messages, reports

Acknowledged = Literal["yours", "taken", "not_yours", "no_liaison"]


def acknowledge(connection: Connection, sender: str, code: str, now: datetime) -> Acknowledged:
    """A liaison (by the phone's pseudonym) takes the case with this code. Saying it twice changes nothing.

    "no_liaison": the phone is no active liaison's. "not_yours": no such case was ever told to this liaison.
    """
    liaison_id = connection.scalar(
        select(liaisons.c.id).where(liaisons.c.sender == sender, liaisons.c.active.is_(True))
    )
    if liaison_id is None:
        return "no_liaison"
    told = or_(
        select(deliveries.c.id)
        .where(deliveries.c.subject == reports.c.id, deliveries.c.liaison_id == liaison_id)
        .exists(),
        select(digest_entries.c.report_id)
        .where(digest_entries.c.report_id == reports.c.id, digest_entries.c.liaison_id == liaison_id)
        .exists(),
    )
    found = connection.execute(
        select(reports.c.id, reports.c.acknowledged_by).where(reports.c.code == code, told)
    ).one_or_none()
    if found is None:
        return "not_yours"
    if found.acknowledged_by is None:
        connection.execute(
            update(reports)
            .where(reports.c.id == found.id, reports.c.acknowledged_by.is_(None))
            .values(
                acknowledged_by=liaison_id,
                acknowledged_at=now,
                status=case((reports.c.status == "closed", "closed"), else_="acknowledged"),
            )
        )
        owner = connection.scalar(select(reports.c.acknowledged_by).where(reports.c.id == found.id))
    else:
        owner = found.acknowledged_by
    return "yours" if owner == liaison_id else "taken"


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
