"""Erasing the carrier's copies: of what callers wrote, of what we answered, of their calls."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, delete, update

from hotline.carrier.client import CarrierError
from hotline.logs import log
from hotline.store import waiting
from hotline.store.engine import utcnow
from hotline.store.schema import erasures
from workers.leases import claim
from workers.office import Office

# All that is claimed is begun at once: the lease covers one request at its timeout.
AT_ONCE = 16
_LONGEST_REST_SECONDS = 0.5
LEASE = timedelta(seconds=25)
# The carrier deletes from about a minute after completion; before that it says "too early" (20009).
_FIRST_WAIT = timedelta(seconds=5)
_LONGEST_WAIT = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Fate:
    """What became of one copy: gone, or kept, because it is too young or for another reason."""

    gone: bool
    early: bool = False


def erase(office: Office, give_way: Callable[[], bool] = lambda: False) -> int:
    """Deletes every copy that is due, or as many until `give_way`; how many are gone. What the carrier will not delete
    yet is asked for again."""
    gone = 0
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="erase") as pool:
        while True:
            now, began = utcnow(), time.process_time()
            with office.engine.begin() as connection:
                _, rows = claim(
                    connection,
                    erasures,
                    key="carrier_id",
                    where=waiting.erasable(connection, now),
                    order=[erasures.c.due_at],
                    limit=AT_ONCE,
                    lease=LEASE,
                    now=now,
                )
            if not rows:
                return gone
            gone += _note(office, list(zip(rows, pool.map(lambda row: _one(office, row), rows), strict=True)))
            # It rests as long as it computed: on a busy night the machine is for whoever is to be woken.
            time.sleep(min(time.process_time() - began, _LONGEST_REST_SECONDS))
            if give_way():
                office.bell.ring("erase")
                return gone


def _one(office: Office, row: Row[Any]) -> _Fate:
    try:
        gone = office.carrier.erase(row.carrier_id)
        return _Fate(gone, early=not gone)
    except CarrierError as error:
        log("erasure").warning("not erased yet", status=error.status, code=error.code, attempts=row.attempts)
        return _Fate(gone=False)


def _note(office: Office, done: Sequence[tuple[Row[Any], _Fate]]) -> int:
    """Writes down what is gone, all at once: each transaction keeps waiting who has something urgent to write."""
    now = utcnow()
    gone = [row.carrier_id for row, fate in done if fate.gone]
    with office.engine.begin() as connection:
        connection.execute(delete(erasures).where(erasures.c.carrier_id.in_(gone)))
        for row, fate in done:
            if not fate.gone:
                wait = min(_FIRST_WAIT * 2 ** min(row.attempts - 1, 12), _LONGEST_WAIT)
                connection.execute(
                    update(erasures)
                    .where(erasures.c.carrier_id == row.carrier_id)
                    .values(due_at=now + wait, lease=waiting.EARLY if fate.early else None, lease_until=None)
                )
    return len(gone)
