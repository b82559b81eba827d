"""What a text wants: a report unless it is plainly something else; and a liaison's OK."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from harness.processes import ROOT
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.dialogue.intents import acknowledged_code, understand
from hotline.profile import load
from hotline.profile.intents import INTENTS

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
        ("a" * 1600, "reporte"),
        ("alerta " * 200, "reporte"),
    ],
)
def test_what_it_wants(text: str, intent: str) -> None:
    assert understand(text, OSC).intent == intent


def _messages() -> Iterator[tuple[str, str]]:
    intent = ""
    for line in (Path(__file__).parent / "messages.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            intent = line.strip("[]")
        elif line and not line.startswith("#"):
            yield line, intent


MESSAGES = list(_messages())


@pytest.mark.parametrize(("text", "intent"), MESSAGES)
def test_what_people_write(text: str, intent: str) -> None:
    assert understand(text, OSC).intent == intent


@pytest.mark.parametrize("intent", INTENTS)
def test_every_intent_is_asked_for_in_many_ways(intent: str) -> None:
    assert sum(one == intent for _, one in MESSAGES) >= 8


@pytest.mark.parametrize("danger", ["me estan amenazando", "o me matan", "se llevaron a mi hijo", "traen pistola"])
def test_a_request_with_danger_in_it_is_a_report(danger: str) -> None:
    mixed = [f"{text} {danger}" for text, intent in MESSAGES if intent not in ("reporte", "opinion")]
    mixed += [f"{danger} {text}" for text, intent in MESSAGES if intent not in ("reporte", "opinion")]
    assert len(mixed) > 500
    assert [text for text in mixed if understand(text, OSC).intent != "reporte"] == []


@pytest.mark.parametrize(
    ("text", "intent", "area", "argument"),
    [
        ("hola buenas quisiera saber las jornadas d iztapalapa", "jornadas", "09007", None),
        ("altacuauhtemoc", "alta", "09015", None),
        ("ALTA MILPA ALTA", "alta", "09009", None),
        ("baja en la gam por favor", "baja", "09005", None),
        ("clave 004 552 3258", "estado", None, "0045523258"),
        ("0045523258", "estado", None, "0045523258"),
        ("hola, 00 45 52 32 58 gracias", "estado", None, "0045523258"),
        ("estado0045523258", "estado", None, "0045523258"),
        ("estado 0045523259", "estado", None, "0045523259"),
        ("ESTADO", "estado", None, None),
        ("numero 044 55 1234 5678", "numero", None, "5512345678"),
        ("numero +52 1 55 1234 5678", "numero", None, "5512345678"),
        ("checar 722.123.4567", "numero", None, "7221234567"),
        ("NUMERO(55)12345678", "numero", None, "5512345678"),
        ("numero", "numero", None, None),
        ("ENGLISH", "idioma", None, "en"),
        ("no hablo español, hablo mixteco", "idioma", None, "mix"),
        ("idioma", "idioma", None, None),
        ("mas patrullas en tlalpan por las noches", "patrulla", "09012", None),
    ],
)
def test_its_place_and_its_argument(text: str, intent: str, area: str | None, argument: str | None) -> None:
    found = understand(text, OSC)
    assert (found.intent, found.area, found.argument) == (intent, area, argument)


@pytest.mark.parametrize("text", ["0045523259", "5512345678", "55 1234 5678", "fue 0045523258 el que me marco"])
def test_ten_digits_that_are_no_clave_may_be_the_other_sides_phone(text: str) -> None:
    assert understand(text, OSC).intent == "reporte"


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
    assert understand(text, OSC).intent in ("reporte", *INTENTS)
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
