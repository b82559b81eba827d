"""A language without a voice: every prompt is a recording of ours, served as the carrier likes it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from furniture import PUBLIC_URL, environment, rows, sid
from posting import Carrier
from sqlalchemy import Engine, select
from walking import Caller

import hotline.profile
from hotline import create_app, intake
from hotline.profile import load
from hotline.settings import Settings
from hotline.store.call_tables import recordings
from hotline.vault import Vault

RECORDING = "RE" + "4d" * 16
SOUND = b"ID3" + bytes(200)


@pytest.fixture
def spoken(tmp_path: Path) -> Path:
    """A profile with a language of recordings, and one Spanish prompt recorded too."""
    folder = tmp_path / "mine"
    shutil.copytree(Path(hotline.profile.__file__).parent / "osc", folder)
    menu = folder / "menu.toml"
    menu.write_text(menu.read_text("utf-8").replace("[clocks]", '[languages.nah]\nkey = "6"\n\n[clocks]'), "utf-8")
    missing = load.__wrapped__(str(folder)).menu.missing["nah"]
    for language, names in (("nah", missing), ("es", ("voice.story", "voice.place_noted"))):
        (folder / "recordings" / language).mkdir(parents=True)
        for name in names:
            (folder / "recordings" / language / f"{name}.mp3").write_bytes(SOUND)
    return folder


@pytest.fixture
def carrier(
    spoken: Path, sqlite: Engine, keys: Path, vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Carrier]:
    monkeypatch.setattr(intake, "_DRAIN_EVERY_SECONDS", 3600)
    database = f"sqlite:///{tmp_path / 'hotline.db'}"
    settings = Settings.read(environment(database, keys, tmp_path / "var", HOTLINE_PROFILE=str(spoken)))
    app = create_app(settings)
    yield Carrier(app, app.test_client(), sqlite, vault)
    app.extensions["front_desk"].engine.dispose()


def test_a_whole_call_without_a_voice(carrier: Carrier) -> None:
    caller = Caller(carrier).dials().hears("marque 8").presses("8").hears("For English", "invitation.nah.mp3")
    caller.presses("6").hears("nah/voice.welcome.mp3", "nah/menu.main.1.mp3").presses("1").presses("3").presses("09")
    caller.hears("nah/voice.place_noted.mp3", "nah/voice.story.mp3").does_not_hear("Iztapalapa")
    recorder = caller.verbs[-1]
    assert (recorder.name, recorder["maxLength"]) == ("Record", "300")
    path = recorder["action"].removeprefix(PUBLIC_URL)
    told = {"RecordingSid": RECORDING, "RecordingUrl": "https://x", "RecordingDuration": "9", "Digits": "hangup"}
    caller.verbs = carrier.steps(path, caller.call, **told)
    carrier.posts(recorder["recordingStatusCallback"], {"CallSid": caller.call, **told})
    [row] = rows(carrier.engine, select(recordings))
    assert (row["id"], row["language"], row["state"]) == (RECORDING, "nah", "waiting")
    assert row["report_id"] == carrier.vault.report_id(caller.call)
    clave = carrier.vault.clave(carrier.vault.report_id(caller.call))
    spoken = [part.partition("?")[0] for part in caller.heard.split(PUBLIC_URL)]
    digits = [part.partition("digit.")[2][0] for part in spoken if "digit." in part]
    assert "".join(digits) == clave * 2
    assert all(verb.name == "Play" for verb in caller.asked.children)


def test_a_prompt_of_a_spoken_language_may_be_recorded_unless_values_stand_in_it(carrier: Carrier) -> None:
    caller = Caller(carrier).dials().presses("1").presses("3").presses("09")
    caller.hears("Anotado: Iztapalapa", "es/voice.story.mp3").does_not_hear("Cuénteme")


def test_a_recording_is_served_with_its_type_and_may_be_kept(carrier: Carrier) -> None:
    caller = Caller(carrier).dials().presses("8").presses("6")
    url = caller.asked.children[0].text
    assert url.startswith(f"{PUBLIC_URL}/voice/sounds/nah/voice.welcome.mp3?v=")
    answer = carrier.client.get(url.removeprefix(PUBLIC_URL))
    assert (answer.status_code, answer.content_type, answer.data) == (200, "audio/mpeg", SOUND)
    assert "max-age=604800" in answer.headers["Cache-Control"] and "public" in answer.headers["Cache-Control"]
    again = carrier.client.get(url.removeprefix(PUBLIC_URL), headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["nah/nothing.mp3", "../menu.toml", "nah/../../menu.toml", "nah/", "%2e%2e/menu.toml"])
def test_nothing_but_recordings_is_served(carrier: Carrier, path: str) -> None:
    assert carrier.client.get(f"/voice/sounds/{path}").status_code in (404, 308, 405)
    assert carrier.client.get(f"/voice/sounds/{path}").data.find(b"menus.main") == -1


def test_a_language_that_nobody_offers_is_spoken_in_the_first(carrier: Carrier) -> None:
    verbs = carrier.steps("/voice/menu?at=main&lang=xyz", sid("CA"), Digits="1")
    assert "Cuéntenos" in verbs[0].children[0].text
