"""How a report stands, by the clave of whoever sent it; and who has been guessing claves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast

from sqlalchemy import Connection, case, func, select

from hotline.store.engine import insert
from hotline.store.public_tables import guesses
from hotline.store.schema import ERASED, claves, reports

Standing = Literal["received", "filed", "held", "acknowledged", "closed"]

# So many claves that are nobody's, and the phone is not told more until the hour is over.
MOST_WRONG = 5
_LOCKED = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Status:
    """How one report stands: nothing of what it says."""

    report_id: str
    status: Standing
    opened_at: datetime


def status_of(connection: Connection, clave_hash: str) -> Status | None:
    """The report that this clave opens, by its hash; None when it is nobody's. An erased report is nobody's."""
    row = connection.execute(
        select(reports.c.id, reports.c.status, reports.c.opened_at)
        .join(claves, claves.c.report_id == reports.c.id)
        .where(claves.c.hash == clave_hash, reports.c.status != ERASED)
    ).one_or_none()
    return Status(row.id, cast(Standing, row.status), row.opened_at) if row else None


def locked(connection: Connection, sender: str, now: datetime) -> bool:
    """Whether this phone (a pseudonym) has tried too many claves that are nobody's."""
    query = select(guesses.c.wrong).where(guesses.c.sender == sender, guesses.c.since > now - _LOCKED)
    return (connection.scalar(query) or 0) >= MOST_WRONG


def note_wrong(connection: Connection, sender: str, now: datetime) -> None:
    """Counts a clave that is nobody's."""
    statement = insert(connection, guesses)
    lately = guesses.c.since > now - _LOCKED
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["sender"],
            set_={
                "wrong": case((lately, guesses.c.wrong + 1), else_=1),
                "since": case((lately, guesses.c.since), else_=now),
            },
        ),
        {"sender": sender, "wrong": 1, "since": now},
    )


def wrong_guesses(connection: Connection) -> int:
    """Claves tried in the last hour or so that were nobody's, of all phones: for the metrics."""
    return connection.scalar(select(func.coalesce(func.sum(guesses.c.wrong), 0))) or 0
