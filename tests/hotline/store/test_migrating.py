"""The tables: made by migrations, the same as the code's, safe to make twice and from two places at once."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from furniture import _for_driver
from harness.postgres import PostgresServer
from sqlalchemy import create_engine

from hotline.store import migrating
from hotline.store.console_tables import metadata
from hotline.store.engine import connect
from hotline.store.migrating import MigrationError


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database that has never been migrated."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'deep' / 'hotline.db'}"
    server: PostgresServer = request.getfixturevalue("postgres")
    return _for_driver(server.database())


def test_the_migrations_make_what_the_code_expects_and_may_be_repeated(url: str) -> None:
    for _ in range(2):
        assert migrating.upgrade(url) == migrating.newest_revision() == migrating.current_revision(url)
    engine = connect(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_two_at_once_do_no_harm(url: str) -> None:
    with ThreadPoolExecutor(3) as pool:
        assert set(pool.map(migrating.upgrade, [url] * 3)) == {migrating.newest_revision()}


def test_an_empty_database_is_at_no_revision(url: str, tmp_path: Path) -> None:
    if url.startswith("sqlite"):
        (tmp_path / "deep").mkdir()
        sqlite3.connect(tmp_path / "deep" / "hotline.db").close()
        (tmp_path / "deep" / "hotline.db").touch()
    assert migrating.current_revision(url) is None


def test_a_file_is_its_owners_only_and_written_ahead(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "hotline.db"
    migrating.upgrade(f"sqlite:///{path}")
    assert path.stat().st_mode & 0o777 == 0o600
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()


def test_what_is_erased_is_overwritten_and_what_is_committed_is_synced(sqlite: object) -> None:
    with sqlite.connect() as connection:  # type: ignore[attr-defined]
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("secure_delete", "synchronous", "foreign_keys")
        }
    assert found == {"secure_delete": 1, "synchronous": 2, "foreign_keys": 1}


def test_no_engine_makes_a_file_by_looking(tmp_path: Path) -> None:
    from sqlalchemy.exc import OperationalError

    engine = connect(f"sqlite:///{tmp_path / 'none.db'}")
    with pytest.raises(OperationalError), engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "names"),
    [
        ("postgresql+psycopg://nobody:secreto@127.0.0.1:9/none", "DATABASE_URL"),
        ("sqlite:////proc/none/hotline.db", "/proc/none/hotline.db"),
    ],
)
def test_a_database_that_cannot_be_made_is_said_in_one_line(url: str, names: str) -> None:
    with pytest.raises(MigrationError) as error:
        migrating.upgrade(url)
    assert names in str(error.value) and "\n" not in str(error.value) and "secreto" not in str(error.value)
