"""`python -m workers.anonymise`: a line in, a line out, whatever the line."""

from __future__ import annotations

import json
import subprocess
import sys
from types import SimpleNamespace

import pytest

from workers.anonymise import Anonymiser
from workers.anonymise.__main__ import answer, bench

ANONYMISER = Anonymiser(SimpleNamespace(public_numbers=frozenset({"911"})))


def test_a_message_gives_text_and_spans_without_values() -> None:
    out = json.loads(answer(ANONYMISER, '{"text": "soy lupita, me marcan del 5504127788"}'))
    assert out == {
        "text": "soy [NOMBRE], me marcan del [TELÉFONO DEL SOSPECHOSO]",
        "spans": [
            {"start": 4, "end": 10, "type": "NOMBRE", "owner": "reporter"},
            {"start": 26, "end": 36, "type": "TELEFONO", "owner": "suspect"},
        ],
    }


def test_the_caller_is_heeded() -> None:
    out = json.loads(answer(ANONYMISER, '{"text": "me marcan del 5504127788", "caller": "+525504127788"}'))
    assert [span["owner"] for span in out["spans"]] == ["reporter"]


@pytest.mark.parametrize(
    "line", ["", "x", "[]", "{}", '{"text": 1}', '{"text": "a", "caller": 5}', "null", "[" * 100_000]
)
def test_a_malformed_line_gives_an_error(line: str) -> None:
    assert list(json.loads(answer(ANONYMISER, line))) == ["error"]


def test_offsets_are_code_points_and_lone_surrogates_pass() -> None:
    out = json.loads(answer(ANONYMISER, json.dumps({"text": "\U0001f600\ud800 soy lupita"})))
    assert out["spans"][0]["start"] == 7


def test_bench_counts_messages_per_second() -> None:
    assert bench(ANONYMISER, ['{"text": "hola"}', "malformed"], 3) > 0


def test_the_process_answers_in_order_and_goes_on_after_an_error() -> None:
    lines = '{"text": "uno"}\nmalformed\n\n{"text": "dos"}\n'
    done = subprocess.run(
        [sys.executable, "-m", "workers.anonymise"], input=lines, capture_output=True, text=True, check=True
    )
    answers = [next(iter(json.loads(line).values())) for line in done.stdout.splitlines()]
    assert answers == ["uno", "not JSON", "not JSON", "dos"]
