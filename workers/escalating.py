"""Escalating: wakes the next in line for urgent cases that nobody has taken, until somebody has.

Each step is one transaction that moves the case's clock on and notes who is to be told: whoever dies in between, the
same step is not taken twice. The clock of the house finds what is due, with Redis or without.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from hotline.logs import log
from hotline.profile.steps import EVERYONE, OPERATOR, next_wave, within
from hotline.store import duty, errands, events
from hotline.store.duty_tables import case_events, escalations
from hotline.store.engine import utcnow
from hotline.store.schema import ENDED, deliveries, reports
from hotline.store.waiting import WAITING
from workers.dispatch import TELLING, Duty, on_duty
from workers.office import Office
from workers.routing import Matter, next_to_wake

BATCH = 100
_TRIED_FOR = timedelta(days=3)
_LATER = timedelta(minutes=15)


def escalate(office: Office, now: datetime | None = None) -> int:
    """Wakes the next in line of every case whose time is up; how many cases."""
    now = now or utcnow()
    moved = 0
    with office.engine.begin() as connection:
        due = escalations.c.state.in_(WAITING) & (escalations.c.next_at <= now)
        rows = connection.execute(select(escalations).where(due).order_by(escalations.c.next_at).limit(BATCH)).all()
        if rows:
            on = on_duty(connection, office.profile, now)
            moved = sum(_move_on(office, connection, row, on, now) for row in rows)
    if moved:
        log("escalating").warning("urgent cases not taken, others are told", cases=moved)
        office.bell.ring("deliver")
    return moved


def _move_on(office: Office, connection: Connection, row: Row[Any], on: Duty, now: datetime) -> bool:
    """One case, one step on. False when somebody took it or moved it meanwhile."""
    report = connection.execute(select(reports).where(reports.c.id == row.report_id)).one_or_none()
    if report is None or report.status in ENDED or (report.acknowledged_by and not report.passed_to):
        _set(connection, row, state="heard")
        return False
    if row.state == "exhausted":
        return _again(office, connection, row, report, now)
    told = _told(connection, row)
    matter = Matter(report.kind, report.area, report.state, report.against)
    known = {*told.woken, *told.asked, report.acknowledged_by} - {None}
    step, people = next_to_wake(matter, on.people, known, row.step)
    rules = office.profile.duty.escalation[row.urgency]
    if within(step) == OPERATOR:
        if not _set(connection, row, state="exhausted", step=step, next_at=now + rules.again):
            return False
        _call_operator(office, connection, row, now)
        return True
    if not _set(connection, row, step=step, next_at=now + rules.wait):
        return False
    texts = []
    if report.passed_to in told.asked - told.woken:
        # Asked to take it over, they have not: they are reminded with the others, and who passed it knows.
        people = list(dict.fromkeys([report.passed_to, *people]))
        if report.acknowledged_by:
            texts.append(errands.delivery("unheard", row.report_id, report.acknowledged_by, "sms", now, step=step))
    parts = told.parts
    texts += [errands.delivery("urgent", row.report_id, one, "sms", now, round=parts, step=step) for one in people]
    if rules.call:
        texts += [errands.delivery("urgent", row.report_id, one, "call", now, step=step) for one in people]
    errands.add(connection, texts)
    what: events.What = "escalated" if within(step) == EVERYONE else "told"
    connection.execute(
        case_events.insert(),
        [events.row(row.report_id, what, now, to_liaison=one, detail=str(step)) for one in people],
    )
    return True


def _again(office: Office, connection: Connection, row: Row[Any], report: Row[Any], now: datetime) -> bool:
    """Nobody took it and the operator knows: some time later all are woken again, for a few days."""
    rules = office.profile.duty
    if report.opened_at < now - _TRIED_FOR:
        _set(connection, row, state="over")
        return False
    if rules.is_night(duty.local(office.profile, now)) and not rules.escalation[row.urgency].call:
        _set(connection, row, next_at=now + _LATER)
        return False
    return _set(connection, row, state="open", step=next_wave(row.step), started_at=now, next_at=now)


def _set(connection: Connection, row: Row[Any], **values: Any) -> bool:
    """Moves the clock on from where it was read; whether it still stood there."""
    mine = (
        (escalations.c.report_id == row.report_id)
        & (escalations.c.state == row.state)
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


@dataclass(frozen=True, slots=True)
class _Told:
    """Whom the running wave has woken, whom it has asked to take the case over, up to which part they were told."""

    woken: frozenset[str]
    asked: frozenset[str]
    parts: int


def _told(connection: Connection, clock: Row[Any]) -> _Told:
    query = select(deliveries).where(
        deliveries.c.subject == clock.report_id, deliveries.c.purpose.in_(TELLING), deliveries.c.channel == "sms"
    )
    rows = connection.execute(query).all()
    lately = [row for row in rows if row.created_at >= clock.started_at]
    asked = frozenset(row.liaison_id for row in lately if row.purpose == "passed")
    woken = frozenset(row.liaison_id for row in lately if row.purpose != "passed")
    return _Told(woken, asked, max((1, *(row.round for row in rows))))
