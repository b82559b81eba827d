"""Bringing the tables up to date, with Alembic."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.engine import make_url

from hotline.store import audit
from hotline.store.engine import Unavailable, connect

_SCRIPTS = Path(__file__).parent / "migrations"


class MigrationError(Exception):
    """The tables cannot be brought up to date. One line: why, and how to mend it."""


def upgrade(url: str) -> str:
    """Creates or upgrades the tables of `url` and gives the revision they are at. Raises `MigrationError`.

    Two at once do no harm: an advisory lock on PostgreSQL, a lock on the folder for SQLite.
    """
    if not url.startswith("sqlite"):
        return _upgrade(url)
    path = Path(make_url(url).database or "")
    _make_folder(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)  # one at a time: switching a new file to WAL waits for nobody
        _make_file(path)
        return _upgrade(url)
    finally:
        os.close(folder)


def _upgrade(url: str) -> str:
    config = _config()
    engine = connect(url)
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7305508617103)")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            for statement in audit.GUARDS[connection.dialect.name]:
                connection.exec_driver_sql(statement)
    except Unavailable as error:
        cause = type(getattr(error, "orig", None) or error).__name__
        raise MigrationError(
            f"DATABASE_URL: the database cannot be upgraded ({cause}); is it up and writable?"
        ) from None
    finally:
        engine.dispose()
    return newest_revision()


def newest_revision() -> str:
    """The revision this code expects."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current_revision(url: str) -> str | None:
    """The revision the database is at, None for an empty one. Raises SQLAlchemy's errors."""
    engine = connect(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("path_separator", "os")
    return config


def _make_folder(file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise MigrationError(f"{file}: cannot be written ({error.strerror}); mend its owner or permissions") from None


def _make_file(path: Path) -> None:
    """SQLite's file, readable by its owner only. WAL is switched on outside any transaction, for good."""
    try:
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as error:
        raise MigrationError(f"{path}: cannot be written ({error.strerror}); mend its owner or permissions") from None
    engine = create_engine(f"sqlite:///{path}")
    try:
        with engine.connect() as connection:
            # Rows go in at random keys, so each commit writes many pages for little: small ones cost it an eighth less.
            connection.exec_driver_sql("PRAGMA page_size=2048")
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
    finally:
        engine.dispose()
