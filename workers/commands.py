"""The back office's commands, found by name from `flask --app hotline …`: they need the keys that open."""

from __future__ import annotations

import sys
import webbrowser
from pathlib import Path
from tempfile import NamedTemporaryFile

import click

from hotline.settings import Settings
from hotline.store import people
from hotline.store.engine import reading
from workers import delivering, quarantine_commands
from workers.digests import composing, schedule
from workers.office import Office


def groups() -> dict[str, dict[str, click.Command]]:
    """The commands of each group."""
    return {"digest": {"preview": preview, "send": send}, "quarantine": quarantine_commands.COMMANDS}


@click.command(
    "preview",
    help="What LIAISON's next digest would say: its text here and, at a terminal, its HTML in the browser. "
    "LIAISON is an id, its beginning, a phone or a name.",
)
@click.argument("who", metavar="LIAISON")
@click.option("--html", is_flag=True, help="Print the e-mail's HTML instead of its text.")
@click.option("--open/--no-open", "shown", default=None, help="Open the HTML in the browser; by default at a terminal.")
def preview(who: str, html: bool, shown: bool | None) -> None:
    office = Office.open(Settings.read())
    with reading(office.engine) as connection:
        letter = composing.preview(office, connection, people.find(connection, office.vault, who))
    if letter is None:
        click.echo("nothing waits for this liaison")
        return
    click.echo(letter.html if html else f"{letter.subject}\n\n{letter.text}")
    if shown or (shown is None and not html and sys.stdout.isatty()):
        _open(letter.html)


def _open(html: str) -> None:
    """Shows a page in the operator's browser. The file is theirs alone to read, and theirs to delete."""
    with NamedTemporaryFile("w", suffix=".html", prefix="digest-", delete=False, encoding="utf-8") as file:
        file.write(html)
    webbrowser.open(Path(file.name).as_uri())


@click.command("send", help="Send the digests that are due, or with --now whatever waits for anybody.")
@click.option("--now", "everything", is_flag=True, help="Whatever waits, whatever the hour.")
def send(everything: bool) -> None:
    office = Office.open(Settings.read())
    made = schedule.send_everything(office) if everything else schedule.send_due(office)
    left = delivering.deliver(office)
    click.echo(f"{made} digests made, {left} messages left")
    sys.stdout.flush()
