"""The operator's commands for the console: inviting a liaison, verifying the audit log."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import click

from hotline.profile import load
from hotline.settings import Settings, SettingsError
from hotline.store import audit as log
from hotline.store import console, people
from hotline.store.engine import Unavailable, connect, reading, utcnow
from hotline.vault import Vault, VaultError


def invitation_link(settings: Settings, token: str) -> str:
    """Where an invited liaison sets up their account. Raises `SettingsError` without `PUBLIC_URL`."""
    if settings.public_url is None:
        raise SettingsError("PUBLIC_URL: not set; the invitation's link begins with it")
    return f"{settings.public_url}/consola/invitacion/{token}"


@click.command("invite", help="Print a one-time link with which a liaison sets up their sign-in to the console.")
@click.argument("who", metavar="LIAISON")
def invite(who: str) -> None:
    settings = Settings.read()
    vault = Vault.open_folder(settings.key_folder)
    if not vault.can_open:
        raise VaultError(
            f"{settings.key_folder}: to invite needs seal-*.private and field-*.secret; invite on a worker's machine"
        )
    invitation_link(settings, "")
    engine = connect(settings.database)
    try:
        with engine.begin() as connection:
            liaison_id = people.find(connection, vault, who)
            now = utcnow()
            token = console.invite(connection, vault, liaison_id, now)
            log.append(connection, vault, now, log.OPERATOR, "liaison.invite", liaison_id)
    finally:
        engine.dispose()
    click.echo(invitation_link(settings, token))
    until = (now + console.INVITATION_KEPT).replace(tzinfo=UTC).astimezone(load(settings.profile).timezone)
    click.echo(f"for {liaison_id}, once, until {until:%Y-%m-%d %H:%M}; earlier invitations have ended", err=True)


class _OneLine(click.Group):
    """A group that ends with one line when the log is not what was written."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (log.AuditError, SettingsError, VaultError) as error:
            line = str(error)
        except Unavailable:
            line = "database: does not answer or is not set up; check DATABASE_URL, run: flask --app hotline db upgrade"
        click.echo(line, err=True)
        raise SystemExit(1)


@click.group("audit", cls=_OneLine, help="The audit log: who looked at what, who decided what.")
def audit() -> None: ...


@audit.command("verify", help="Walk the whole log. Ends with 1 and the entry's number where it was changed or cut.")
@click.option("--newest", metavar="CHAIN", help="The newest chain value noted earlier: it must still be in the log.")
def verify(newest: str | None) -> None:
    settings = Settings.read()
    vault = Vault.open_folder(settings.key_folder)
    engine = connect(settings.database)
    try:
        with reading(engine) as connection:
            found = log.verify(connection, vault)
            if newest is not None and not log.holds(connection, newest):
                raise log.AuditError("audit: the noted chain value is gone; entries were cut off the end")
    finally:
        engine.dispose()
    click.echo(f"{found.entries} entries, unchanged; newest {found.newest or '-'}")
