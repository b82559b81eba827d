"""Erasing the carrier's copies: of what callers wrote, of what we answered, of their calls."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, delete, update

from hotline.carrier.client import CarrierError
from hotline.logs import log
from hotline.store.engine import utcnow
from hotline.store.schema import erasures
from workers.leases import claim
from workers.office import Office

# All that is claimed is begun at once: the lease covers one request at its timeout.
AT_ONCE = 16
LEASE = timedelta(seconds=25)
# The carrier deletes from about a minute after completion; before that it says "too early" (20009).
_FIRST_WAIT = timedelta(seconds=5)
_LONGEST_WAIT = timedelta(hours=1)


def erase(office: Office) -> int:
    """Deletes every copy that is due; how many are gone. What the carrier will not delete yet is asked for again."""
    gone = 0
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="erase") as pool:
        while True:
            now = utcnow()
            with office.engine.begin() as connection:
                _, rows = claim(
                    connection,
                    erasures,
                    key="carrier_id",
                    where=erasures.c.due_at <= now,
                    order=[erasures.c.due_at],
                    limit=AT_ONCE,
                    lease=LEASE,
                    now=now,
                )
            if not rows:
                return gone
            gone += sum(pool.map(lambda row: _one(office, row), rows))


def _one(office: Office, row: Row[Any]) -> bool:
    try:
        done = office.carrier.erase(row.carrier_id)
    except CarrierError as error:
        log("erasure").warning("not erased yet", status=error.status, code=error.code, attempts=row.attempts)
        done = False
    with office.engine.begin() as connection:
        mine = erasures.c.carrier_id == row.carrier_id
        if done:
            connection.execute(delete(erasures).where(mine))
        else:
            wait = min(_FIRST_WAIT * 2 ** min(row.attempts - 1, 12), _LONGEST_WAIT)
            connection.execute(
                update(erasures).where(mine).values(due_at=utcnow() + wait, lease=None, lease_until=None)
            )
    return done
