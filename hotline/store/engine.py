"""Connecting to the database, the same way everywhere: short patience, no values in errors, one clock.

A database that does not answer is a case the hotline lives with (see `hotline.spool`), so every wait here is bounded.
"""

from __future__ import annotations

import os
import secrets
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

Unavailable = SQLAlchemyError

CONNECT_SECONDS = 3
STATEMENT_SECONDS = 4


def utcnow() -> datetime:
    """Now, UTC, without zone: what the tables hold."""
    return datetime.now(UTC).replace(tzinfo=None)


def new_id() -> str:
    """A random opaque id: 32 hexadecimal digits."""
    return secrets.token_hex(16)


def connect(url: str) -> Engine:
    """An engine for `url`. Nothing is contacted before the first use; errors never quote values."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed.database or "")
    return create_engine(
        parsed,
        hide_parameters=True,
        pool_size=4,
        max_overflow=28,
        pool_timeout=CONNECT_SECONDS,
        pool_recycle=600,
        connect_args={
            "connect_timeout": CONNECT_SECONDS,
            "options": f"-c statement_timeout={STATEMENT_SECONDS}s -c timezone=UTC",
            "keepalives_idle": 10,
            "tcp_user_timeout": STATEMENT_SECONDS * 1000,
        },
    )


_READS = "hotline_reads"
# An fsync a commit; freed pages overwritten; a checkpoint every 32 MB instead of every 4, for it holds up a caller.
_PRAGMAS = (
    "synchronous=FULL",
    "foreign_keys=ON",
    "secure_delete=ON",
    "cache_size=-16000",
    "wal_autocheckpoint=16000",
)


def _sqlite(database: str) -> Engine:
    """WAL and a full fsync a commit; freed pages are overwritten. The file must exist: only a migration makes it."""
    path = Path(database).absolute()

    def open_file() -> Any:
        connection = sqlite3.connect(
            f"{path.as_uri()}?mode=rw", uri=True, timeout=CONNECT_SECONDS, check_same_thread=False, isolation_level=None
        )
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        return connection

    engine = create_engine(
        "sqlite://",
        creator=open_file,
        hide_parameters=True,
        poolclass=QueuePool,
        pool_size=4,
        max_overflow=28,
        pool_timeout=CONNECT_SECONDS,
    )

    event.listen(engine, "begin", _begin)
    return engine


def reading(engine: Engine) -> Connection:
    """A connection for questions only: on SQLite it waits for no writer and holds none up. Use as a context."""
    return engine.connect().execution_options(**{_READS: True})


def _begin(connection: Connection) -> None:
    """Begins with the write lock, unless only questions will be asked.

    A read that becomes a write later fails in WAL mode when another wrote in between. SQLite's own way to wait for
    the lock sleeps up to 100 ms at a time while it is free; this looks every half millisecond, for as long as
    `CONNECT_SECONDS`.
    """
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    if connection.get_execution_options().get(_READS):
        raw.execute(f"PRAGMA busy_timeout={CONNECT_SECONDS * 1000}")
        raw.execute("BEGIN")
        return
    deadline = time.monotonic() + CONNECT_SECONDS
    raw.execute("PRAGMA busy_timeout=0")
    while True:
        try:
            raw.execute("BEGIN IMMEDIATE")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise OperationalError("BEGIN IMMEDIATE", None, error, hide_parameters=True) from None
        time.sleep(0.0005)


def insert_for(dialect: str) -> Any:
    """The INSERT of a dialect, for its ON CONFLICT clauses; both dialects spell them alike."""
    return sqlite.insert if dialect == "sqlite" else postgresql.insert


def insert(connection: Connection, table: Any) -> Any:
    """An INSERT into `table` in the connection's dialect."""
    return insert_for(connection.dialect.name)(table)


def is_postgres(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


class Watchdog:
    """Cuts the database connection of a transaction that outlives its patience.

    A frozen server acknowledges at the TCP level and never answers, so no timeout of the driver or the kernel ends
    the wait; closing the socket under the driver does, as an `OperationalError` in the waiting thread.
    """

    def __init__(self, patience: float = STATEMENT_SECONDS) -> None:
        self._patience = patience
        self._guarded: dict[int, tuple[float, Callable[[], None]]] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextmanager
    def guarding(self, connection: Connection) -> Iterator[None]:
        if not is_postgres(connection):
            yield
            return
        raw = connection.connection.driver_connection
        key = id(raw)
        with self._lock:
            self._guarded[key] = (time.monotonic() + self._patience, _socket_closer(raw))
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._watch, name="database-watchdog", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._guarded.pop(key, None)

    def _watch(self) -> None:
        while True:
            time.sleep(0.25)
            now = time.monotonic()
            with self._lock:
                late = [key for key, (deadline, _) in self._guarded.items() if deadline < now]
                closers = [self._guarded.pop(key)[1] for key in late]
            for close in closers:
                close()


def _socket_closer(raw: Any) -> Callable[[], None]:
    def close() -> None:
        try:
            with socket.socket(fileno=os.dup(raw.fileno())) as duplicate:
                duplicate.shutdown(socket.SHUT_RDWR)
        except (OSError, psycopg.Error):
            return  # it ended by itself in the meantime

    return close
