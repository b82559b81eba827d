"""Claiming rows: what one process works on, no other does, until it is done or its lease runs out.

A claim is committed before the work begins. A worker that dies keeps its rows only until the lease ends; one that was
merely slow finds its lease gone and must not write.
SKIP LOCKED: https://www.postgresql.org/docs/current/sql-select.html
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, Table, select, update

from hotline.store.engine import is_postgres, new_id
from hotline.store.waiting import free


def claim(
    connection: Connection,
    table: Table,
    *,
    key: str,
    where: ColumnElement[bool],
    order: Sequence[ColumnElement[Any]],
    limit: int,
    lease: timedelta,
    now: datetime,
    **also: Any,
) -> tuple[str, list[Row[Any]]]:
    """Takes up to `limit` free rows of `table` that meet `where`, counting the attempt; the lease's name and the rows.

    `also` are further columns to set with the claim. Two callers never get the same row.
    """
    name = new_id()
    chosen = select(table.c[key]).where(where, free(table, now)).order_by(*order).limit(limit)
    return name, take(connection, table, key=key, chosen=chosen, name=name, lease=lease, now=now, **also)


def take(
    connection: Connection,
    table: Table,
    *,
    key: str,
    chosen: Select[Any],
    name: str,
    lease: timedelta,
    now: datetime,
    **also: Any,
) -> list[Row[Any]]:
    """Puts the `chosen` keys of `table` under the lease `name`; the rows. What another is taking at this moment is
    left to it: nobody waits, so that no two can wait for each other."""
    if is_postgres(connection):
        # PostgreSQL may ask a plain subquery again for every row; one with a name of its own that locks is asked once.
        chosen = select(chosen.with_for_update(skip_locked=True).cte("chosen").c[key])
    rows = connection.execute(
        update(table)
        .where(table.c[key].in_(chosen))
        .values(lease=name, lease_until=now + lease, attempts=table.c.attempts + 1, **also)
        .returning(*table.c)
    )
    return list(rows)


def still_held(connection: Connection, table: Table, *, key: str, ids: Sequence[str], lease: str) -> set[str]:
    """Which of `ids` this lease still holds; locked until the transaction ends, so that nobody can take them over."""
    query = select(table.c[key]).where(table.c[key].in_(ids), table.c.lease == lease).order_by(table.c[key])
    if is_postgres(connection):
        query = query.with_for_update()
    return set(connection.scalars(query))
