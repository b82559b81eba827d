"""GSM-7: what fits where (3GPP TS 23.038), and that whatever we send is folded into it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotline.language.gsm import BASIC, EXTENDED, is_gsm7, segments, to_gsm7


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("a" * 153 * 10, 10),
        ("a" * (153 * 10 + 1), 11),
        # One accent that the alphabet lacks makes it UCS-2.
        ("á" + "a" * 69, 1),
        ("á" + "a" * 70, 2),
        ("á" + "a" * 133, 2),
        ("á" + "a" * 134, 3),
        # é ñ ü ¿ ¡ are inside.
        ("éñü¿¡ÉÑÜà" + "a" * 151, 1),
        # Two septets each.
        ("€" * 80, 1),
        ("€" * 80 + "a", 2),
        ("€" * 153, 3),
        ("a" * 159 + "€", 2),
        # A two-septet character does not straddle two parts: the first ends at 152.
        ("a" * 152 + "€" + "a" * 151, 2),
        ("a" * 152 + "€" + "a" * 152, 3),
        # Nor does a surrogate pair: the first part ends at 66.
        ("💥" * 35, 1),
        ("💥" * 36, 2),
        ("á" + "a" * 65 + "💥" + "a" * 65, 2),
        ("á" + "a" * 65 + "💥" + "a" * 66, 3),
        # Counted composed, however it was written.
        (unicodedata.normalize("NFD", "é" * 160), 1),
        (unicodedata.normalize("NFD", "á" * 70), 1),
        (unicodedata.normalize("NFD", "á" * 71), 2),
    ],
)
def test_segments(text: str, count: int) -> None:
    assert segments(text) == count


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("¿Qué pasó en Álvaro Obregón?", "¿Qué paso en Alvaro Obregon?"),
        ("ÁÍÓÚáíóú ÉéÑñÜü", "AIOUaiou ÉéÑñÜü"),
        ("ç", "c"),
        ("“hola” «tú» ‘ya’ – — …", '"hola" "tu" \'ya\' - - ...'),
        ("[a] {b} ~c | d\\e ^", "(a) (b) -c / d/e "),
        ("1.º 2.ª 30°", "1.o 2.a 30o"),
        ("fin\u00a0de\tlínea", "fin de linea"),
        ("dos\nlíneas", "dos\nlineas"),
        ("emoji 💥 fuera", "emoji  fuera"),
        ("ﬁn ½ ①", "fin 12 1"),
        (unicodedata.normalize("NFD", "Qué niño, pingüino, ó"), "Qué niño, pingüino, o"),
        ("日本", ""),
        ("\x00\x07", ""),
    ],
)
def test_folding(text: str, plain: str) -> None:
    assert to_gsm7(text) == plain


@given(st.text())
@settings(max_examples=300, deadline=None)
def test_whatever_is_folded_is_in_the_basic_alphabet_and_stays_so(text: str) -> None:
    folded = to_gsm7(text)
    assert set(folded) <= BASIC and is_gsm7(folded)
    assert to_gsm7(folded) == folded
    assert segments(folded) == max(1, 1 if len(folded) <= 160 else -(-len(folded) // 153))


@given(st.text(), st.text())
@settings(max_examples=200, deadline=None)
def test_a_longer_text_never_takes_fewer_segments(one: str, other: str) -> None:
    if unicodedata.normalize("NFC", one + other).startswith(unicodedata.normalize("NFC", one)):
        assert segments(one + other) >= segments(one)


def test_the_alphabet_has_the_standards_size() -> None:
    assert len(BASIC) == 127  # 128 places, one of them the escape
    assert len(EXTENDED) == 10
    assert not BASIC & EXTENDED
    assert set("éñüÉÑÜ¿¡à") <= BASIC and not set("áíóúÁÍÓÚç") & BASIC
