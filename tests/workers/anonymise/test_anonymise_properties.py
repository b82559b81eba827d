"""What holds for any message: offsets, order, masking twice, the caller's number, any Unicode, linear time."""

from __future__ import annotations

import re
import sys
import unicodedata
from collections.abc import Callable
from types import FrameType, SimpleNamespace
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from workers.anonymise import Anonymiser
from workers.anonymise.wordlist import bag, in_order

PUBLIC = bag("911 089 088 066 0311 5556581111 5555335533 5552425100")
ANONYMISER = Anonymiser(SimpleNamespace(public_numbers=PUBLIC))
RELAXED = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])

PIECES = st.sampled_from(
    in_order(
        "soy me llamo lupita hdez luz flores mi hijo don beto le dicen el chispa calle nardo 45 int 2 mz "
        "4 lt 12 vivo en placas NPX-123-A A12345 moto 55 1234 5678 5512345678 4217 6600 0003 4712 a "
        "nombre de tarjeta cuenta clabe 012180000004711931 oiga800314mdfrrl05 curp rfc nip 4471 naci 14 "
        "marzo 1980 jperez@correo.example arroba punto com www.x.example/a cincuenta y cinco cero uno "
        "veintitres doscientos mil pesos $ 15 000 , . ( ) - + 911 089 cp 09700 primaria benito juarez "
        "abarrotes La Lupita local habitacion 12 [NOMBRE] [TELÉFONO 2] [ Martín Ñandú ５５ o4 l2 x q del "
        "marcan su numero es patrulla MX-22 @lalo ¿ ? secu tec 42 comandante Rios dice q cuarto la tienda "
        "hotel san jose"
    )
)
MESSAGES = st.lists(PIECES, max_size=25).map(" ".join)
ANYTHING = st.text(max_size=200) | st.text(
    alphabet=st.characters(categories=("Nd", "No", "Mn", "Cf", "Zs", "Ll", "Cs", "Po")), max_size=80
)


def flat(text: str) -> str:
    """Lower case without accents or blanks, full-width digits plain."""
    bare = unicodedata.normalize("NFKD", text.lower())
    return re.sub(r"\s+", " ", "".join(c for c in bare if not unicodedata.combining(c))).strip()


@RELAXED
@given(MESSAGES | ANYTHING)
@example("")
@example("[NOMBRE] [NOMBRE")
@example("Buenas clínica dental")
@example("\ud800 soy lupita \udfff")
@example("İ ﷺ ½ ㎏ ⑪ 5️⃣5️⃣1️⃣2️⃣3️⃣4️⃣5️⃣6️⃣7️⃣8️⃣")
def test_spans_are_valid_sorted_and_disjoint(text: str) -> None:
    spans = ANONYMISER.mask(text).spans
    at = 0
    for span in spans:
        assert at <= span.start < span.end <= len(text)
        assert span.owner in ("reporter", "suspect", "unknown")
        at = span.end


@RELAXED
@given(MESSAGES | ANYTHING)
def test_masking_twice_changes_nothing(text: str) -> None:
    once = ANONYMISER.mask(text).text
    assert ANONYMISER.mask(once).text == once


@RELAXED
@given(MESSAGES)
def test_no_masked_value_survives(text: str) -> None:
    masked = ANONYMISER.mask(text)
    left = flat(re.sub(r"\[[A-ZÁÉÍÓÚÑ ]+( \d+)?\]", " ~ ", masked.text))
    for span in masked.spans:
        value = flat(text[span.start : span.end])
        assert not re.search(rf"(?<![a-z0-9]){re.escape(value)}(?![a-z0-9])", left), value


CALLER = "5544120098"
SPELLINGS = (
    "5544120098",
    "55 4412 0098",
    "55-44-12-00-98",
    "+52 1 55 4412 0098",
    "044 55 4412 0098",
    "01 (55) 4412-0098",
    "5 5 4 4 1 2 0 0 9 8",
    "55 44 12 oo 98",
    "５５４４１２００９８",
    "cincuenta y cinco cuarenta y cuatro doce cero cero noventa y ocho",
    "55 cuarenta y cuatro 12 00 98",
    "4412 0098",
)
BEFORE = (
    "",
    "me marcan del ",
    "deposite al ",
    "es el numero del estafador ",
    "le dicen el chispa ",
    "ellos usan el ",
    "3000 al ",
    "hola ",
)
AFTER = ("", " me amenazan", " son estafadores", " y 5587120934", " a nombre de Juan Lopez")


@pytest.mark.parametrize("spelling", SPELLINGS)
@pytest.mark.parametrize("caller", ["+525544120098", "5215544120098", "55 4412 0098"])
def test_the_callers_number_is_the_reporters_in_any_spelling_and_any_clause(spelling: str, caller: str) -> None:
    for before in BEFORE:
        for after in AFTER:
            text = before + spelling + after
            masked = ANONYMISER.mask(text, caller)
            place = (len(before), len(before) + len(spelling))
            owners = {s.owner for s in masked.spans if s.start < place[1] and place[0] < s.end}
            assert owners == {"reporter"}, text
            assert spelling not in masked.text


def steps(work: Callable[[], Any]) -> int:
    """How many lines and calls of Python `work` runs: time that no busy machine can stretch."""
    count = 0

    def tracer(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal count
        count += 1
        return tracer

    sys.settrace(tracer)
    try:
        work()
    finally:
        sys.settrace(None)
    return count


HOSTILE = (
    "a", "1", "1 ", "a1", "a ", "uno ", "mi hijo ", "@", "a@", "a.", "x@y.", "juan ", "juan perez ", "calle ",
    "calle a 1 ", "mz 1 ", "placas ", "le dicen el ", "[", "[NOMBRE] ", "soy ", "-", "1-", "1,", "$1 ", "www.", "http://",
    "é", "\u0301", "ﷺ", "55 1234 5678 ", "de la ", "X. ", "arroba ", "punto com ", "5512345678 y ", "tienda la ",
    "moto A12345 ", "a-", "a_", "0", "o", "1o", "h", "hh", "ll", "[A",
)  # fmt: skip


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_is_linear_on_hostile_input(piece: str) -> None:
    short, long = piece * (2000 // len(piece)), piece * (8000 // len(piece))
    ANONYMISER.mask(short)
    few, many = steps(lambda: ANONYMISER.mask(short)), steps(lambda: ANONYMISER.mask(long))
    assert many < 8 * few + 2000


@pytest.mark.parametrize("piece", HOSTILE)
def test_patterns_do_not_blow_up_on_hostile_input(piece: str) -> None:
    import time

    text = (piece * 20_000)[:20_000]
    started = time.process_time()
    ANONYMISER.mask(text)
    assert time.process_time() - started < 5
