"""Recorded stories: fetched from the carrier, its copy deleted, and written down by a local engine or a person.

The engine is a command of the operator's (`HOTLINE_TRANSCRIBE`), which gets a file's name and the language as further
arguments and prints the words. Without one the audio waits, encrypted, for an interpreter. What is written down joins
its report like anything else that was said; no liaison ever gets the audio.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import tempfile
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from hotline.carrier.client import CarrierError, Refused
from hotline.logs import log
from hotline.store.call_tables import recordings
from hotline.store.door import Arrival, DoorRules, admit
from hotline.store.engine import reading, utcnow
from hotline.store.receipts import erase_copy
from hotline.store.recordings import note
from hotline.vault import CannotOpen
from workers.leases import claim
from workers.office import Office

# One fetch at its timeout and one transcription.
LEASE = timedelta(seconds=400)
_ENGINE_SECONDS = 300
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=1)
_MOST_ATTEMPTS = 40
_LOOK_BACK = timedelta(days=2)


class RecordingError(Exception):
    """A recording cannot be had or written down as asked. One line: which, and how to mend it."""


def listen(office: Office) -> int:
    """Takes in every recording that the carrier holds for us; how many."""
    taken = 0
    while True:
        now = utcnow()
        with office.engine.begin() as connection:
            _, rows = claim(
                connection,
                recordings,
                key="id",
                where=(recordings.c.state == "waiting") & (recordings.c.due_at <= now),
                order=[recordings.c.due_at],
                limit=1,
                lease=LEASE,
                now=now,
            )
        if not rows:
            return taken
        taken += _one(office, rows[0])


def take_in_missed(office: Office) -> int:
    """Notes recordings that the carrier holds and nobody noted, the database having been away; how many. A profile that
    records nothing has none. Raises `CarrierError`."""
    languages = [tongue.code for tongue in office.profile.menu.offered if tongue.records]
    if not languages:
        return 0
    now = utcnow()
    listed = dict(office.carrier.recordings_since(now - _LOOK_BACK))
    with office.engine.begin() as connection:
        known = set(connection.scalars(select(recordings.c.id).where(recordings.c.id.in_(listed))))
        missed = [each for each in listed if each not in known]
        for each in missed:
            call_id, report_id = listed[each], office.vault.report_id(listed[each])
            note(connection, each, call_id=call_id, report_id=report_id, language=languages[0], now=now)
    return len(missed)


def audio_of(office: Office, connection: Connection, recording: str) -> bytes:
    """The audio of a kept recording, for an interpreter. Raises `RecordingError`."""
    cipher = connection.scalar(select(recordings.c.audio).where(recordings.c.id == recording))
    if cipher is None:
        raise RecordingError("RECORDING: none of this id is kept; look with: flask --app hotline recording list")
    try:
        return office.vault.decrypt(cipher, about=f"recording:{recording}")
    except CannotOpen as error:
        raise RecordingError(f"RECORDING: {error}") from None


def write_down(office: Office, recording: str, words: str) -> None:
    """What a recording says joins its report; the audio is destroyed. Raises `RecordingError`."""
    with reading(office.engine) as connection:
        row = connection.execute(
            select(recordings).where(recordings.c.id == recording, recordings.c.state == "kept")
        ).one_or_none()
    if row is None:
        raise RecordingError("RECORDING: none of this id waits; look with: flask --app hotline recording list")
    if not words.strip():
        raise RecordingError("nothing was written; give the words on standard input")
    _written(office, row, words)


def _one(office: Office, row: Row[Any]) -> bool:
    try:
        audio = office.carrier.recording(row.id)
    except CarrierError as error:
        log("listening").warning("recording not fetched", status=error.status, attempts=row.attempts)
        gone = isinstance(error, Refused) and row.attempts > 5  # it may only not be ready yet
        wait = min(_FIRST_WAIT * row.attempts, _LONGEST_WAIT)
        lost = gone or row.attempts >= _MOST_ATTEMPTS
        _note(office, row, **({"state": "failed"} if lost else {"due_at": utcnow() + wait}))
        return False
    words = _transcribe(office, audio, row.language)
    if words:
        _written(office, row, words)
        return True
    cipher = office.vault.encrypt(audio, about=f"recording:{row.id}")
    _note(office, row, state="kept", audio=cipher)
    return True


def _transcribe(office: Office, audio: bytes, language: str) -> str:
    """The words that the operator's engine hears; "" without one, or when it fails: then a person listens."""
    command = office.settings.transcribe
    if not command:
        return ""
    try:
        with tempfile.NamedTemporaryFile(dir=office.settings.var, prefix="listening-", suffix=".wav") as file:
            file.write(audio)
            file.flush()
            done = subprocess.run(
                [*shlex.split(command), file.name, language],
                capture_output=True,
                timeout=_ENGINE_SECONDS,
                check=True,
            )
    except (OSError, subprocess.SubprocessError) as error:
        log("listening").error("the engine of HOTLINE_TRANSCRIBE failed", cause=type(error).__name__)
        return ""
    return done.stdout.decode("utf-8", "replace").strip()


def _written(office: Office, row: Row[Any], words: str) -> None:
    """The words go in through the door like a caller's own; the recording is over in the same transaction."""
    now = utcnow()
    contents = {"call": row.call_id, "from": None, "step": "recording", "body": words}
    arrival = Arrival(
        id=f"{row.call_id}:{row.id}"[:64],
        report_id=row.report_id,
        sender=None,
        channel="voz",
        received_at=now,
        ready_at=now,
        sealed=office.vault.seal(json.dumps(contents, ensure_ascii=False).encode()),
        joins=False,
        wants_answer=False,
    )
    clocks = office.profile.clocks
    rules = DoorRules(timedelta(minutes=clocks.join_minutes), clocks.answers_per_hour)
    with office.engine.begin() as connection:
        admit(connection, [arrival], rules, office.vault.hash_of_clave)
        connection.execute(
            update(recordings)
            .where(recordings.c.id == row.id)
            .values(state="written", audio=None, lease=None, lease_until=None)
        )
        erase_copy(connection, row.id, now)
    office.bell.ring("drain_inbox")
    office.bell.ring("erase")


def _note(office: Office, row: Row[Any], **values: Any) -> None:
    mine = (recordings.c.id == row.id) & (recordings.c.lease == row.lease)
    with office.engine.begin() as connection:
        done = connection.execute(update(recordings).where(mine).values(lease=None, lease_until=None, **values))
        if done.rowcount and values.get("state") == "kept":
            erase_copy(connection, row.id, utcnow())
