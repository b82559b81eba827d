"""What becomes of cases whose liaison goes: no report is ever without an owner."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Row, delete, select, update

from hotline.store import clocks, events
from hotline.store.duty_tables import questions
from hotline.store.schema import ENDED, deliveries, digest_entries, liaisons, messages, reports

_URGENT = ("P1", "P2")
_LATELY = 50


def set_free(connection: Connection, liaison_id: str, now: datetime) -> None:
    """A liaison serves no more: their open cases are told to others, urgent ones at once; what waits to be told to
    them is not."""
    owned = (reports.c.acknowledged_by == liaison_id) & reports.c.status.not_in(ENDED)
    theirs = connection.execute(select(reports).where(owned)).all()
    asked = connection.execute(select(reports).where(reports.c.passed_to == liaison_id)).all()
    waiting = (deliveries.c.liaison_id == liaison_id) & (deliveries.c.state == "waiting")
    connection.execute(update(deliveries).where(waiting).values(state="failed"))
    connection.execute(update(reports).where(reports.c.passed_to == liaison_id).values(passed_to=None))
    for report in asked:
        if report.acknowledged_by not in (None, liaison_id):
            clocks.heard(connection, report.id)
    for report in theirs:
        _set_free(connection, report, liaison_id, now)
    leave(connection, liaison_id, now)


def leave(connection: Connection, liaison_id: str, now: datetime) -> None:
    """A liaison is out of service: the urgent cases they were told of and nobody took go to the next in line now, and
    what waits for their digest to whoever else it concerns."""
    told = (
        select(deliveries.c.subject)
        .where(deliveries.c.liaison_id == liaison_id, deliveries.c.purpose.in_(("urgent", "passed")))
        .order_by(deliveries.c.created_at.desc())
        .limit(_LATELY)
    )
    ids = set(connection.scalars(told))
    untaken = reports.c.acknowledged_by.is_(None) | reports.c.passed_to.is_not(None)
    for report_id in connection.scalars(select(reports.c.id).where(reports.c.id.in_(ids), untaken)).all():
        clocks.hasten_without(connection, report_id, liaison_id, now)
    waits = (digest_entries.c.liaison_id == liaison_id) & digest_entries.c.digest_id.is_(None)
    left = list(connection.scalars(select(digest_entries.c.report_id).where(waits)))
    connection.execute(delete(digest_entries).where(waits))
    others = select(digest_entries.c.report_id).where(
        digest_entries.c.report_id == reports.c.id,
        digest_entries.c.liaison_id.in_(select(liaisons.c.id).where(liaisons.c.active.is_(True))),
    )
    nobodys = reports.c.id.in_(left) & reports.c.acknowledged_by.is_(None) & ~others.exists()
    connection.execute(update(reports).where(nobodys, reports.c.status.not_in(ENDED)).values(routed_at=None))


def _set_free(connection: Connection, report: Row[tuple[object, ...]], liaison_id: str, now: datetime) -> None:
    held = select(messages.c.id).where(messages.c.report_id == report.id, messages.c.state == "held").limit(1)
    status = "filed" if connection.execute(held).first() is None else "held"
    values = {"acknowledged_by": None, "acknowledged_at": None, "passed_to": None, "status": status}
    connection.execute(update(reports).where(reports.c.id == report.id).values(**values, routed_at=None))
    # Whoever asked hears the answer no more; whoever takes the case does.
    asked = (questions.c.report_id == report.id) & (questions.c.liaison_id == liaison_id)
    connection.execute(update(questions).where(asked, questions.c.state == "waiting").values(state="failed"))
    if report.urgency in _URGENT:
        clocks.start_again(connection, report.id, report.urgency, now, now)
        connection.execute(update(reports).where(reports.c.id == report.id).values(routed_at=now))
    events.note(connection, report.id, "freed", now, liaison_id=liaison_id)
