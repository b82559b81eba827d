"""What people bring or ask besides reports: joining in, opinions, patrols, numbers, figures, the language they read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, func, select, update

from hotline.store.engine import insert
from hotline.store.public_tables import known_numbers, opinions, patrol_requests, volunteers
from hotline.store.schema import ERASED, conversations, evidence, reports

# Before any text could go on with it.
_LONG_AGO = timedelta(days=2)


def volunteer(connection: Connection, sender: str, sealed_phone: bytes, place: str, now: datetime) -> None:
    """Notes that a phone's owner wants to join in. Saying it again with another place moves them there."""
    row = {"sender": sender, "place": place, "phone": sealed_phone, "created_at": now}
    statement = insert(connection, volunteers)
    connection.execute(
        statement.on_conflict_do_update(index_elements=["sender"], set_={"place": statement.excluded.place}), row
    )


def opinion(connection: Connection, id: str, sender: str, *, place: str, sealed: bytes, now: datetime) -> None:
    """Keeps an opinion, sealed. `id` is the message's: it is kept once."""
    row = {"id": id, "sender": sender, "place": place, "words": sealed, "created_at": now}
    connection.execute(insert(connection, opinions).on_conflict_do_nothing(), row)


def wish_for_patrol(connection: Connection, place: str, now: datetime) -> None:
    """Counts a wish for a patrol."""
    statement = insert(connection, patrol_requests)
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["place", "day"], set_={"count": patrol_requests.c["count"] + 1}
        ),
        {"place": place, "day": now.date(), "count": 1},
    )


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a number: its standing in the register, and in how many reports it was named."""

    standing: Literal["good", "bad"] | None
    reports: int


def known_number(connection: Connection, fingerprint: str) -> Known:
    """What is known of the number with this print."""
    standing = connection.scalar(select(known_numbers.c.standing).where(known_numbers.c.fingerprint == fingerprint))
    named = select(func.count(func.distinct(evidence.c.report_id))).where(evidence.c.fingerprint == fingerprint)
    return Known(standing, connection.scalar(named) or 0)


def reports_since(connection: Connection, since: datetime, area: str | None, state: str | None) -> int:
    """How many reports came in from `since` on, of an area, else a state, else everywhere."""
    query = select(func.count()).where(reports.c.opened_at >= since, reports.c.status != ERASED)
    if area is not None:
        query = query.where(reports.c.area == area)
    elif state is not None:
        query = query.where(reports.c.state == state)
    return connection.scalar(query) or 0


def language_of(connection: Connection, sender: str) -> str | None:
    """The language that a phone's owner chose."""
    chosen: str | None = connection.scalar(select(conversations.c.language).where(conversations.c.sender == sender))
    return chosen


def choose_language(connection: Connection, sender: str, language: str, now: datetime) -> None:
    """Remembers which language a phone's owner reads; a running report runs on."""
    changed = connection.execute(
        update(conversations).where(conversations.c.sender == sender).values(language=language)
    )
    if not changed.rowcount:
        row = {
            "sender": sender,
            "report_id": "none",
            "last_at": now - _LONG_AGO,
            "by_call": False,
            "had_place": False,
            "has_place": False,
            "answers": 0,
            "answers_since": now - _LONG_AGO,
            "is_part": False,
            "is_long": False,
            "after_long": False,
            "hushed": False,
            "language": language,
        }
        connection.execute(insert(connection, conversations).on_conflict_do_nothing(), row)


def latest_report(connection: Connection, sender: str, now: datetime, within: timedelta) -> str | None:
    """The report that a phone sent last, if it did so lately."""
    found: str | None = connection.scalar(
        select(conversations.c.report_id).where(
            conversations.c.sender == sender, conversations.c.last_at >= now - within
        )
    )
    return found
