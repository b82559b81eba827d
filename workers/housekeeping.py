"""Housekeeping: cases that reached no liaison are offered again, and what has had its time is forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, case, delete, or_, select, update

from hotline.logs import log
from hotline.store import bridges, recordings, ring_backs
from hotline.store.engine import utcnow
from hotline.store.public_tables import guesses
from hotline.store.schema import claves, conversations, deliveries, digest_entries, evidence, messages, reports
from hotline.store.waiting import unheard_reports
from workers import casebook
from workers.dispatch import dispatch, on_duty
from workers.office import Office

BATCH = 200
# As long as the carrier could still name a message again: its logs go back this far.
_MESSAGE_IDS_KEPT = timedelta(days=120)
_CONVERSATIONS_KEPT = timedelta(days=1)


def housekeep(office: Office) -> None:
    """Runs every errand of the house once. Repeating it changes nothing."""
    route_left_over(office)
    tell_others(office)
    forget(office, utcnow())


def route_left_over(office: Office) -> int:
    """Dispatches cases that were filed when there was no liaison to tell; how many."""
    now = utcnow()
    with office.engine.begin() as connection:
        duty = on_duty(connection)
        if not duty:
            return 0
        ids = list(
            connection.scalars(
                select(reports.c.id)
                .where(reports.c.routed_at.is_(None), reports.c.filed_at.is_not(None))
                .order_by(reports.c.filed_at)
                .limit(BATCH)
            )
        )
        cases = list(casebook.read(connection, office.vault, ids).values())
        leaving = dispatch(connection, cases, duty, now)
    if cases:
        log("housekeeping").info("left-over cases dispatched", cases=len(cases))
    if leaving:
        office.bell.ring("deliver")
    return len(cases)


def tell_others(office: Office) -> int:
    """Tells the next in line of urgent cases whose every message failed; how many cases."""
    now = utcnow()
    with office.engine.begin() as connection:
        ids = [report_id for report_id, _ in connection.execute(unheard_reports().limit(BATCH))]
        cases = list(casebook.read(connection, office.vault, ids).values())
        leaving = dispatch(connection, cases, on_duty(connection), now, unheard=True)
    if leaving:
        log("housekeeping").warning("urgent cases told to others", cases=len(cases))
        office.bell.ring("deliver")
    return len(cases)


def forget(office: Office, now: datetime) -> None:
    """Erases what the profile's retention no longer allows to be kept."""
    kept = office.profile.retention
    with office.engine.begin() as connection:
        connection.execute(
            update(reports)
            .where(
                reports.c.return_address.is_not(None),
                or_(
                    reports.c.status == "closed",
                    reports.c.opened_at < now - timedelta(days=kept.return_address_days),
                ),
            )
            .values(return_address=None)
        )
        old_evidence = select(reports.c.id).where(reports.c.opened_at < now - timedelta(days=kept.evidence_days))
        connection.execute(delete(evidence).where(evidence.c.report_id.in_(old_evidence)))
        _forget_reports(connection, now - timedelta(days=kept.report_days))
        connection.execute(
            delete(messages).where(messages.c.state == "filed", messages.c.received_at < now - _MESSAGE_IDS_KEPT)
        )
        bridges.forget(connection, now)
        ring_backs.forget(connection, now)
        recordings.forget(connection, now, office.profile.menu.recording_days)
        _forget_conversations(connection, now, timedelta(days=kept.return_address_days))
        connection.execute(delete(guesses).where(guesses.c.since < now - _CONVERSATIONS_KEPT))


def _forget_conversations(connection: Connection, now: datetime, wishes_kept: timedelta) -> None:
    """Conversations that nobody goes on with; those whose phone chose a language or silence are remembered longer."""
    wished = or_(conversations.c.language.is_not(None), conversations.c.hushed.is_(True))
    kept = case((wished, now - wishes_kept), else_=now - _CONVERSATIONS_KEPT)
    connection.execute(delete(conversations).where(conversations.c.last_at < kept))


def _forget_reports(connection: Connection, before: datetime) -> None:
    """Reports older than `before`, whole; those with a message still held stay until somebody has looked at it."""
    held = select(messages.c.report_id).where(messages.c.state != "filed")
    old = select(reports.c.id).where(reports.c.opened_at < before, reports.c.id.not_in(held)).limit(BATCH)
    ids = list(connection.scalars(old))
    if not ids:
        return
    for table, column in (
        (digest_entries, digest_entries.c.report_id),
        (deliveries, deliveries.c.subject),
        (evidence, evidence.c.report_id),
        (claves, claves.c.report_id),
        (reports, reports.c.id),
    ):
        connection.execute(delete(table).where(column.in_(ids)))
    log("housekeeping").info("reports forgotten", reports=len(ids))
