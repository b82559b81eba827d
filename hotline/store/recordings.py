"""Stories told to a recorder: noted by the web, fetched and written down by a worker or an interpreter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select

from hotline.store.call_tables import recordings
from hotline.store.engine import insert
from hotline.store.waiting import Waiting, free

# The carrier needs a moment until a recording can be fetched.
_READY = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class ListedRecording:
    """A recording as the operator's list shows it: nothing of who told it."""

    id: str
    language: str
    state: str
    created_at: datetime


def note(connection: Connection, recording: str, *, call_id: str, report_id: str, language: str, now: datetime) -> None:
    """Notes that the carrier holds a recording of a call. Twice is once."""
    row = {
        "id": recording,
        "call_id": call_id,
        "report_id": report_id,
        "language": language,
        "state": "waiting",
        "created_at": now,
        "due_at": now + _READY,
        "attempts": 0,
    }
    connection.execute(insert(connection, recordings).on_conflict_do_nothing(), row)


def due(connection: Connection, now: datetime) -> Waiting:
    """Recordings still at the carrier."""
    query = select(func.count(), func.min(recordings.c.due_at)).where(
        recordings.c.state == "waiting", recordings.c.due_at <= now, free(recordings, now)
    )
    count, oldest = connection.execute(query).one()
    return Waiting(count, oldest)


def listed(connection: Connection) -> list[ListedRecording]:
    """Those that nobody has written down yet, oldest first."""
    query = select(recordings.c.id, recordings.c.language, recordings.c.state, recordings.c.created_at)
    rows = connection.execute(query.where(recordings.c.state != "written").order_by(recordings.c.created_at))
    return [ListedRecording(*row) for row in rows]


def forget(connection: Connection, now: datetime, days: int) -> None:
    """What has had its time, heard or not; what is written down holds no audio any more."""
    old = recordings.c.created_at < now - timedelta(days=days)
    connection.execute(delete(recordings).where(old))
