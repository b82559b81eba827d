"""For every test: the shared harness is importable as `harness`; one PostgreSQL server serves the whole run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from harness.postgres import PostgresServer, unavailable


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresServer]:
    """A real PostgreSQL from pip; skipped, with the reason, where its wheel is not there."""
    reason = unavailable()
    if reason:
        pytest.skip(reason)
    server = PostgresServer(tmp_path_factory.mktemp("postgres"))
    try:
        server.start()
        yield server
    finally:
        server.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole journeys first: they take longest, and others can be told beside them."""
    items.sort(key=lambda item: "scenarios" not in item.path.parts)
