"""Operator's commands: `flask --app hotline …`. Exit status 0, or 1 and one clear line; never a traceback."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask import Flask
from sqlalchemy import Connection

from hotline import logs
from hotline.console_commands import audit, invite
from hotline.doctor import examine
from hotline.duty_commands import away, back, shift
from hotline.menu_lines import menu_lines
from hotline.profile import Place, Profile, ProfileError, folder_of, load, postal
from hotline.settings import Settings, SettingsError
from hotline.store import audit as record
from hotline.store import cases, migrating, people
from hotline.store.engine import Unavailable, connect, utcnow
from hotline.vault import Vault, VaultError, list_keys, new_keys

# The back office's own commands, by name only: the front desk does not import it.
_BACK_OFFICE = "workers.commands"
_RECORDINGS = "workers.recording_commands"


class OneLine(click.Group):
    """A group whose commands end with one line on standard error when something is wrong."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (SettingsError, ProfileError, VaultError, people.PersonError, migrating.MigrationError) as error:
            raise SystemExit(_fail(str(error))) from None
        except Unavailable:
            reason = (
                "database: does not answer or is not set up; check DATABASE_URL, run: flask --app hotline db upgrade"
            )
            raise SystemExit(_fail(reason)) from None


def _fail(line: str) -> int:
    click.echo(line, err=True)
    return 1


@contextmanager
def database(settings: Settings) -> Iterator[Connection]:
    """A transaction of the configured database."""
    engine = connect(settings.database)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _keys(settings: Settings) -> Vault:
    vault = Vault.open_folder(settings.key_folder)
    if not vault.can_seal:
        raise VaultError(f"{settings.key_folder}: has no keys; make them with: flask --app hotline keys new")
    return vault


@click.group(cls=OneLine, help="The database.")
def db() -> None: ...


@db.command("upgrade", help="Create the tables or bring them up to date. Safe to repeat.")
def db_upgrade() -> None:
    settings = Settings.read()
    revision = migrating.upgrade(settings.database)
    click.echo(f"database is at revision {revision}")


@click.group(cls=OneLine, help="The keys. Copy the folder to a safe place: without the private key nothing opens.")
def keys() -> None: ...


@keys.command("new", help="Make the first keys. Refuses when there are some already.")
def keys_new() -> None:
    folder = Settings.read().key_folder
    if list_keys(folder):
        raise VaultError(f"{folder}: has keys already; to change them: flask --app hotline keys rotate")
    for key in new_keys(folder):
        click.echo(f"{key.kind:9} {key.id}")
    click.echo(f"in {folder}; the web machine needs all but seal-*.private and field-*.secret")


@keys.command("rotate", help="Make a new sealing and field key. The old ones go on opening what they locked.")
def keys_rotate() -> None:
    folder = Settings.read().key_folder
    if not list_keys(folder):
        raise VaultError(f"{folder}: has no keys yet; make them with: flask --app hotline keys new")
    for key in new_keys(folder, ("seal", "field")):
        click.echo(f"{key.kind:9} {key.id}")
    click.echo("copy the new files to every machine, workers first, then restart web and worker")


@keys.command("list", help="The keys in the folder: kind, id, day made, which parts are here.")
def keys_list() -> None:
    folder = Settings.read().key_folder
    found = list_keys(folder)
    if not found:
        raise VaultError(f"{folder}: has no keys; make them with: flask --app hotline keys new")
    for key in found:
        click.echo(f"{key.kind:9} {key.id}  {key.made}  {', '.join(key.parts)}")


@click.group(cls=OneLine, help="The liaisons.")
def liaison() -> None: ...


@liaison.command("add", help="Add a liaison. Without --area, --state or --kind they answer for all of them.")
@click.argument("name")
@click.option("--phone", required=True, metavar="E164", help="Where urgent texts go, such as +525512345678.")
@click.option("--email", metavar="ADDRESS", help="Where digests go.")
@click.option(
    "--area", "areas", multiple=True, metavar="CODE", help="INEGI code of an area, such as 09007. Repeatable."
)
@click.option("--state", "states", multiple=True, metavar="CODE", help="INEGI code of a state, such as 21. Repeatable.")
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="A kind of report, such as extorsion. Repeatable.")
@click.option("--role", type=click.Choice(people.ROLES), default="first", show_default=True, help="Who is told first.")
@click.option(
    "--body", metavar="BODY", help="The authority they serve in, such as ssc: not told of complaints about it."
)
@click.option("--digest", "digests", multiple=True, metavar="HH:MM", help="When digests leave, local time. Repeatable.")
def liaison_add(name: str, **options: Any) -> None:
    settings = Settings.read()
    profile, vault = load(settings.profile), _keys(settings)
    person = people.NewLiaison.checked(name, profile=profile, **options)
    with database(settings) as connection:
        liaison_id = people.add(connection, vault, person)
        record.append(connection, vault, utcnow(), record.OPERATOR, "liaison.add", liaison_id)
    click.echo(f"{liaison_id}  {name}  {coverage(profile, person.areas, person.states, person.kinds)}")


@liaison.command("list", help="The liaisons: id, name where the key is here, role, what they cover, hours.")
def liaison_list() -> None:
    settings = Settings.read()
    profile, vault = load(settings.profile), _keys(settings)
    with database(settings) as connection:
        rows = people.everyone(connection, vault)
    for row in rows:
        hours = ",".join(row.digest_hours) or "-"
        state = ("away" if row.away else "on") if row.active else "off"
        covers = coverage(profile, row.areas, row.states, row.kinds)
        serves = f"  of {row.body}" if row.body else ""
        click.echo(f"{row.id}  {state:4} {row.role:10}  {row.name or '(sealed)'}  {covers}  digest {hours}{serves}")


@liaison.command(
    "off",
    help="Tell a liaison nothing more; others get their cases. LIAISON is an id, its beginning, a phone or a name.",
)
@click.argument("who", metavar="LIAISON")
def liaison_off(who: str) -> None:
    settings = Settings.read()
    vault = _keys(settings)
    with database(settings) as connection:
        liaison_id = people.switch_off(connection, vault, who)
        record.append(connection, vault, utcnow(), record.OPERATOR, "liaison.off", liaison_id)
    click.echo(f"{liaison_id}  off")


def coverage(profile: Profile, areas: tuple[str, ...], states: tuple[str, ...], kinds: tuple[str, ...]) -> str:
    """What somebody covers, in a few words."""
    places = [profile.place_name(area, None) or area for area in areas]
    places += [profile.place_name(None, state) or state for state in states]
    return f"{', '.join(places) or 'everywhere'}; {', '.join(kinds) or 'every kind'}"


@click.group(cls=OneLine, help="The reports.")
def report() -> None: ...


@report.command("list", help="The newest reports, a line each. Nothing that was said.")
@click.option("--json", "as_json", is_flag=True, help="An object a line.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=1000, show_default=True)
def report_list(as_json: bool, limit: int) -> None:
    with database(Settings.read()) as connection:
        found = cases.list_cases(connection, limit)
    for case in found:
        opened = case.opened.isoformat(timespec="minutes") + "Z"
        fields = [case.code, case.kind, case.urgency, case.area, case.state, case.channel, case.status, opened]
        if as_json:
            names = ("code", "kind", "urgency", "area", "state", "channel", "status", "opened")
            click.echo(json.dumps(dict(zip(names, fields, strict=True)), ensure_ascii=False))
        else:
            click.echo("  ".join(field or "-" for field in fields))


@click.group(cls=OneLine, help="The telephone menu.")
def menu() -> None: ...


@menu.command("show", help="Every prompt by name: how long it takes to say, whether it is recorded, its words.")
@click.option("--language", metavar="CODE", help="One language only, such as es.")
def menu_show(language: str | None) -> None:
    profile = load(Settings.read().profile)
    for tongue in profile.menu.tongues.values():
        if language in (None, tongue.code):
            for line in menu_lines(profile, tongue.code):
                click.echo(line)


@click.group("profile", cls=OneLine, help="The deployment's world as data.")
def profile_group() -> None: ...


@profile_group.command(
    "import-postal", help="Take the postal service's own catalogue, CPdescarga.txt, into the profile."
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
def import_postal(file: Path) -> None:
    settings = Settings.read()
    profile, catalogue = load(settings.profile), postal.read_catalogue(file)
    known = {code: Place(None, code) for code in profile.states}
    known |= {code: Place(code, area.state) for code, area in profile.areas.items()}
    prefixes = {code[:2]: profile.by_postal_code(code[:2]) for code in catalogue.codes}
    kept = postal.digest(catalogue, known, prefixes)
    path = postal.write(folder_of(settings.profile), kept)
    click.echo(f"{len(kept.codes)} postal codes and {len(kept.quarters)} names of settlements in {path}")
    click.echo("restart web and worker to use them")


@click.command("doctor", help="Says what is configured, reachable and missing, and how to mend it.")
def doctor() -> None:
    findings = examine()
    for finding in findings:
        click.echo(f"{finding.mark} {finding.what}: {finding.how}")
    if not all(finding.well for finding in findings):
        sys.exit(1)


def register(app: Flask) -> None:
    """Adds every command to `app`, the back office's under the names the front desk knows them by."""
    logs.configure()
    for command in (invite, shift, away, back):
        liaison.add_command(command)
    for command in (db, keys, liaison, report, audit, menu, profile_group, doctor):
        app.cli.add_command(command)
    app.cli.add_command(_Elsewhere("digest", help="The liaisons' digests."))
    app.cli.add_command(_Elsewhere("quarantine", help="Held texts: look at them on record, let them out."))
    app.cli.add_command(_Recordings("recording", help="Stories that were recorded, to be written down."))


class _Elsewhere(OneLine):
    """A group whose commands the back office has; it is loaded when one is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(self._commands())

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        return self._commands().get(cmd_name)

    def _commands(self) -> dict[str, click.Command]:
        found: Callable[[], dict[str, dict[str, click.Command]]] = importlib.import_module(_BACK_OFFICE).groups
        return found()[self.name or ""]


class _Recordings(_Elsewhere):
    """Those for recorded stories."""

    def _commands(self) -> dict[str, click.Command]:
        found: Callable[[], dict[str, click.Command]] = importlib.import_module(_RECORDINGS).recording_commands
        return found()
