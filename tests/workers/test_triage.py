"""Sorting reports: measured on two sets of messages, and decided one by one where a mistake would cost most."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hotline.profile import load
from workers.triage import Triage

HERE = Path(__file__).parent
URGENT = {"P1", "P2"}
osc = load("osc")
triage = Triage(osc)


def messages(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (HERE / name).read_text("utf-8").splitlines()]


def measured(rows: list[dict[str, Any]]) -> dict[str, float]:
    """Shares of 1: kinds right, urgent ones called urgent, places right where one is named, none invented."""
    sorted_rows = [(row, triage.classify(row["text"])) for row in rows]
    urgent = [(row, got) for row, got in sorted_rows if row["urgency"] in URGENT]
    calm = [(row, got) for row, got in sorted_rows if row["urgency"] not in URGENT]
    placed = [(row, got) for row, got in sorted_rows if row["state"]]
    unplaced = [(row, got) for row, got in sorted_rows if not row["state"]]
    return {
        "kind": sum(row["kind"] == got.kind for row, got in sorted_rows) / len(sorted_rows),
        "urgent": sum(got.urgency in URGENT for _, got in urgent) / len(urgent),
        "calm": sum(got.urgency not in URGENT for _, got in calm) / len(calm),
        "place": sum((row["area"], row["state"]) == (got.area, got.state) for row, got in placed) / len(placed),
        "no place": sum(got.state is None for _, got in unplaced) / len(unplaced),
    }


@pytest.mark.parametrize(
    ("name", "least"),
    [
        # The tables were written with these before the eyes.
        ("triage_messages.jsonl", {"kind": 0.97, "urgent": 0.99, "calm": 0.9, "place": 0.98, "no place": 0.97}),
        # These were kept apart: no word of the tables comes from them.
        ("triage_messages_heldout.jsonl", {"kind": 0.9, "urgent": 0.97, "calm": 0.85, "place": 0.95, "no place": 0.95}),
    ],
)
def test_messages_of_all_manners_are_sorted(name: str, least: dict[str, float]) -> None:
    reached = measured(messages(name))
    assert {what: share for what, share in reached.items() if share < least[what]} == {}


def test_there_are_messages_of_every_kind_and_urgency() -> None:
    rows = messages("triage_messages.jsonl") + messages("triage_messages_heldout.jsonl")
    assert len(rows) > 250
    assert {row["kind"] for row in rows} == set(osc.kinds)
    assert {row["urgency"] for row in rows} == {"P1", "P2", "P3", "P4"}
    assert {row["area"] for row in rows} >= set(osc.areas)


def test_what_people_of_the_street_say_shortly_is_sorted() -> None:
    """One way of telling a line: who is complained of, what is asked, by what way; written to teach the tables."""
    rows = messages("triage_street.jsonl")
    got = [triage.classify(row["text"]) for row in rows]
    assert [
        row["text"] for row, one in zip(rows, got, strict=True) if row["urgency"] == "P1" and one.urgency > "P2"
    ] == []
    urgent = [one.urgency in URGENT for row, one in zip(rows, got, strict=True) if row["urgency"] in URGENT]
    calm = [one.urgency in URGENT for row, one in zip(rows, got, strict=True) if row["urgency"] not in URGENT]
    assert sum(urgent) / len(urgent) >= 0.97
    assert sum(calm) / len(calm) <= 0.1
    assert sum(row["kind"] == one.kind for row, one in zip(rows, got, strict=True)) / len(rows) >= 0.95


DECIDED = [
    # Life or liberty now.
    ("mi hijo no aparece desde ayer", "secuestro", "P1"),
    ("me están siguiendo", "violencia", "P1"),
    ("NO RESPIRA MI ABUELO", "violencia", "P1"),
    ("ya no quiero vivir", "violencia", "P1"),
    ("mi marido me esta pegando", "violencia", "P1"),
    ("me tienen encerrada y no me dejan salir", "secuestro", "P1"),
    ("tengo 14 años y un señor me pide fotos desnuda", "extorsion", "P1"),
    ("dicen que tienen a mi mama y no me contesta", "engano_telefonico", "P1"),
    ("estoy en un hotel y me dicen que no cuelgue", "engano_telefonico", "P1"),
    # Threatened, or still to be paid.
    ("si no deposito 10 mil me matan", "extorsion", "P2"),
    ("kieren q deposite o matan a mi ijo", "extorsion", "P2"),
    ("nos cobran piso cada semana", "cobro_de_piso", "P2"),
    ("anoche me asaltaron con pistola", "violencia", "P2"),
    # Tried, over, or a tip.
    ("dijeron que tenian a mi hija pero estaba conmigo, colgue", "engano_telefonico", "P3"),
    ("me quisieron extorsionar la semana pasada, no cai", "extorsion", "P3"),
    ("ase un mes me robaron la bici", "violencia", "P3"),
    ("venden droga en la esquina", "actividad_sospechosa", "P3"),
    ("el policia me pidio mordida", "queja_autoridad", "P3"),
    ("en el alcoholimetro me pidieron dinero", "conduce_sin_alcohol", "P3"),
    ("me clonaron la tarjeta", "fraude", "P3"),
    # No reports.
    ("BAJA", "otro", "P4"),
    ("alta iztapalapa", "otro", "P4"),
    ("gracias por su ayuda", "otro", "P4"),
    ("cuando es la proxima jornada", "otro", "P4"),
    ("cuantas extorsiones hubo este mes", "otro", "P4"),
    ("como puedo denunciar una extorsion", "otro", "P4"),
    ("felicidades ganaste un carro responde si", "otro", "P4"),
    ("", "otro", "P4"),
    ("???", "otro", "P4"),
    ("Iztapalapa", "otro", "P4"),
    ("soy de la gam", "otro", "P4"),
    ("911", "otro", "P4"),
]


@pytest.mark.parametrize(("text", "kind", "urgency"), DECIDED)
def test_single_decisions(text: str, kind: str, urgency: str) -> None:
    got = triage.classify(text)
    assert (got.kind, got.urgency) == (kind, urgency)


@pytest.mark.parametrize(
    "text",
    [
        "jaja dicen que secuestraron a mi hijo y no lo encuentro",  # a joke's laughter beside a missing child
        "no me contesta mi hija y piden rescate",
        "si no pago me matan",  # "si no" denies nothing
        "no quiero que me maten",
        "ayer se llevaron a mi hermano",  # past, and not over
        "hace un año me secuestraron y ahora volvieron a buscarme con pistola",
        "gracias, pero mi esposo me sigue golpeando",  # thanks first
        "quiero informacion, me tienen amenazada de muerte",  # a question first
        "hola buenas tardes perdon la molestia nos van a quemar el local",
        "la neta ya no se que hacer con estos chavos que vienen diario por lo suyo",  # no word that is known
        "tengo miedo",
    ],
)
def test_doubt_goes_upward(text: str) -> None:
    assert triage.classify(text).urgency in URGENT


@pytest.mark.parametrize(
    ("said", "denied"),
    [
        ("me golpearon en mi casa hoy", "no me golpearon en mi casa hoy"),
        ("se oyen balazos en la calle", "no se oyen balazos en la calle"),
        ("ayer me amenazaron por telefono", "nunca me amenazaron por telefono"),
    ],
)
def test_what_is_denied_weighs_less(said: str, denied: str) -> None:
    assert triage.classify(denied).urgency > triage.classify(said).urgency or (
        triage.classify(denied).kind != triage.classify(said).kind
    )


def test_if_not_is_a_threat_and_no_denial() -> None:
    assert triage.classify("y si no me golpea").kind == "violencia"
    assert triage.classify("y no me golpea").kind == "otro"


def test_the_place_comes_from_the_same_finder_as_everywhere() -> None:
    got = triage.classify("nos cobran piso en el mercado de la merced")
    assert (got.area, got.state) == ("09017", "09")


def test_sorting_is_fast_enough_for_a_full_inbox() -> None:
    texts = [row["text"] for row in messages("triage_messages.jsonl")]

    def seconds_each() -> float:
        start = time.process_time()
        for text in texts:
            triage.classify(text)
        return (time.process_time() - start) / len(texts)

    # 300 µs are promised; the margin is for slow machines under load.
    assert min(seconds_each() for _ in range(3)) < 0.001


@pytest.mark.parametrize(
    "piece", ["se llevaron a mi hijo ", "no me ", "salio iba ", "san juan de ", "a", "12345 ", "é😀 ", "lo la me "]
)
def test_time_grows_with_the_length_of_the_text_and_no_faster(piece: str) -> None:
    def seconds(count: int) -> float:
        start = time.process_time()
        triage.classify(piece * count)
        return time.process_time() - start

    seconds(500)
    assert min(seconds(4_000) for _ in range(2)) < 30 * max(min(seconds(500) for _ in range(3)), 0.001)


class Filter:
    """`python -m workers.triage`, spoken to line by line."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "workers.triage"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def answer(self, line: bytes) -> dict[str, Any]:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(line + b"\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def close(self) -> int:
        assert self._process.stdin
        self._process.stdin.close()
        return self._process.wait(timeout=10)


@pytest.fixture
def filtering() -> Iterator[Filter]:
    running = Filter()
    yield running
    assert running.close() == 0


def test_the_filter_answers_every_line_at_once_and_in_order(filtering: Filter) -> None:
    first = filtering.answer(b'{"text": "me cobran piso en tepito"}')
    assert first == {"kind": "cobro_de_piso", "urgency": "P2", "area": "09015", "state": "09"}
    second = filtering.answer(b'{"text": "BAJA", "caller": "+525500000000"}')
    assert second == {"kind": "otro", "urgency": "P4", "area": None, "state": None}


def test_the_filter_goes_on_after_malformed_lines(filtering: Filter) -> None:
    malformed = ["", "not json", "[]", "7", "null", '"text"', "{}", '{"text": 5}', '{"text": null}', "[" * 100_000]
    for line in [line.encode() for line in malformed] + [b'{"text": "\xff"}']:
        assert list(filtering.answer(line)) == ["error"]
        assert filtering.answer(b'{"text": "jornada"}')["kind"] == "otro"


@pytest.mark.parametrize("text", ["\ud800", "\x00", "😀" * 50, "ñ" * 5_000, "\u202e\u200b", "𝐬𝐞𝐜𝐮𝐞𝐬𝐭𝐫𝐨"])
def test_no_text_is_too_strange(text: str) -> None:
    assert triage.classify(text).kind in osc.kinds


def test_the_filter_tells_which_profile_it_cannot_read() -> None:
    environment = {**os.environ, "HOTLINE_PROFILE": "nowhere"}
    ended = subprocess.run(
        [sys.executable, "-m", "workers.triage"], input="", capture_output=True, text=True, env=environment, check=False
    )
    assert ended.returncode == 1
    assert "nowhere" in ended.stderr
    assert ended.stderr.count("\n") == 1
