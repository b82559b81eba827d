"""Erasing what somebody reported, and their phone, at their wish: at once, and everywhere we have it.

What stays is that there was a case: its code and when it came in, so that the liaison who was told of it sees why
there is nothing more to see.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, func, or_, select, update

from hotline.store.call_tables import recordings, ring_backs
from hotline.store.public_tables import guesses, opinions, subscriptions, volunteers
from hotline.store.receipts import erase_copy
from hotline.store.schema import claves, conversations, deliveries, digest_entries, evidence, messages, reports

ERASED = "erased"


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
    untold = (deliveries.c.subject == report_id) & deliveries.c.state.in_(("waiting", "failed"))
    connection.execute(delete(deliveries).where(untold))
    for carrier_id in connection.scalars(
        select(deliveries.c.carrier_id).where(deliveries.c.subject == report_id, deliveries.c.carrier_id.is_not(None))
    ).all():
        erase_copy(connection, carrier_id, now)
    for recording_id in connection.scalars(select(recordings.c.id).where(recordings.c.report_id == report_id)).all():
        erase_copy(connection, recording_id, now)
    connection.execute(delete(recordings).where(recordings.c.report_id == report_id))
    not_told = digest_entries.c.digest_id.is_(None)
    connection.execute(delete(digest_entries).where(digest_entries.c.report_id == report_id, not_told))
    connection.execute(delete(evidence).where(evidence.c.report_id == report_id))
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
            text=None,
            return_address=None,
            # Nobody is to be told of it any more.
            routed_at=func.coalesce(reports.c.routed_at, now),
        )
    )


def erase_phone(connection: Connection, sender: str) -> None:
    """Forgets a phone (a pseudonym): alerts, joining in, opinions, language, running conversation."""
    for table in (subscriptions, volunteers, opinions, guesses, ring_backs, conversations):
        connection.execute(delete(table).where(table.c.sender == sender))
