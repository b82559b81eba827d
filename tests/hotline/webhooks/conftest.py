"""The web application over a real database, called as the carrier calls it: signed, by POST."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from furniture import environment
from posting import Carrier, Clock
from sqlalchemy import Engine

from hotline import create_app, intake
from hotline.settings import Settings
from hotline.vault import Vault


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("hotline.desk.utcnow", clock)
    monkeypatch.setattr("hotline.texts_desk.utcnow", clock)
    monkeypatch.setattr("hotline.requests_desk.utcnow", clock)
    return clock


@pytest.fixture
def carrier(
    sqlite: Engine, keys: Path, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Carrier]:
    monkeypatch.setattr(intake, "_DRAIN_EVERY_SECONDS", 3600)
    app = create_app(Settings.read(environment(f"sqlite:///{tmp_path / 'hotline.db'}", keys, tmp_path / "var")))
    yield Carrier(app, app.test_client(), sqlite, vault)
    app.extensions["front_desk"].engine.dispose()
