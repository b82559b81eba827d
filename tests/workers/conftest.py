"""The back office's tests get a furnished office over an empty database."""

from __future__ import annotations

from pathlib import Path

import pytest
from furniture import (  # noqa: F401 - fixtures
    _carrier_lab,
    carrier_lab,
    engine,
    keys,
    migrated_postgres,
    migrated_sqlite,
    open_office,
    sqlite,
    vault,
    with_carrier,
)
from sqlalchemy import Engine

from hotline.lab import Lab
from workers.office import Office


@pytest.fixture
def office(sqlite: Engine, keys: Path) -> Office:  # noqa: F811
    """Over SQLite, with no carrier to reach."""
    return open_office(sqlite, keys)


@pytest.fixture
def connected(office: Office, carrier_lab: Lab) -> Office:  # noqa: F811
    """Over SQLite, with the lab for carrier and mail server."""
    return with_carrier(office, carrier_lab)
