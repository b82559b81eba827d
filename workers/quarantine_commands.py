"""`flask --app hotline quarantine …`, on a worker's machine: an operator looks at what is held, on record, and decides.

No word of a message is ever an argument: what is to be masked comes from standard input.
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC

import click
from sqlalchemy import Connection, Engine

from hotline import queues
from hotline.profile import Profile, load
from hotline.settings import Settings
from hotline.store.engine import connect, utcnow
from hotline.vault import Vault, VaultError
from workers import quarantine
from workers.anonymise import Anonymiser
from workers.quarantine import QuarantineError


@dataclass(frozen=True, slots=True)
class _Room:
    settings: Settings
    profile: Profile
    vault: Vault
    engine: Engine

    @classmethod
    def open(cls) -> _Room:
        settings = Settings.read()
        vault = Vault.open_folder(settings.key_folder)
        if not (vault.can_open and vault.can_seal):
            raise VaultError(
                f"{settings.key_folder}: held texts open only where a worker's keys are, seal-*.private and "
                "field-*.secret too; run this on a worker's machine"
            )
        return cls(settings, load(settings.profile), vault, connect(settings.database))

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """A transaction that ends with one line where something cannot be done."""
        try:
            with self.engine.begin() as connection:
                yield connection
        except QuarantineError as error:
            click.echo(str(error), err=True)
            raise SystemExit(1) from None
        finally:
            self.engine.dispose()

    def ring(self) -> None:
        """For a worker to file it at once; without Redis the clock finds it."""
        if self.settings.redis_url is not None:
            queues.Bell(queues.connect(self.settings.redis_url.get_secret_value(), impatient=True)).ring("drain_inbox")


_by = click.option("--by", "operator", default=getpass.getuser, help="Who looks, for the record; else the login name.")
_message = click.argument("message", metavar="MESSAGE")


@click.command("list", help="What is held, a line each: id, case, kind, place, when, days left. Nothing that was said.")
def list_held() -> None:
    room = _Room.open()
    with room.transaction() as connection:
        found = quarantine.held(connection)
    now = utcnow()
    for one in found:
        left = quarantine.days_left(one, room.profile.retention.quarantine_days, now)
        place = room.profile.place_name(one.area, one.state) or "-"
        seen = f"{one.looks} on record" if one.looks else "not looked at"
        came = one.received_at.replace(tzinfo=UTC).astimezone(room.profile.timezone)
        click.echo(f"{one.id}  {one.code}  {one.kind or '-'}  {place}  {came:%Y-%m-%d %H:%M}  {left} days left  {seen}")


@click.command("show", help="The words of a held MESSAGE, and what masking makes of them. The look is recorded.")
@_message
@_by
def show(message: str, operator: str) -> None:
    room = _Room.open()
    with room.transaction() as connection:
        one = quarantine.find(connection, message)
        quarantine.record(connection, room.vault, one, operator, "shown", now=utcnow())
        opened = quarantine.look(connection, room.vault, Anonymiser(room.profile), one)
    click.echo(opened.words.reveal())
    click.echo("---")
    click.echo(opened.machine.text if opened.machine else "(the machine cannot mask this text; use: quarantine mask)")


@click.command("release", help="Let a held MESSAGE out as the machine masked it. Recorded.")
@_message
@_by
def release(message: str, operator: str) -> None:
    room = _Room.open()
    with room.transaction() as connection:
        one = quarantine.find(connection, message)
        opened = quarantine.look(connection, room.vault, Anonymiser(room.profile), one)
        if opened.machine is None:
            raise QuarantineError("the machine cannot mask this text; use: flask --app hotline quarantine mask")
        quarantine.record(connection, room.vault, one, operator, "released", now=utcnow())
        quarantine.let_out(connection, room.vault, one, opened, opened.machine.spans, now=utcnow())
    room.ring()
    click.echo(f"{one.code}: released")


@click.command(
    "mask",
    help="Let a held MESSAGE out with more masked. Standard input gives the words to mask, or ranges as 12-20, one a "
    "line; 'NOMBRE: …' says the type, 'NOMBRE suspect: …' that it is the other side's. Recorded.",
)
@_message
@_by
@click.option("--anyway", is_flag=True, help="Even if the second look still finds something.")
def mask(message: str, operator: str, anyway: bool) -> None:
    room = _Room.open()
    anonymiser = Anonymiser(room.profile)
    with room.transaction() as connection:
        one = quarantine.find(connection, message)
        quarantine.record(connection, room.vault, one, operator, "shown", now=utcnow())
        opened = quarantine.look(connection, room.vault, anonymiser, one)
    words, machine = opened.words.reveal(), opened.machine.spans if opened.machine else ()
    if sys.stdin.isatty():
        click.echo(f"{quarantine.preview(words, machine)}\n--- words to mask, one a line; an empty line ends:")
    lines = list(iter(lambda: sys.stdin.readline().rstrip("\n"), "")) if sys.stdin.isatty() else sys.stdin.readlines()
    with room.transaction() as connection:
        spans = quarantine.by_hand(words, machine, [line.rstrip("\n") for line in lines])
        masked = quarantine.preview(words, spans)
        if anonymiser.shows(masked) and not anyway:
            raise QuarantineError("a second look still finds something; mask that too, or add --anyway")
        quarantine.record(connection, room.vault, one, operator, "masked", now=utcnow())
        quarantine.let_out(connection, room.vault, one, opened, spans, now=utcnow())
    room.ring()
    click.echo(masked)
    click.echo(f"{one.code}: masked by hand and released")


COMMANDS: dict[str, click.Command] = {"list": list_held, "show": show, "release": release, "mask": mask}
