"""Reports that nobody has filed yet: their claves open nothing in the tables, and are good all the same."""

from __future__ import annotations

from sqlalchemy import Connection, select

from hotline.store.door import ClaveHash
from hotline.store.schema import messages, reports

# A clave's number of possible collisions is never larger in practice.
_ATTEMPTS = (0, 1, 2)
_MOST = 20_000


def is_unfiled(connection: Connection, clave_hash: str, hash_of: ClaveHash) -> bool:
    """Whether this clave, by its hash, is that of a report still sealed in the inbox.

    `hash_of(report_id, attempt)` is the hash of a report's possible clave. Looks through what waits: nothing in a
    usual hour, a night's worth when no worker runs.
    """
    waiting = (
        select(messages.c.report_id, messages.c.promised)
        .where(messages.c.state == "waiting", messages.c.report_id.not_in(select(reports.c.id)))
        .limit(_MOST)
    )
    given = {report_id for row in connection.execute(waiting) for report_id in row if report_id is not None}
    return any(hash_of(report_id, attempt) == clave_hash for report_id in given for attempt in _ATTEMPTS)
