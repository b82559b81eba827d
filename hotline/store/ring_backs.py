"""Who rang and hung up, to be called back: at most once a phone in a while, and so many a day."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Connection, case, delete, func, select

from hotline.profile.menu import RingBack
from hotline.store.call_tables import ring_backs
from hotline.store.engine import insert
from hotline.store.waiting import Waiting, free

# The line must be free again before it can ring.
_LINE_FREE = timedelta(seconds=2)
# Who rang this long ago is not waiting beside the phone any more.
STALE = timedelta(minutes=15)
_DAY = timedelta(days=1)


def ask(connection: Connection, sender: str, sealed_phone: bytes, rule: RingBack, now: datetime) -> bool:
    """Notes that `sender` (a pseudonym) is to be called back. False when the day's calls are used up.

    Who was called back within `rule.every_minutes` is noted already: nothing changes."""
    lately = ring_backs.c.times_since > now - _DAY
    used = connection.scalar(select(func.coalesce(func.sum(ring_backs.c.times), 0)).where(lately)) or 0
    if used >= rule.a_day:
        return False
    row = {
        "sender": sender,
        "phone": sealed_phone,
        "asked_at": now,
        "due_at": now + _LINE_FREE,
        "state": "waiting",
        "times": 1,
        "times_since": now,
        "attempts": 0,
    }
    statement = insert(connection, ring_backs)
    renewed = {name: statement.excluded[name] for name in ("phone", "asked_at", "due_at", "state", "attempts")}
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=["sender"],
            set_={
                **renewed,
                "times": case((lately, ring_backs.c.times + 1), else_=1),
                "times_since": case((lately, ring_backs.c.times_since), else_=now),
            },
            where=ring_backs.c.asked_at <= now - timedelta(minutes=rule.every_minutes),
        ),
        row,
    )
    return True


def due(connection: Connection, now: datetime) -> Waiting:
    """Those whom nobody has called back yet."""
    query = select(func.count(), func.min(ring_backs.c.due_at)).where(
        ring_backs.c.state == "waiting", ring_backs.c.due_at <= now, free(ring_backs, now)
    )
    count, oldest = connection.execute(query).one()
    return Waiting(count, oldest)


def forget(connection: Connection, now: datetime) -> None:
    """Phones that have not rung for a day."""
    connection.execute(delete(ring_backs).where(ring_backs.c.asked_at < now - _DAY, ring_backs.c.state != "waiting"))
