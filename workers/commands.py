"""The back office's commands, found by name from `flask --app hotline …`: they need the keys that open."""

from __future__ import annotations

import sys
from datetime import UTC

import click

from hotline.settings import Settings
from hotline.store import people
from hotline.store.engine import reading, utcnow
from workers import delivering, quarantine_commands
from workers.digests import composing, schedule
from workers.office import Office


def groups() -> dict[str, dict[str, click.Command]]:
    """The commands of each group."""
    return {"digest": {"preview": preview, "send": send}, "quarantine": quarantine_commands.COMMANDS}


@click.command("preview", help="What LIAISON's next digest would say. LIAISON is an id, its beginning, or a phone.")
@click.argument("who", metavar="LIAISON")
@click.option("--html", is_flag=True, help="The e-mail's HTML instead of its text.")
def preview(who: str, html: bool) -> None:
    office = Office.open(Settings.read())
    with reading(office.engine) as connection:
        cases = composing.waiting_cases(office, connection, people.find(connection, office.vault, who))
    if not cases:
        click.echo("nothing waits for this liaison")
        return
    now = utcnow().replace(tzinfo=UTC).astimezone(office.profile.timezone)
    letter = composing.render(office, composing.digest_of(office, cases), now)
    click.echo(letter.html if html else f"{letter.subject}\n\n{letter.text}")


@click.command("send", help="Send the digests that are due, or with --now whatever waits for anybody.")
@click.option("--now", "everything", is_flag=True, help="Whatever waits, whatever the hour.")
def send(everything: bool) -> None:
    office = Office.open(Settings.read())
    made = schedule.send_everything(office) if everything else schedule.send_due(office)
    left = delivering.deliver(office)
    click.echo(f"{made} digests made, {left} messages left")
    sys.stdout.flush()
