"""Housekeeping: cases that reached no liaison are offered again, and what has had its time is forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, case, delete, or_, select, update

from hotline.logs import log
from hotline.store import bridges, recordings, ring_backs
from hotline.store.duty_tables import case_events, escalations, questions
from hotline.store.engine import utcnow
from hotline.store.public_tables import guesses
from hotline.store.schema import (
    claves,
    conversations,
    deliveries,
    digest_entries,
    evidence,
    messages,
    quarantine_looks,
    reports,
)
from workers import casebook, quarantine
from workers.dispatch import dispatch, on_duty
from workers.office import Office

BATCH = 200
# As long as the carrier could still name a message again: its logs go back this far.
_MESSAGE_IDS_KEPT = timedelta(days=120)
_CONVERSATIONS_KEPT = timedelta(days=1)


def housekeep(office: Office) -> None:
    """Runs every errand of the house once. Repeating it changes nothing."""
    route_left_over(office)
    expire_held(office, utcnow())
    forget(office, utcnow())


def route_left_over(office: Office) -> int:
    """Dispatches cases that were filed when there was no liaison to tell; how many."""
    now = utcnow()
    with office.engine.begin() as connection:
        duty = on_duty(connection, office.profile, now)
        if not duty.people:
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


def expire_held(office: Office, now: datetime) -> int:
    """Destroys held originals that nobody has let out in the profile's time; how many. Those told of them are told."""
    before = now - timedelta(days=office.profile.retention.quarantine_days)
    with office.engine.begin() as connection:
        expired = quarantine.expire(connection, office.vault, before, now)
    if expired:
        log("housekeeping").warning("held texts destroyed unread", messages=expired)
        office.bell.ring("drain_inbox")
    return expired


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
        # Words that may begin an identifier are kept for who sends the rest soon.
        lately = now - _CONVERSATIONS_KEPT
        connection.execute(
            update(reports).where(reports.c.loose_end.is_not(None), reports.c.opened_at < lately).values(loose_end=None)
        )
        old_evidence = select(reports.c.id).where(reports.c.opened_at < now - timedelta(days=kept.evidence_days))
        connection.execute(delete(evidence).where(evidence.c.report_id.in_(old_evidence)))
        _forget_reports(connection, now - timedelta(days=kept.report_days))
        connection.execute(
            delete(messages).where(messages.c.state == "filed", messages.c.received_at < now - _MESSAGE_IDS_KEPT)
        )
        kept_ids = select(messages.c.id)
        connection.execute(delete(quarantine_looks).where(quarantine_looks.c.message_id.not_in(kept_ids)))
        bridges.forget(connection, now)
        ring_backs.forget(connection, now)
        recordings.forget(connection, now, office.profile.menu.recording_days)
        _forget_conversations(connection, now, timedelta(days=kept.return_address_days))
        connection.execute(delete(guesses).where(guesses.c.since < now - _CONVERSATIONS_KEPT))


def _forget_conversations(connection: Connection, now: datetime, wishes_kept: timedelta) -> None:
    """Conversations that nobody goes on with; those whose phone chose a language or silence are remembered longer, and
    a phone that a question was sent to as long as it can be reached: the answer must find its case."""
    wished = or_(conversations.c.language.is_not(None), conversations.c.hushed.is_(True))
    kept = case((wished, now - wishes_kept), else_=now - _CONVERSATIONS_KEPT)
    reachable = select(reports.c.id).where(reports.c.return_address.is_not(None))
    forgotten = conversations.c.asked_about.is_(None) | conversations.c.asked_about.not_in(reachable)
    connection.execute(delete(conversations).where(conversations.c.last_at < kept, forgotten))


def _forget_reports(connection: Connection, before: datetime) -> None:
    """Reports older than `before`, whole; those with a message still held stay until somebody has looked at it."""
    held = select(messages.c.report_id).where(messages.c.state != "filed")
    old = select(reports.c.id).where(reports.c.opened_at < before, reports.c.id.not_in(held)).limit(BATCH)
    ids = list(connection.scalars(old))
    if not ids:
        return
    for table, column in (
        (digest_entries, digest_entries.c.report_id),
        (case_events, case_events.c.report_id),
        (questions, questions.c.report_id),
        (escalations, escalations.c.report_id),
        (deliveries, deliveries.c.subject),
        (evidence, evidence.c.report_id),
        (claves, claves.c.report_id),
        (reports, reports.c.id),
    ):
        connection.execute(delete(table).where(column.in_(ids)))
    log("housekeeping").info("reports forgotten", reports=len(ids))
