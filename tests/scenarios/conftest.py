"""The houses that the scenarios happen in: keys and tables are made once a run and copied."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from harness.databases import Postgres, Sqlite
from harness.house import House
from harness.postgres import PostgresServer

from hotline.store import migrating
from hotline.vault import new_keys

Build = Callable[..., AbstractContextManager[House]]


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("keys")
    new_keys(folder)
    return folder


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "hotline.db"
    migrating.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def empty_postgres(postgres: PostgresServer) -> str:
    """The name of a migrated database, to be copied."""
    url = postgres.database()
    migrating.upgrade(url.replace("postgresql://", "postgresql+psycopg://"))
    return url.rpartition("/")[2]


@pytest.fixture(scope="session")
def build(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, keys: Path, empty_sqlite: Path
) -> Build:
    """Builds a house over `sqlite` or `postgres`, to be entered as a context."""

    def house(kind: str, **options: object) -> House:
        folder = tmp_path_factory.mktemp("house")
        if kind == "sqlite":
            return House(folder, Sqlite(folder / "hotline.db", empty_sqlite), keys, **options)  # type: ignore[arg-type]
        server: PostgresServer = request.getfixturevalue("postgres")
        template: str = request.getfixturevalue("empty_postgres")
        return House(folder, Postgres(server, template), keys, **options)  # type: ignore[arg-type]

    return house


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def house(request: pytest.FixtureRequest, build: Build) -> Iterator[House]:
    """One house a module and database."""
    with build(request.param) as found:
        yield found


@pytest.fixture(scope="module")
def one_house(build: Build) -> Iterator[House]:
    """One house a module, on SQLite, for what the database has no part in."""
    with build("sqlite") as found:
        yield found
