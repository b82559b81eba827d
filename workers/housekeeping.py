"""Housekeeping: cases that reached no liaison are offered again, and what has had its time is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Column, ColumnElement, Connection, Delete, Update, case, delete, or_, select, update

from hotline.logs import log
from hotline.store import bridges, recordings, ring_backs, waiting
from hotline.store.duty_tables import case_events, escalations, questions
from hotline.store.engine import reading, utcnow
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
# So many of a sort in one hour; the rest in the next.
_AT_MOST = 20_000
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
    with reading(office.engine) as connection:
        if waiting.unrouted(connection) is None:
            return 0
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
    """Erases what the profile's retention no longer allows to be kept.

    What is to go is looked for without the lock on writing, and goes a handful at a time: whoever has something urgent
    to write waits for no more than that.
    """
    kept, lately = office.profile.retention, now - _CONVERSATIONS_KEPT
    # A case reopened in this moment keeps its address: what is looked for is asked again where it is changed.
    unreachable = reports.c.return_address.is_not(None) & or_(
        reports.c.status == "closed", reports.c.opened_at < now - timedelta(days=kept.return_address_days)
    )
    _let_go(office, reports.c.id, unreachable, lambda these: update(reports).where(these).values(return_address=None))
    # Words that may begin an identifier are kept for who sends the rest soon.
    loose = reports.c.loose_end.is_not(None) & (reports.c.opened_at < lately)
    _let_go(office, reports.c.id, loose, lambda these: update(reports).where(these).values(loose_end=None))
    _forget_evidence(office, now - timedelta(days=kept.evidence_days))
    _forget_reports(office, now - timedelta(days=kept.report_days))
    filed = (messages.c.state == "filed") & (messages.c.received_at < now - _MESSAGE_IDS_KEPT)
    _let_go(office, messages.c.id, filed, lambda these: delete(messages).where(these))
    known = select(messages.c.id).where(messages.c.id == quarantine_looks.c.message_id)
    _let_go(office, quarantine_looks.c.id, ~known.exists(), lambda these: delete(quarantine_looks).where(these))
    with office.engine.begin() as connection:
        bridges.forget(connection, now)
        ring_backs.forget(connection, now)
        recordings.forget(connection, now, office.profile.menu.recording_days)
        _forget_conversations(connection, now, timedelta(days=kept.return_address_days))
        connection.execute(delete(guesses).where(guesses.c.since < now - _CONVERSATIONS_KEPT))


def _let_go(
    office: Office,
    key: Column[str],
    where: ColumnElement[bool],
    change: Callable[[ColumnElement[bool]], Update | Delete],
) -> None:
    """Changes every row of `where`, found first, a batch a transaction."""
    with reading(office.engine) as connection:
        found = list(connection.scalars(select(key).where(where).limit(_AT_MOST)))
    for begin in range(0, len(found), BATCH):
        with office.engine.begin() as connection:
            connection.execute(change(key.in_(found[begin : begin + BATCH]) & where))


def _forget_conversations(connection: Connection, now: datetime, wishes_kept: timedelta) -> None:
    """Conversations that nobody goes on with; those whose phone chose a language or silence are remembered longer, and
    a phone that a question was sent to as long as it can be reached: the answer must find its case."""
    wished = or_(conversations.c.language.is_not(None), conversations.c.hushed.is_(True))
    kept = case((wished, now - wishes_kept), else_=now - _CONVERSATIONS_KEPT)
    asked = (reports.c.id == conversations.c.asked_about) & reports.c.return_address.is_not(None)
    forgotten = ~select(reports.c.id).where(asked).exists()
    connection.execute(delete(conversations).where(conversations.c.last_at < kept, forgotten))


def _forget_evidence(office: Office, before: datetime) -> None:
    """The evidence of reports older than `before`."""
    with reading(office.engine) as connection:
        old = select(reports.c.id).where(reports.c.opened_at < before)
        has = select(evidence.c.report_id).where(evidence.c.report_id == reports.c.id).exists()
        ids = list(connection.scalars(old.where(has).limit(_AT_MOST)))
    for begin in range(0, len(ids), BATCH):
        with office.engine.begin() as connection:
            connection.execute(delete(evidence).where(evidence.c.report_id.in_(ids[begin : begin + BATCH])))


def _forget_reports(office: Office, before: datetime) -> None:
    """Reports older than `before`, whole; those with a message still held stay until somebody has looked at it."""
    with reading(office.engine) as connection:
        unfiled = set(connection.scalars(select(messages.c.report_id).where(messages.c.state == "held")))
        unfiled |= set(connection.scalars(select(messages.c.report_id).where(messages.c.state == "waiting")))
        old = select(reports.c.id).where(reports.c.opened_at < before).order_by(reports.c.opened_at).limit(_AT_MOST)
        ids = [id_ for id_ in connection.scalars(old) if id_ not in unfiled][:BATCH]
        hashes = list(connection.scalars(select(claves.c.hash).where(claves.c.report_id.in_(ids)))) if ids else []
    if not ids:
        return
    with office.engine.begin() as connection:
        for table, column in (
            (digest_entries, digest_entries.c.report_id),
            (case_events, case_events.c.report_id),
            (questions, questions.c.report_id),
            (escalations, escalations.c.report_id),
            (deliveries, deliveries.c.subject),
            (evidence, evidence.c.report_id),
        ):
            connection.execute(delete(table).where(column.in_(ids)))
        connection.execute(delete(claves).where(claves.c.hash.in_(hashes), claves.c.report_id.in_(ids)))
        connection.execute(delete(reports).where(reports.c.id.in_(ids)))
    log("housekeeping").info("reports forgotten", reports=len(ids))
