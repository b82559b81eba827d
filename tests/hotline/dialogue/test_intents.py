"""What a text wants: a report unless it is plainly something else; and a liaison's OK."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from harness.processes import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.dialogue.intents import acknowledged_code, understand
from hotline.profile import load

OSC = load("osc")


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        *[
            (word, "ayuda")
            for word in ("AYUDA", "ayuda", "Ayuda.", "¡ayuda!", " ayuda ", "HELP", "info", "información")
        ],
        ("a y u d a", "ayuda"),
        # Somebody who cries for help reports; only the word alone asks for instructions.
        ("ayuda me estan robando", "reporte"),
        ("ayuda x favor se llevaron a mi hijo", "reporte"),
        ("auxilio", "reporte"),
        ("ok", "reporte"),
        ("", "reporte"),
        ("   ", "reporte"),
        ("💥", "reporte"),
        ("1", "reporte"),
        ("STOP", "reporte"),
        ("a" * 1600, "reporte"),
    ],
)
def test_what_it_wants(text: str, intent: str) -> None:
    assert understand(text, OSC).intent == intent


@pytest.mark.parametrize(
    ("text", "area", "state"),
    [
        ("me robaron en Iztapalapa", "09007", "09"),
        ("iztapalapa", "09007", "09"),
        ("fue en puebla", None, "21"),
        ("me robaron", None, None),
    ],
)
def test_which_place_it_names(text: str, area: str | None, state: str | None) -> None:
    found = understand(text, OSC)
    assert (found.area, found.state, found.names_place) == (area, state, area is not None or state is not None)


@given(st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_nothing_is_too_strange_to_be_understood(text: str) -> None:
    assert understand(text, OSC).intent in ("reporte", "ayuda")
    acknowledged_code(text)


@pytest.mark.parametrize(
    "text",
    [
        "OK K7M2P", "ok k7m2p", "Ok k7M2p", "OK: K7M2P.", "okk7m2p", "oK-k7m2p", "ok  k7m2p ", " ok k7m2p", "OK\nK7M2P",
        "o.k. k7m2p", "okay k7m2p", "okey K7M2P", "¡ok! k7m2p", "OK, k7m2p!", "ok #k7m2p", "OK “K7M2P”",
    ],
)  # fmt: skip
def test_a_liaisons_ok(text: str) -> None:
    assert acknowledged_code(text) == "K7M2P"


@pytest.mark.parametrize(
    "text",
    [
        "", "ok", "okay", "OK.", "k7m2p", "ok gracias", "ok enterado", "okas", "ok ya voy", "ok k7m2p gracias",
        "ok k7m", "ok k7m2p9x8y", "no ok k7m2p", "ok k7m2p, me robaron en iztapalapa ayer por la noche", "oksana k7m2p",
        "ok extorsion", "ok policia", "ok auxilio",
    ],
)  # fmt: skip
def test_what_is_no_ok_is_somebodys_words(text: str) -> None:
    assert acknowledged_code(text) is None


def test_the_filter_answers_a_line_a_line() -> None:
    lines = [
        json.dumps({"text": "me robaron en Iztapalapa"}), json.dumps({"text": "AYUDA"}), "no es json",
        json.dumps({"x": 1}), json.dumps({"text": None}), json.dumps({"text": ""}),
        json.dumps({"text": "línea\nlínea ñ 💥"}),
    ]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "hotline.dialogue"], input="\n".join(lines) + "\n", capture_output=True, text=True,
        cwd=ROOT, check=True,
    )  # fmt: skip
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(lines) and done.stderr == ""
    assert answers[0] == {"intent": "reporte", "area": "09007", "argument": None}
    assert answers[1] == {"intent": "ayuda", "area": None, "argument": None}
    assert [("error" in answer) for answer in answers] == [False, False, True, True, True, False, False]
