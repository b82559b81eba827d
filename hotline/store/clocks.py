"""The clock of an urgent case: until somebody takes it, the next in line is woken each time it strikes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select, update

from hotline.profile.steps import first_of, next_wave
from hotline.store.duty_tables import escalations
from hotline.store.engine import insert
from hotline.store.schema import deliveries, liaisons

_ALIVE = ("waiting", "sent", "delivered")


def heard(connection: Connection, report_id: str) -> None:
    """Nobody further is to be woken for this case."""
    open_ = (escalations.c.report_id == report_id) & (escalations.c.state == "open")
    connection.execute(update(escalations).where(open_).values(state="heard"))


def hasten(connection: Connection, report_id: str, now: datetime) -> None:
    """The next in line is woken now instead of when the clock says."""
    later = (escalations.c.report_id == report_id) & (escalations.c.state == "open") & (escalations.c.next_at > now)
    connection.execute(update(escalations).where(later).values(next_at=now))


def hasten_without(connection: Connection, report_id: str, liaison_id: str, now: datetime) -> None:
    """This liaison cannot be reached or will not come: the next is woken now, unless somebody else was told at the
    same step who serves and was reached, or may be yet."""
    step = select(escalations.c.step).where(escalations.c.report_id == report_id).scalar_subquery()
    others = (
        select(deliveries.c.id)
        .join(liaisons, liaisons.c.id == deliveries.c.liaison_id)
        .where(
            deliveries.c.subject == report_id,
            deliveries.c.purpose == "urgent",
            deliveries.c.channel == "sms",
            deliveries.c.step == step,
            deliveries.c.state.in_(_ALIVE),
            deliveries.c.liaison_id != liaison_id,
            liaisons.c.active.is_(True),
            liaisons.c.away_since.is_(None),
        )
    )
    if connection.execute(others.limit(1)).first() is None:
        hasten(connection, report_id, now)


def runs(connection: Connection, report_id: str) -> bool:
    """Whether somebody else will be woken if nobody takes the case."""
    open_ = (escalations.c.report_id == report_id) & (escalations.c.state == "open")
    return connection.execute(select(escalations.c.step).where(open_)).first() is not None


def start_again(connection: Connection, report_id: str, urgency: str, now: datetime, next_at: datetime) -> None:
    """Begins a new wave, whose first step the caller has taken; the next is due at `next_at`."""
    step = connection.scalar(select(escalations.c.step).where(escalations.c.report_id == report_id))
    begun = {
        "urgency": urgency,
        "step": 0 if step is None else next_wave(step),
        "state": "open",
        "started_at": now,
        "next_at": next_at,
    }
    connection.execute(
        insert(connection, escalations).on_conflict_do_update(index_elements=["report_id"], set_=begun),
        {"report_id": report_id, **begun},
    )


def give_time(connection: Connection, report_id: str, next_at: datetime) -> None:
    """Somebody else was asked meanwhile: a running clock gives them their time too."""
    open_ = (escalations.c.report_id == report_id) & (escalations.c.state == "open")
    connection.execute(update(escalations).where(open_).values(next_at=next_at))


def woke(connection: Connection, report_id: str, liaison_id: str) -> bool:
    """Whether the running wave has woken this liaison."""
    clock = select(escalations).where(escalations.c.report_id == report_id, escalations.c.state != "heard")
    running = connection.execute(clock).one_or_none()
    if running is None:
        return False
    query = select(deliveries.c.id).where(
        deliveries.c.subject == report_id,
        deliveries.c.liaison_id == liaison_id,
        deliveries.c.purpose == "urgent",
        deliveries.c.channel == "sms",
        deliveries.c.step >= first_of(running.step),
    )
    return connection.execute(query.limit(1)).first() is not None
