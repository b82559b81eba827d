"""The commands for whoever writes recorded stories down: they need the keys that open."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

import click

from hotline.settings import Settings
from hotline.store import recordings
from hotline.store.engine import reading
from workers.listening import RecordingError, audio_of, write_down
from workers.office import Office

T = TypeVar("T")


def recording_commands() -> dict[str, click.Command]:
    return {"list": list_, "save": save, "write": write}


@click.command("list", help="Recorded stories that nobody has written down yet, oldest first.")
def list_() -> None:
    office = Office.open(Settings.read())
    with reading(office.engine) as connection:
        for each in recordings.listed(connection):
            click.echo(f"{each.id}  {each.language}  {each.state:8}  {each.created_at:%Y-%m-%d %H}:00Z")


@click.command("save", help="Save the audio of RECORDING, a WAV, to FILE, for an interpreter; delete it afterwards.")
@click.argument("recording")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def save(recording: str, file: Path) -> None:
    office = Office.open(Settings.read())
    with reading(office.engine) as connection:
        audio = _in_one_line(partial(audio_of, office, connection, recording))
    file.touch(mode=0o600)
    file.write_bytes(audio)


@click.command("write", help="What RECORDING says, from standard input, joins its report. The audio is destroyed.")
@click.argument("recording")
def write(recording: str) -> None:
    office = Office.open(Settings.read())
    _in_one_line(partial(write_down, office, recording, sys.stdin.read()))
    click.echo("written down")


def _in_one_line(deed: Callable[[], T]) -> T:
    try:
        return deed()
    except RecordingError as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from None
