"""Recorded stories: fetched, erased at the carrier, written down by an engine or a person, and then like any other."""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from furniture import change, count_of, only_case, rows, rung, sid
from sqlalchemy import select, update

from hotline.lab import Lab
from hotline.lab.records import Recording
from hotline.store import recordings as store
from hotline.store.call_tables import recordings
from hotline.store.engine import utcnow
from hotline.store.schema import erasures, messages
from workers import erasure, filing, listening
from workers.listening import RecordingError
from workers.office import Office

WORDS = "me estan extorsionando en Iztapalapa, piden que deposite hoy"


@pytest.fixture
def told(connected: Office, carrier_lab: Lab) -> str:
    """The id of a recording that the carrier holds and the web has noted."""
    recording, call = sid("RE"), sid("CA")
    carrier_lab.carrier.recordings[recording] = Recording(recording, call, 7, WORDS)
    with connected.engine.begin() as connection:
        for _ in range(2):
            store.note(
                connection, recording, call_id=call, report_id=connected.vault.report_id(call), language="nah",
                now=utcnow() - timedelta(seconds=10),
            )  # fmt: skip
    return recording


def row(office: Office) -> dict[str, Any]:
    [found] = rows(office.engine, select(recordings))
    return found


def with_engine(office: Office, script: str, tmp_path: Path) -> Office:
    """`office` with a transcription command: a Python script of one line."""
    command = shlex.join([sys.executable, "-c", script])
    settings = office.settings.model_copy(update={"transcribe": command, "var": tmp_path})
    return replace(office, settings=settings)


def test_what_the_engine_hears_becomes_a_case_and_no_audio_is_left(
    connected: Office, carrier_lab: Lab, told: str, tmp_path: Path
) -> None:
    script = f"import sys; assert open(sys.argv[1],'rb').read(4) == b'RIFF' and sys.argv[2] == 'nah'; print({WORDS!r})"
    assert listening.listen(with_engine(connected, script, tmp_path)) == 1
    filing.drain(connected)
    case = only_case(connected)
    assert (case.kind, case.area) == ("extorsion", "09007") and "deposite hoy" in str(case.parts[0].text)
    assert (row(connected)["state"], row(connected)["audio"]) == ("written", None)
    assert list(tmp_path.glob("listening-*")) == []
    assert erasure.erase(connected) >= 1 and told not in carrier_lab.carrier.recordings
    assert listening.listen(connected) == 0


@pytest.mark.parametrize("script", ["raise SystemExit(1)", "pass", None])
def test_what_no_engine_hears_waits_encrypted_for_a_person(
    connected: Office, carrier_lab: Lab, told: str, tmp_path: Path, script: str | None
) -> None:
    office = with_engine(connected, script, tmp_path) if script else connected
    assert listening.listen(office) == 1
    kept = row(office)
    assert kept["state"] == "kept" and b"RIFF" not in kept["audio"] and count_of(office.engine, messages) == 0
    erasure.erase(office)
    assert told not in carrier_lab.carrier.recordings
    with office.engine.connect() as connection:
        assert listening.audio_of(office, connection, told)[:4] == b"RIFF"
        assert [each.id for each in store.listed(connection)] == [told]
    listening.write_down(office, told, WORDS)
    assert "drain_inbox" in rung(office)
    filing.drain(office)
    assert only_case(office).area == "09007"
    with office.engine.connect() as connection:
        assert store.listed(connection) == []
        with pytest.raises(RecordingError, match="none of this id is kept"):
            listening.audio_of(office, connection, told)
    with pytest.raises(RecordingError, match="none of this id waits"):
        listening.write_down(office, told, WORDS)


def test_a_recording_that_cannot_be_fetched_yet_comes_later(connected: Office, carrier_lab: Lab, told: str) -> None:
    carrier_lab.carrier.fail("recordings.media", status=503)
    assert listening.listen(connected) == 0
    waiting = row(connected)
    assert waiting["state"] == "waiting" and waiting["due_at"] > utcnow()
    change(connected.engine, update(recordings).values(due_at=utcnow()))
    assert listening.listen(connected) == 1 and row(connected)["state"] == "kept"


def test_a_recording_that_is_not_there_is_given_up_in_the_end(connected: Office, carrier_lab: Lab, told: str) -> None:
    carrier_lab.carrier.recordings.clear()
    for _ in range(10):
        listening.listen(connected)
        change(connected.engine, update(recordings).values(due_at=utcnow()))
    assert row(connected)["state"] == "failed" and count_of(connected.engine, erasures) == 0


def test_a_recording_that_nobody_could_note_is_found_at_the_carrier(connected: Office, carrier_lab: Lab) -> None:
    recording, call = sid("RE"), sid("CA")
    carrier_lab.carrier.recordings[recording] = Recording(recording, call, 7, WORDS)
    assert listening.take_in_missed(connected) == 0, "this profile records nothing"
    menu = connected.profile.menu
    tongues = {code: replace(tongue, records=True) for code, tongue in menu.tongues.items()}
    profile = replace(connected.profile, menu=replace(menu, tongues=tongues))
    recording_office = replace(connected, profile=profile)
    assert [listening.take_in_missed(recording_office) for _ in range(2)] == [1, 0]
    assert (row(connected)["id"], row(connected)["report_id"]) == (recording, connected.vault.report_id(call))


@pytest.mark.parametrize(("days", "left"), [(29, 1), (31, 0)])
def test_audio_has_its_time(connected: Office, told: str, days: int, left: int) -> None:
    listening.listen(connected)
    with connected.engine.begin() as connection:
        store.forget(connection, utcnow() + timedelta(days=days), connected.profile.menu.recording_days)
    assert count_of(connected.engine, recordings) == left
