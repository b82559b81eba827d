"""What waits to be done: the questions the clock, readiness and metrics ask. All by index, all cheap."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from hotline.store.duty_tables import escalations
from hotline.store.schema import deliveries, erasures, evidence, liaisons, messages, reports

# How long the carrier keeps what it has just handed over (its error 20009), and what stands as the lease of a copy that
# it refused to delete for that.
YOUNG = timedelta(minutes=1)
EARLY = "early"
# The states of a clock that strikes.
WAITING = ("open", "exhausted")


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


def erasable(connection: Connection, now: datetime) -> ColumnElement[bool]:
    """A condition over `erasures`: what the carrier may be asked to delete. While it refuses some as too young, others
    that were never asked for wait for their minute: asking for each of them five times is no use to anybody."""
    due = erasures.c.due_at <= now
    refused = select(erasures.c.carrier_id).where(erasures.c.lease == EARLY).limit(1)
    if connection.execute(refused).first() is None:
        return due
    return due & or_(erasures.c.attempts > 0, erasures.c.due_at <= now - YOUNG)


def to_erase(connection: Connection, now: datetime) -> Waiting:
    """Copies at the carrier due for deletion."""
    due = erasable(connection, now)
    query = select(func.count(), func.min(erasures.c.due_at)).where(due, free(erasures, now))
    count, oldest = connection.execute(query).one()
    return Waiting(count, oldest)


def to_escalate(connection: Connection, now: datetime) -> Waiting:
    """Urgent cases that nobody has taken in time."""
    due = escalations.c.state.in_(WAITING) & (escalations.c.next_at <= now)
    count, oldest = connection.execute(select(func.count(), func.min(escalations.c.next_at)).where(due)).one()
    return Waiting(count, oldest)


def to_link(connection: Connection, _: datetime) -> Waiting:
    """Evidence that was not compared with other cases' yet, of reports that were filed."""
    query = (
        select(func.count(), func.min(reports.c.filed_at))
        .join(reports, reports.c.id == evidence.c.report_id)
        .where(evidence.c.linked_at.is_(None))
    )
    count, oldest = connection.execute(query).one()
    return Waiting(count, oldest)


def unrouted(connection: Connection) -> datetime | None:
    """When the oldest case was filed that no liaison has been told of, if there is one and somebody to tell."""
    somebody = select(liaisons.c.id).where(liaisons.c.active.is_(True)).exists()
    query = select(func.min(reports.c.filed_at)).where(
        reports.c.routed_at.is_(None), reports.c.filed_at.is_not(None), somebody
    )
    oldest: datetime | None = connection.scalar(query)
    return oldest
