"""The screens' font: every letter that a text can bring, and a file that holds together."""

from __future__ import annotations

import struct

import pytest

from hotline.lab import lcd
from hotline.language.gsm import to_gsm7

SPANISH = "El veloz murciélago hindú comía feliz cardillo y kiwi. ¿Y la cigüeña? ¡Tocaba el saxofón! ÁÉÍÓÚÑÜ 0123456789"
SIGNS = "✉☎●✓✗«»…♪▶@#*+-_/\\()[]{}<>=%&$\"',.;:!?|~^°€"


@pytest.mark.parametrize("text", [SPANISH, to_gsm7(SPANISH), SIGNS])
def test_every_letter_is_drawn(text: str) -> None:
    drawn = {chr(glyph.code) for glyph in lcd.glyphs()}
    assert set(text) - drawn == set()


def test_drawings_are_rectangles_within_the_line() -> None:
    for glyph in lcd.glyphs():
        assert len({len(row) for row in glyph.rows}) == 1, chr(glyph.code)
        assert set("".join(glyph.rows)) <= {"#", "."}, chr(glyph.code)
        assert glyph.top + len(glyph.rows) <= lcd.ROWS, chr(glyph.code)


@pytest.mark.parametrize("bold", [False, True])
def test_the_file_adds_up(bold: bool) -> None:
    """ "To compute the checkSumAdjustment … sum the entire font as uint32, then 0xB1B0AFBA minus that sum." """
    font = lcd.font(bold=bold)
    assert sum(struct.unpack(f">{len(font) // 4}I", font)) & 0xFFFFFFFF == 0xB1B0AFBA
    count = struct.unpack_from(">H", font, 4)[0]
    for index in range(count):
        tag, checksum, offset, length = struct.unpack_from(">4sIII", font, 12 + 16 * index)
        table = bytearray(font[offset : offset + length + -length % 4])
        if tag == b"head":
            table[8:12] = bytes(4)
        assert sum(struct.unpack(f">{len(table) // 4}I", table)) & 0xFFFFFFFF == checksum, tag


def test_bold_is_wider() -> None:
    for plain, bold in zip(lcd.glyphs(), lcd.glyphs(bold=True), strict=True):
        assert bold.advance == plain.advance + (0 if plain.code in {32, 160} else lcd.DOT)
