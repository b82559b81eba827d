"""What waits to be done: the questions the clock, readiness and metrics ask. All by index, all cheap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from hotline.store.schema import deliveries, erasures, liaisons, messages, reports


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many rows are due and in nobody's hands, and since when (UTC) the oldest has been."""

    count: int
    oldest: datetime | None


def free(table: object, now: datetime) -> ColumnElement[bool]:
    """Nobody holds the row, or whoever did has let the lease run out."""
    columns = table.c  # type: ignore[attr-defined]
    return or_(columns.lease_until.is_(None), columns.lease_until < now)


def inbox(connection: Connection, now: datetime) -> Waiting:
    """Messages committed and not yet filed."""
    query = select(func.count(), func.min(messages.c.ready_at)).where(
        messages.c.state == "waiting", messages.c.ready_at <= now, free(messages, now)
    )
    count, oldest = connection.execute(query).one()
    return Waiting(count, oldest)


def outbox(connection: Connection, now: datetime) -> Waiting:
    """Deliveries due and not yet handed to the carrier or the mail server."""
    query = select(func.count(), func.min(deliveries.c.due_at)).where(
        deliveries.c.state == "waiting", deliveries.c.due_at <= now, free(deliveries, now)
    )
    count, oldest = connection.execute(query).one()
    return Waiting(count, oldest)


def to_erase(connection: Connection, now: datetime) -> Waiting:
    """Copies at the carrier due for deletion."""
    query = select(func.count(), func.min(erasures.c.due_at)).where(erasures.c.due_at <= now, free(erasures, now))
    count, oldest = connection.execute(query).one()
    return Waiting(count, oldest)


def unheard_reports() -> Select[str, datetime]:
    """Reports and since when: told at once to somebody, and every such message failed, and somebody is left to tell."""
    other = deliveries.alias()
    urgent = deliveries.c.purpose == "urgent"
    told = select(other.c.liaison_id).where(other.c.subject == deliveries.c.subject, other.c.purpose == "urgent")
    reached = told.where(other.c.state != "failed").exists()
    left = select(liaisons.c.id).where(liaisons.c.active.is_(True), liaisons.c.id.not_in(told)).exists()
    return (
        select(deliveries.c.subject, func.min(deliveries.c.created_at))
        .join(reports, reports.c.id == deliveries.c.subject)
        .where(urgent, deliveries.c.state == "failed", ~reached, left, reports.c.acknowledged_by.is_(None))
        .group_by(deliveries.c.subject)
    )


def unheard(connection: Connection) -> datetime | None:
    """Since when an urgent case has reached nobody although somebody is left to tell."""
    return min((since for _, since in connection.execute(unheard_reports())), default=None)


def unrouted(connection: Connection) -> datetime | None:
    """When the oldest case was filed that no liaison has been told of, if there is one and somebody to tell."""
    somebody = select(liaisons.c.id).where(liaisons.c.active.is_(True)).exists()
    query = select(func.min(reports.c.filed_at)).where(
        reports.c.routed_at.is_(None), reports.c.filed_at.is_not(None), somebody
    )
    oldest: datetime | None = connection.scalar(query)
    return oldest
