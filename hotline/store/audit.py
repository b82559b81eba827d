"""The audit log: who did what to which case or person. Only ever added to; each entry is chained to the one before.

The chain is keyed (see `Vault.link`): whoever only has the database can neither change an entry nor take one out of the
middle without `verify` telling. Entries cut off the end show when the newest chain value was noted elsewhere; the
database itself refuses to change or delete entries (`GUARDS`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from hotline.store.console_tables import audit
from hotline.store.engine import is_postgres
from hotline.vault import Vault

OPERATOR = "operator"
HOTLINE = "hotline"  # what nobody did but the clock
_LOCK = "SELECT pg_advisory_xact_lock(7305508617104)"

# What makes each database refuse; put in place by the migration run, safe to repeat.
GUARDS: dict[str, tuple[str, ...]] = {
    "sqlite": (
        "CREATE TRIGGER IF NOT EXISTS audit_no_update BEFORE UPDATE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
        "CREATE TRIGGER IF NOT EXISTS audit_no_delete BEFORE DELETE ON audit "
        "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$",
        "CREATE OR REPLACE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
    ),
}


class AuditError(Exception):
    """The log is not what was written. One line: at which entry."""


@dataclass(frozen=True, slots=True)
class Verified:
    """A log that is whole: how many entries, and the newest chain value."""

    entries: int
    newest: str


def append(  # noqa: PLR0917 - one sentence: when, who, what, to what
    connection: Connection,
    vault: Vault,
    now: datetime,
    actor: str,
    act: str,
    subject: str,
    note: bytes | None = None,
) -> None:
    """Adds an entry in the caller's transaction. `actor` is a liaison's id, `OPERATOR` or `HOTLINE`; a `note` must come
    sealed."""
    if is_postgres(connection):
        connection.exec_driver_sql(_LOCK)
    last = connection.execute(select(audit.c.seq, audit.c.chain).order_by(audit.c.seq.desc()).limit(1)).one_or_none()
    seq, at = (last.seq + 1 if last else 1), now.replace(microsecond=0)
    chain = vault.link(last.chain if last else "", _entry(seq, at, (actor, act, subject), note))
    connection.execute(
        audit.insert().values(seq=seq, at=at, actor=actor, act=act, subject=subject, note=note, chain=chain)
    )


def often(connection: Connection, actor: str, act: str, most: int, since: datetime) -> bool:
    """Whether `actor` has done this so often since then."""
    query = select(audit.c.at).where(audit.c.actor == actor, audit.c.act == act).order_by(audit.c.seq.desc())
    oldest = connection.scalar(query.offset(most - 1).limit(1))
    return oldest is not None and oldest > since


def verify(connection: Connection, vault: Vault) -> Verified:
    """Walks the whole log. Raises `AuditError` at the first entry that is missing, changed or out of place."""
    chain, count = "", 0
    rows = connection.execution_options(yield_per=2000).execute(select(audit).order_by(audit.c.seq))
    for count, row in enumerate(rows, start=1):
        if row.seq != count:
            raise AuditError(f"audit: entry {count} is missing; what stands there was number {row.seq}")
        chain = vault.link(chain, _entry(row.seq, row.at, (row.actor, row.act, row.subject), row.note))
        if chain != row.chain:
            raise AuditError(f"audit: entry {row.seq} was changed, or one before it was")
    return Verified(count, chain)


def holds(connection: Connection, chain: str) -> bool:
    """Whether an entry with this chain value is in the log."""
    return connection.scalar(select(audit.c.seq).where(audit.c.chain == chain)) is not None


def entries(
    connection: Connection, *, actor: str | None = None, before: int | None = None, limit: int = 100
) -> list[Row[Any]]:
    """The newest entries, newest first; `actor`'s only, and only those numbered below `before`, where given."""
    query = select(
        audit.c.seq, audit.c.at, audit.c.actor, audit.c.act, audit.c.subject, audit.c.note.is_not(None).label("noted")
    )
    if actor is not None:
        query = query.where(audit.c.actor == actor)
    if before is not None:
        query = query.where(audit.c.seq < before)
    return list(connection.execute(query.order_by(audit.c.seq.desc()).limit(limit)))


def _entry(seq: int, at: datetime, what: tuple[str, str, str], note: bytes | None) -> bytes:
    noted = hashlib.blake2b(bytes(note), digest_size=16).hexdigest() if note is not None else "-"
    return "|".join((str(seq), at.isoformat(), *what, noted)).encode()
