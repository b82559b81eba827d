"""The operator's commands for duty: shifts, and who is out of service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Connection

from hotline.profile.shifts import Shift
from hotline.settings import Settings
from hotline.store import audit, duty, people
from hotline.store.engine import connect, utcnow
from hotline.store.people import PersonError
from hotline.vault import Vault

_DAYS = ("lun", "mar", "mie", "jue", "vie", "sab", "dom")


@contextmanager
def _store() -> Iterator[tuple[Connection, Vault]]:
    settings = Settings.read()
    vault, engine = Vault.open_folder(settings.key_folder), connect(settings.database)
    try:
        with engine.begin() as connection:
            yield connection, vault
    finally:
        engine.dispose()


@click.group("shift", help="When liaisons serve. One without shifts is always on duty.")
def shift() -> None: ...


@shift.command("add", help="Give LIAISON a shift; one that ends at or before it begins goes over midnight. Local time.")
@click.argument("who", metavar="LIAISON")
@click.option("--days", default="all", show_default=True, metavar="DAYS", help="Such as lun-vie,dom.")
@click.option("--from", "starts", required=True, metavar="HH:MM")
@click.option("--to", "ends", required=True, metavar="HH:MM")
@click.option("--holidays", is_flag=True, help="On the profile's holidays too.")
def shift_add(who: str, days: str, starts: str, ends: str, holidays: bool) -> None:
    given = duty.checked_shift(days, starts, ends, holidays=holidays)
    with _store() as (connection, vault):
        liaison_id = people.find(connection, vault, who)
        click.echo(f"{duty.add_shift(connection, liaison_id, given)}  {liaison_id}  {told(given)}")
        audit.append(connection, vault, utcnow(), audit.OPERATOR, "shift.add", liaison_id)


@shift.command("list", help="The shifts: id, liaison, days and hours. Of LIAISON, or of all.")
@click.argument("who", metavar="[LIAISON]", required=False)
def shift_list(who: str | None) -> None:
    with _store() as (connection, vault):
        ids = [people.find(connection, vault, who)] if who else None
        for liaison_id, given in duty.shifts_of(connection, ids).items():
            for shift_id, one in given:
                click.echo(f"{shift_id}  {liaison_id}  {told(one)}")


@shift.command("remove", help="Take the shift with this ID away; see: liaison shift list.")
@click.argument("shift_id", metavar="ID")
def shift_remove(shift_id: str) -> None:
    with _store() as (connection, vault):
        if not duty.remove_shift(connection, shift_id):
            raise PersonError("ID: no shift has it; look with: flask --app hotline liaison shift list")
        audit.append(connection, vault, utcnow(), audit.OPERATOR, "shift.remove", shift_id)
    click.echo(f"{shift_id}  removed")


@shift.command("clear", help="Take all shifts of LIAISON away: always on duty from then on.")
@click.argument("who", metavar="LIAISON")
def shift_clear(who: str) -> None:
    with _store() as (connection, vault):
        liaison_id = people.find(connection, vault, who)
        count = duty.clear_shifts(connection, liaison_id)
        audit.append(connection, vault, utcnow(), audit.OPERATOR, "shift.clear", liaison_id)
    click.echo(f"{liaison_id}  {count} shifts removed, always on duty")


@click.command("away", help="LIAISON is out of service until further notice; who is told next steps in.")
@click.argument("who", metavar="LIAISON")
def away(who: str) -> None:
    with _store() as (connection, vault):
        liaison_id = people.find(connection, vault, who)
        codes = duty.go_off(connection, liaison_id, utcnow())
        audit.append(connection, vault, utcnow(), audit.OPERATOR, "liaison.away", liaison_id)
    click.echo(f"{liaison_id}  away" + (f"; still theirs: {', '.join(codes)}" if codes else ""))


@click.command("back", help="LIAISON is in service again.")
@click.argument("who", metavar="LIAISON")
def back(who: str) -> None:
    with _store() as (connection, vault):
        liaison_id = people.find(connection, vault, who)
        duty.go_on(connection, liaison_id, utcnow())
        audit.append(connection, vault, utcnow(), audit.OPERATOR, "liaison.back", liaison_id)
    click.echo(f"{liaison_id}  in service")


def told(given: Shift) -> str:
    """A shift in a few words."""
    days = ",".join(_DAYS[day] for day in sorted(given.days)) if len(given.days) < len(_DAYS) else "all"
    also = "  holidays too" if given.holidays else ""
    return f"{days}  {given.starts:%H:%M}-{given.ends:%H:%M}{also}"
