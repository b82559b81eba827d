"""Escalating: wakes the next in line for urgent cases that nobody has taken, until somebody has.

Each step is one transaction that moves the case's clock on and notes who is to be told: whoever dies in between, the
same step is not taken twice. The clock of the house finds what is due, with Redis or without.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from hotline.logs import log
from hotline.store import errands, events
from hotline.store.duty_tables import case_events, escalations
from hotline.store.engine import utcnow
from hotline.store.schema import ENDED, deliveries, reports
from workers.dispatch import TELLING, Duty, on_duty
from workers.office import Office
from workers.routing import EVERYONE, OPERATOR, Matter, next_to_wake

BATCH = 100


def escalate(office: Office, now: datetime | None = None) -> int:
    """Wakes the next in line of every case whose time is up; how many cases."""
    now = now or utcnow()
    moved = 0
    with office.engine.begin() as connection:
        due = (escalations.c.state == "open") & (escalations.c.next_at <= now)
        rows = connection.execute(select(escalations).where(due).order_by(escalations.c.next_at).limit(BATCH)).all()
        if rows:
            duty = on_duty(connection, office.profile, now)
            moved = sum(_move_on(office, connection, row, duty, now) for row in rows)
    if moved:
        log("escalating").warning("urgent cases not taken, others are told", cases=moved)
        office.bell.ring("deliver")
    return moved


def _move_on(office: Office, connection: Connection, row: Row[Any], duty: Duty, now: datetime) -> bool:
    """One case, one step on. False when somebody took it or moved it meanwhile."""
    report = connection.execute(select(reports).where(reports.c.id == row.report_id)).one_or_none()
    if report is None or report.acknowledged_by is not None or report.status in ENDED:
        _set(connection, row, state="heard")
        return False
    told = _told(connection, row.report_id)
    matter = Matter(report.kind, report.area, report.state, report.against)
    step, people = next_to_wake(matter, duty.people, set(told), row.step)
    rules = office.profile.duty.escalation[row.urgency]
    if step == OPERATOR:
        if not _set(connection, row, state="exhausted", step=step):
            return False
        _call_operator(office, connection, row, now)
        return True
    if not _set(connection, row, step=step, next_at=now + rules.wait):
        return False
    parts = max(told.values(), default=1)
    texts = [errands.delivery("urgent", row.report_id, one, "sms", now, round=parts, step=step) for one in people]
    if rules.call:
        texts += [errands.delivery("urgent", row.report_id, one, "call", now, step=step) for one in people]
    errands.add(connection, texts)
    what: events.What = "escalated" if step == EVERYONE else "told"
    connection.execute(
        case_events.insert(),
        [events.row(row.report_id, what, now, to_liaison=one, detail=str(step)) for one in people],
    )
    return True


def _set(connection: Connection, row: Row[Any], **values: Any) -> bool:
    """Moves the clock on from where it was read; whether it still stood there."""
    mine = (
        (escalations.c.report_id == row.report_id)
        & (escalations.c.state == "open")
        & (escalations.c.step == row.step)
        & (escalations.c.next_at == row.next_at)
    )
    return connection.execute(update(escalations).where(mine).values(**values)).rowcount > 0


def _call_operator(office: Office, connection: Connection, row: Row[Any], now: datetime) -> None:
    """The dead man's handle: nobody answers, so whoever runs the hotline gets a mail. One a case and clock."""
    log("escalating").critical("nobody takes an urgent case, the operator is told", report=row.report_id)
    key = office.vault.fingerprint("watch", f"{row.report_id}:{row.started_at.isoformat()}")
    errands.add(connection, [errands.delivery("watch", row.report_id, None, "mail", now, id=key)])
    events.note(connection, row.report_id, "operator", now)


def _told(connection: Connection, report_id: str) -> dict[str, int]:
    """liaison → up to which part of the case they were told."""
    query = select(deliveries.c.liaison_id, deliveries.c.round).where(
        deliveries.c.subject == report_id, deliveries.c.purpose.in_(TELLING), deliveries.c.channel == "sms"
    )
    told: dict[str, int] = {}
    for liaison_id, round_ in connection.execute(query):
        told[liaison_id] = max(told.get(liaison_id, 0), round_)
    return told
