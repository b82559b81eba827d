"""Inviting to the console and verifying the audit log from the operator's command line."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from furniture import add_liaison, count_of, environment, rows
from sqlalchemy import Engine, select, text

from hotline import cli
from hotline.store import console
from hotline.store.console_tables import audit, invitations
from hotline.store.engine import utcnow
from hotline.vault import Vault

Run = Callable[..., Result]
LINK = "https://linea.example/osc/consola/invitacion/"


@pytest.fixture
def run(sqlite: Engine, keys: Path, tmp_path: Path) -> Run:
    app = Flask("commands")
    cli.register(app)
    runner = app.test_cli_runner()
    variables = environment(f"sqlite:///{tmp_path / 'hotline.db'}", keys, tmp_path / "var")
    return lambda *arguments, **changed: runner.invoke(args=list(arguments), env={**variables, **changed})


@pytest.mark.parametrize("who", ["id", "beginning", "name", "phone"])
def test_an_invitation_is_a_link_that_serves(run: Run, sqlite: Engine, vault: Vault, who: str) -> None:
    ana = add_liaison(sqlite, vault, "Ana Paz", phone="+525512340009")
    named = {"id": ana, "beginning": ana[:6], "name": "ana paz", "phone": "5512340009"}[who]
    result = run("liaison", "invite", named)
    assert result.exit_code == 0, result.stderr
    [link] = result.stdout.splitlines()
    assert link.startswith(LINK)
    with sqlite.begin() as connection:
        assert console.accept(connection, vault, link.removeprefix(LINK), utcnow()) == ana
    assert [(row["actor"], row["act"]) for row in rows(sqlite, select(audit))] == [("operator", "liaison.invite")]


def test_whom_nobody_knows_is_not_invited(run: Run, sqlite: Engine) -> None:
    result = run("liaison", "invite", "Nadie")
    assert result.exit_code == 1 and "LIAISON" in result.stderr
    assert count_of(sqlite, invitations) == 0


def test_inviting_needs_the_keys_that_open(run: Run, sqlite: Engine, vault: Vault, keys: Path, tmp_path: Path) -> None:
    add_liaison(sqlite, vault, "Ana Paz")
    webs = tmp_path / "webs-keys"
    webs.mkdir()
    for path in keys.iterdir():
        if path.suffix != ".private" and not path.name.startswith("field"):
            (webs / path.name).write_bytes(path.read_bytes())
    result = run("liaison", "invite", "ana", HOTLINE_KEYS=str(webs))
    assert result.exit_code == 1 and "worker" in result.stderr
    assert count_of(sqlite, invitations) == 0


def test_verifying_the_log(run: Run, sqlite: Engine, vault: Vault) -> None:
    for name in ("Ana Paz", "Beto Ruiz"):
        run("liaison", "invite", add_liaison(sqlite, vault, name))
    result = run("audit", "verify")
    assert (result.exit_code, result.stdout.startswith("2 entries, unchanged; newest ")) == (0, True)
    newest = result.stdout.split()[-1]
    assert run("audit", "verify", "--newest", newest).exit_code == 0
    with sqlite.begin() as connection:
        for name in ("update", "delete"):
            connection.execute(text(f"DROP TRIGGER audit_no_{name}"))
        connection.execute(text("DELETE FROM audit WHERE seq = 2"))
    cut = run("audit", "verify", "--newest", newest)
    assert cut.exit_code == 1 and "cut off the end" in cut.stderr
    with sqlite.begin() as connection:
        connection.execute(text("UPDATE audit SET act = 'case.look'"))
    changed = run("audit", "verify")
    assert changed.exit_code == 1 and changed.stderr.splitlines() == [
        "audit: entry 1 was changed, or one before it was"
    ]
