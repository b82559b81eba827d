"""Callers who wait for a person. The web notes that one waits; the worker, who can open the liaisons' numbers, calls.

States: `waiting` for somebody to be called, `dialling` while one phone rings, `talking`, `nobody` when all were tried,
`ended`. Only who is still waiting is ever dialled for: an answer that never came is not repeated in mid-talk.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, delete, func, select, update

from hotline.store.call_tables import bridges
from hotline.store.engine import new_id
from hotline.store.waiting import Waiting, free

State = Literal["waiting", "dialling", "talking", "nobody", "ended"]
# Nobody waits on the line for longer.
STALE = timedelta(minutes=5)
_KEPT = timedelta(days=1)


def ask(connection: Connection, call_id: str, report_id: str, position: str, now: datetime) -> str:
    """Notes that the caller of `call_id` waits for a person; the opaque id of that."""
    bridge = new_id()
    row = {
        "id": bridge,
        "call_id": call_id,
        "report_id": report_id,
        "position": position,
        "state": "waiting",
        "tried": [],
        "asked_at": now,
        "due_at": now,
        "attempts": 0,
    }
    connection.execute(bridges.insert().values(**row))
    return bridge


def state_of(connection: Connection, bridge: str) -> tuple[State, str | None] | None:
    """The state and the kind of report; None for one that is not there."""
    row = connection.execute(select(bridges.c.state, bridges.c.kind).where(bridges.c.id == bridge)).one_or_none()
    return (row.state, row.kind) if row else None


def becomes(
    connection: Connection, bridge: str, state: State, now: datetime, *, unless: tuple[State, ...] = ()
) -> None:
    """Sets the state. A caller who waits again is dialled for at once."""
    connection.execute(
        update(bridges)
        .where(bridges.c.id == bridge, bridges.c.state.not_in(unless))
        .values(state=state, due_at=now, lease=None, lease_until=None)
    )


def due(connection: Connection, now: datetime) -> Waiting:
    """Callers for whom nobody is being called."""
    query = select(func.count(), func.min(bridges.c.due_at)).where(
        bridges.c.state == "waiting", bridges.c.due_at <= now, bridges.c.asked_at > now - STALE, free(bridges, now)
    )
    count, oldest = connection.execute(query).one()
    return Waiting(count, oldest)


def forget(connection: Connection, now: datetime) -> None:
    connection.execute(delete(bridges).where(bridges.c.asked_at < now - _KEPT))
