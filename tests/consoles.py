"""The console as liaisons use it: the real application, real keys, and workers who answer at once or not at all."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from furniture import add_liaison, admit, arrival, environment, open_office
from sqlalchemy import Engine, select
from werkzeug.test import TestResponse

import hotline
from hotline.queues import JobName
from hotline.settings import Settings
from hotline.store import console
from hotline.store.engine import utcnow
from hotline.store.schema import reports
from hotline.vault import Vault
from workers import filing
from workers.console import accounts, counter
from workers.office import Office

PASSWORD = "un perro azul duerme en la azotea"
# Each report comes from another phone: those of one phone would join.
_senders = count(12350000)
_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class WorkersBell:
    """A bell that the workers answer in the instant it rings, unless they are away."""

    def __init__(self) -> None:
        self.office: Office | None = None
        self.away = False
        self.rung: list[JobName] = []

    def ring(self, name: JobName) -> bool:
        self.rung.append(name)
        if name == "answer_console" and self.office and not self.away:
            counter.serve(self.office)
        return True

    def silence(self, name: JobName) -> None:
        return


@dataclass
class Browser:
    """One person's browser: follows the forms as the pages give them."""

    client: FlaskClient
    last: TestResponse | None = None

    def open(self, path: str, **options: Any) -> TestResponse:
        self.last = self.client.get(path, **options)
        return self.last

    def send(self, path: str, fields: dict[str, Any] | None = None, *, page: str | None = None) -> TestResponse:
        """Posts a form with the token of `page` (by default the page last seen)."""
        if page is not None:
            self.open(page)
        assert self.last is not None
        found = _TOKEN.search(self.last.text)
        token = found[1] if found else ""
        self.last = self.client.post(path, data={"csrf_token": token, **(fields or {})})
        return self.last


@dataclass
class Console:
    """The console over one database, and the people who use it."""

    app: Flask
    office: Office
    bell: WorkersBell
    vault: Vault
    secrets: dict[str, str] = field(default_factory=dict)
    phones: dict[str, str] = field(default_factory=dict)

    @property
    def engine(self) -> Engine:
        return self.office.engine

    def at(self, public_url: str) -> Flask:
        """The same console under another public address."""
        settings = self.app.extensions["front_desk"].settings
        return hotline.create_app(settings.model_copy(update={"public_url": public_url}))

    def browser(self) -> Browser:
        return Browser(self.app.test_client())

    def liaison(self, name: str, phone: str = "", **options: Any) -> str:
        phone = phone or f"+5255{90000000 + len(self.phones):08d}"
        liaison_id = add_liaison(self.engine, self.vault, name, phone=phone, **options)
        self.phones[liaison_id] = phone
        return liaison_id

    def invitation(self, liaison_id: str) -> str:
        with self.engine.begin() as connection:
            return console.invite(connection, self.vault, liaison_id, utcnow())

    def code(self, secret: str, steps: int = 0) -> str:
        """The second factor's code, `steps` of 30 seconds from now."""
        return pyotp.TOTP(secret).at(datetime.now(UTC) + timedelta(seconds=30 * steps))

    def secret_shown(self, browser: Browser) -> str:
        """The second factor's secret on the invitation page that the browser shows."""
        assert browser.last is not None
        found = re.search(r'id="clave">([A-Z2-7 ]+)<', browser.last.text)
        assert found, browser.last.text
        return found[1].replace(" ", "")

    def cookie(self, browser: Browser) -> str:
        """The Cookie header of a browser's session."""
        found = browser.client.get_cookie("consola", path="/consola")
        assert found is not None
        return f"consola={found.value}"

    def attribute(self, page: str, name: str, *, containing: str) -> str:
        """The value of the first attribute `name` of the page that contains this."""
        values = [html.unescape(value) for value in re.findall(rf'\b{name}="([^"]*)"', page)]
        return next(value for value in values if containing in value)

    def mark(self, page: str) -> str:
        """The mark that tells whether what a page shows has changed."""
        found = re.search(r'id="marca" name="marca" value="([0-9a-f]+)"', page)
        assert found
        return found[1]

    def workers_return(self) -> None:
        self.bell.away = False
        counter.serve(self.office)

    def enrolled(self, liaison_id: str) -> Browser:
        """A browser that has accepted an invitation and is signed in."""
        browser = self.browser()
        address = f"/consola/invitacion/{self.invitation(liaison_id)}"
        browser.open(address)
        self.secrets[liaison_id] = self.secret_shown(browser)
        answer = browser.send(
            address,
            {"contrasena": PASSWORD, "repetida": PASSWORD, "codigo": self.code(self.secrets[liaison_id])},
        )
        assert answer.status_code == 303, answer.text
        return browser

    def signs_in(self, browser: Browser, liaison_id: str, *, password: str = PASSWORD, code: str = "") -> TestResponse:
        """With the code after the present one: the present one may have served to enrol, and no second of the clock
        comes between the two."""
        return browser.send(
            "/consola/entrar",
            {
                "telefono": self.phones[liaison_id],
                "contrasena": password,
                "codigo": code or self.code(self.secrets[liaison_id], 1),
            },
            page="/consola/entrar",
        )

    def report(self, words: str, **options: Any) -> str:
        """The code of a new case in which this was said."""
        report = arrival(self.vault, words, sender=options.pop("sender", f"+5255{next(_senders)}"), **options)
        admit(self.engine, self.vault, report)
        filing.drain(self.office)
        with self.engine.connect() as connection:
            return str(connection.scalar(select(reports.c.code).where(reports.c.id == report.report_id)))


@pytest.fixture
def place(sqlite: Engine, keys: Path, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Console:
    from argon2 import PasswordHasher

    # The real function at a cost that lets a whole suite sign in.
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(accounts, "_hasher", lambda: cheap)
    accounts._nobodys.cache_clear()
    office = open_office(sqlite, keys)
    given = environment(f"sqlite:///{tmp_path / 'hotline.db'}", keys, tmp_path, PUBLIC_URL="http://linea.example")
    app = hotline.create_app(Settings.read(given))
    app.testing = True
    bell = WorkersBell()
    bell.office = office
    desk = app.extensions["front_desk"]
    object.__setattr__(desk, "bell", bell)
    return Console(app, office, bell, vault)
