"""Erasing what somebody reported, and their phone, at their wish: at once, and everywhere we have it.

What stays is that there was a case: its code and when it came in, so that the liaison who was told of it sees why
there is nothing more to see, whom the hotline told of it, and the audit log, which holds no word of a report.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, case, delete, func, or_, select, update

from hotline.store.call_tables import bridges, recordings, ring_backs
from hotline.store.console_tables import requests
from hotline.store.duty_tables import case_events, escalations, patterns, questions
from hotline.store.public_tables import guesses, opinions, subscriptions, volunteers
from hotline.store.receipts import erase_copy
from hotline.store.schema import (
    ERASED,
    claves,
    conversations,
    deliveries,
    digest_entries,
    evidence,
    messages,
    reports,
)

# Fewer cases than this share nothing.
_PATTERN = 2


def erase_report(connection: Connection, report_id: str, now: datetime) -> None:
    """Erases a report whole, filed or still sealed, what waits to be told of it, and the carrier's copies of it.
    Whoever is filing it at this moment finds its lease gone. Repeating it changes nothing."""
    for message_id in connection.scalars(select(messages.c.id).where(messages.c.report_id == report_id)).all():
        erase_copy(connection, str(message_id).partition(":")[0], now)
    connection.execute(
        update(messages)
        .where(messages.c.report_id == report_id)
        .values(state="filed", sealed=None, lease=None, lease_until=None)
    )
    _take_back(connection, report_id, now)
    _silence_duty(connection, report_id)
    _forget_evidence(connection, report_id)
    # What was opened for a console a moment ago and not fetched yet; whoever wanted another case's asks again.
    connection.execute(delete(requests).where(requests.c.errand.in_(("look", "evidence"))))
    for recording_id in connection.scalars(select(recordings.c.id).where(recordings.c.report_id == report_id)).all():
        erase_copy(connection, recording_id, now)
    connection.execute(delete(recordings).where(recordings.c.report_id == report_id))
    not_told = digest_entries.c.digest_id.is_(None)
    connection.execute(delete(digest_entries).where(digest_entries.c.report_id == report_id, not_told))
    connection.execute(delete(claves).where(claves.c.report_id == report_id))
    of_it = or_(conversations.c.report_id == report_id, conversations.c.asked_about == report_id)
    connection.execute(delete(conversations).where(of_it))
    connection.execute(
        update(reports)
        .where(reports.c.id == report_id)
        .values(
            status=ERASED,
            kind=None,
            area=None,
            state=None,
            urgency=None,
            text=None,
            masks=None,
            loose_end=None,
            return_address=None,
            passed_to=None,
            closed_at=None,
            outcome=None,
            # Whom it complained of is forgotten; that it complained of a body still keeps that body from seeing it.
            against=case((reports.c.against.is_not(None), "?")),
            # Nobody is to be told of it any more.
            routed_at=func.coalesce(reports.c.routed_at, now),
        )
    )


def _take_back(connection: Connection, report_id: str, now: datetime) -> None:
    """What waits to be told of the report is not; what was told is deleted at the carrier; questions are forgotten."""
    about = or_(
        deliveries.c.subject == report_id,
        deliveries.c.subject.in_(select(questions.c.id).where(questions.c.report_id == report_id)),
    )
    for carrier_id in connection.scalars(select(deliveries.c.carrier_id).where(about, deliveries.c.carrier_id != "")):
        erase_copy(connection, carrier_id, now)
    connection.execute(delete(deliveries).where(about, deliveries.c.state.in_(("waiting", "failed"))))
    connection.execute(delete(questions).where(questions.c.report_id == report_id))


def _silence_duty(connection: Connection, report_id: str) -> None:
    """Nobody is woken or called for it any more; of its timeline stays who was told and who did what, without words."""
    connection.execute(delete(escalations).where(escalations.c.report_id == report_id))
    connection.execute(delete(bridges).where(bridges.c.report_id == report_id))
    of_it = case_events.c.report_id == report_id
    connection.execute(delete(case_events).where(of_it, case_events.c.what == "pattern"))
    connection.execute(update(case_events).where(of_it).values(words=None, detail=None))


def _forget_evidence(connection: Connection, report_id: str) -> None:
    """Its evidence, and what it made of other cases' evidence: a pattern of one case is none."""
    mine = evidence.c.report_id == report_id
    prints = list(connection.scalars(select(evidence.c.fingerprint).where(mine)))
    connection.execute(delete(evidence).where(mine))
    left = (
        select(func.count())
        .select_from(evidence)
        .where(evidence.c.fingerprint == patterns.c.fingerprint)
        .scalar_subquery()
    )
    connection.execute(update(patterns).where(patterns.c.fingerprint.in_(prints)).values(cases=left))
    alone = list(
        connection.scalars(
            select(patterns.c.fingerprint).where(patterns.c.fingerprint.in_(prints), patterns.c.cases < _PATTERN)
        )
    )
    connection.execute(delete(patterns).where(patterns.c.fingerprint.in_(alone)))
    untold = (deliveries.c.purpose == "pattern") & (deliveries.c.state == "waiting")
    connection.execute(delete(deliveries).where(untold, deliveries.c.subject.in_(alone)))


def erase_phone(connection: Connection, sender: str) -> None:
    """Forgets a phone (a pseudonym): alerts, joining in, opinions, language, running conversation."""
    for table in (subscriptions, volunteers, opinions, guesses, ring_backs, conversations):
        connection.execute(delete(table).where(table.c.sender == sender))
