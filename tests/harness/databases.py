"""The house's database as a test sees it from outside: its rows, all its bytes, and what can befall it."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Protocol

import psycopg

from harness.postgres import PostgresServer, wait_for
from harness.waiting import until

Row = dict[str, Any]
_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
    "postgres": "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
}


class Database(Protocol):
    """`url` is its DATABASE_URL. `kind` is sqlite or postgres."""

    kind: str
    url: str

    def rows(self, query: str) -> list[Row]:
        """What `query` finds, column by column."""

    def raw_bytes(self) -> bytes:
        """What lies on its disk or is written in its log, where that can be read."""

    def goes_away(self) -> None:
        """Nothing of it answers from here on."""

    def comes_back(self) -> None: ...


def everything(database: Database) -> bytes:
    """Every cell of every table, bytes as they are, with what lies on the disk."""
    parts = [database.raw_bytes()]
    for table in database.rows(_TABLES[database.kind]):
        for row in database.rows(f"SELECT * FROM {table['name']}"):
            for value in row.values():
                parts.append(bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode())
    return b"\n".join(parts)


class Sqlite:
    """A file. `goes_away` moves it, with its write-ahead log, to another place, out of reach of who has it open too."""

    kind = "sqlite"

    def __init__(self, path: Path, template: Path | None = None) -> None:
        self.path = path
        self.url = f"sqlite:///{path}"
        if template is not None:
            shutil.copy(template, path)

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(f"{self.path.as_uri()}?mode=rw", uri=True, timeout=5, isolation_level=None)
        connection.row_factory = sqlite3.Row
        return connection

    def rows(self, query: str) -> list[Row]:
        connection = self._open()
        try:
            return [dict(row) for row in connection.execute(query)]
        finally:
            connection.close()

    def raw_bytes(self) -> bytes:
        return b"".join(path.read_bytes() for path in self._files(self.path))

    @staticmethod
    def _files(path: Path) -> list[Path]:
        return sorted(path.parent.glob(f"{path.name}*"))

    @property
    def _elsewhere(self) -> Path:
        return self.path.parent / "elsewhere"

    def goes_away(self) -> None:
        self._lock = ExitStack()
        self._lock.enter_context(self.locked())
        self.moves()

    def comes_back(self) -> None:
        self.moves_back()
        self._lock.close()

    def moves(self) -> None:
        """Only whoever has the file open already reads and writes it still."""
        self._elsewhere.mkdir()
        for path in self._files(self.path):
            path.rename(self._elsewhere / path.name)

    def moves_back(self) -> None:
        for path in self._elsewhere.iterdir():
            path.rename(self.path.parent / path.name)
        self._elsewhere.rmdir()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Somebody else holds the write lock and does not let go."""
        connection = self._open()

        def begin() -> bool:
            try:
                connection.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                return False
            return True

        until(begin, 10, "the lock on the database")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")
            connection.close()


class Postgres:
    """A database of the run's one server. `goes_away` crashes the server, `freeze` stops it in mid-breath."""

    kind = "postgres"

    def __init__(self, server: PostgresServer, template: str = "template1") -> None:
        self.server = server
        self.url = server.database(template)

    def rows(self, query: str) -> list[Row]:
        with psycopg.connect(self.url, connect_timeout=5, autocommit=True) as connection:
            cursor = connection.cursor(row_factory=psycopg.rows.dict_row)
            return list(cursor.execute(query.encode()))

    def raw_bytes(self) -> bytes:
        return self.server.log.read_bytes()

    def goes_away(self) -> None:
        self.server.stop("immediate")

    def comes_back(self) -> None:
        self.server.start()
        wait_for(self.url)
