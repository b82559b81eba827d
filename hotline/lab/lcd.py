"""The font of the phones' screens, made from the drawing in `lcd.txt`: a TrueType file whose outlines are square dots.

Only the tables that browsers insist on, in the layout of the OpenType specification.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DOT = 100
ROWS = 10
BASELINE = 8
_DRAWING = Path(__file__).with_name("lcd.txt")


@dataclass(frozen=True)
class Glyph:
    """`rows` are drawn with `#` and `.`, the first of them `top` rows below the upper edge of the line."""

    code: int
    top: int
    rows: tuple[str, ...]

    @property
    def advance(self) -> int:
        return (len(self.rows[0]) + 1) * DOT

    def dots(self) -> list[tuple[int, int, int, int]]:
        """Runs of dots as rectangles: left, bottom, right, top in font units."""
        found = []
        for index, row in enumerate(self.rows):
            upper = (BASELINE - self.top - index) * DOT
            start = None
            for column, dot in enumerate(row + "."):
                if dot == "#" and start is None:
                    start = column
                elif dot != "#" and start is not None:
                    found.append((start * DOT, upper - DOT, column * DOT, upper))
                    start = None
        return found


def glyphs(*, bold: bool = False) -> list[Glyph]:
    """Every letter of the drawing by code point, the blank among them; bold dots are doubled to the right."""
    found = [Glyph(32, 0, ("..",)), Glyph(160, 0, ("..",))]
    for line in _DRAWING.read_text(encoding="utf-8").splitlines():
        character, rest = line[:1], line[1:].split()
        if len(rest) < 2 or not rest[0].isdigit():
            continue
        rows = [_doubled(row) for row in rest[1:]] if bold else rest[1:]
        found.append(Glyph(ord(character), int(rest[0]), tuple(rows)))
    return sorted(found, key=lambda glyph: glyph.code)


def _doubled(row: str) -> str:
    return "".join("#" if "#" in pair else "." for pair in zip("." + row, row + ".", strict=True))


@lru_cache(maxsize=2)
def font(*, bold: bool = False) -> bytes:
    """A TrueType file, the same one every time."""
    drawn = [Glyph(0, 1, ("####", "#..#", "#..#", "#..#", "#..#", "#..#", "####")), *glyphs(bold=bold)]
    outlines = [_outline(glyph) for glyph in drawn]
    offsets = [0]
    for outline in outlines:
        offsets.append(offsets[-1] + len(outline))
    widest = max(glyph.advance for glyph in drawn)
    contours = max(len(glyph.dots()) for glyph in drawn)
    ascent, descent = BASELINE * DOT, (BASELINE - ROWS) * DOT
    weight, style = (700, 1) if bold else (400, 0)
    tables = {
        b"OS/2": struct.pack(
            ">HhHHHhhhhhhhhhhh10sIIII4sHHHhhhHHIIhhHHH",
            *(4, widest // 2, weight, 5, 0, 650, 600, 0, 75, 650, 600, 0, 350, 50, 300, 0),
            *(bytes(10), 3, 0, 0, 0, b"LAB ", 0x20 if bold else 0x40, drawn[1].code, drawn[-1].code),
            *(ascent, descent, 0, ascent, -descent, 1, 0, 5 * DOT, 7 * DOT, 0, 32, 0),
        ),
        b"cmap": _cmap([glyph.code for glyph in drawn[1:]]),
        b"glyf": b"".join(outlines),
        b"head": struct.pack(
            ">IIIIHHqqhhhhHHhhh",
            *(0x10000, 0x10000, 0, 0x5F0F3CF5, 3, ROWS * DOT, 0, 0, 0, descent, widest, ascent, style, 8, 2, 1, 0),
        ),
        b"hhea": struct.pack(
            ">Ihhh H hhh hhh 4h hH".replace(" ", ""),
            *(0x10000, ascent, descent, 0, widest, 0, 0, widest, 1, 0, 0, 0, 0, 0, 0, 0, len(drawn)),
        ),
        b"hmtx": b"".join(struct.pack(">Hh", g.advance, min((d[0] for d in g.dots()), default=0)) for g in drawn),
        b"loca": struct.pack(f">{len(offsets)}I", *offsets),
        b"maxp": struct.pack(">I14H", 0x10000, len(drawn), contours * 4, contours, 0, 0, 2, *[0] * 8),
        b"name": _names("Bold" if bold else "Regular"),
        b"post": struct.pack(">IIhhIIIII", 0x30000, 0, -DOT, DOT // 2, 0, 0, 0, 0, 0),
    }
    return _assembled(tables)


def _outline(glyph: Glyph) -> bytes:
    dots = glyph.dots()
    if not dots:
        return b""
    # Each rectangle clockwise, as TrueType wants its filled contours.
    points = [point for x, y, right, top in dots for point in ((x, y), (x, top), (right, top), (right, y))]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    header = struct.pack(">hhhhh", len(dots), min(xs), min(ys), max(xs), max(ys))
    ends = struct.pack(f">{len(dots)}HH", *range(3, len(points), 4), 0)
    steps = b"".join(
        struct.pack(f">{len(points)}h", *(b - a for a, b in zip([0, *values], values, strict=False)))
        for values in (xs, ys)
    )
    return _padded(header + ends + b"\x01" * len(points) + steps)


def _cmap(codes: list[int]) -> bytes:
    """Format 4: runs of consecutive characters; glyph 1 is the first of `codes`, which are sorted."""
    runs: list[tuple[int, int, int]] = []
    for index, code in enumerate(codes, start=1):
        if runs and code == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], code, runs[-1][2])
        else:
            runs.append((code, code, (index - code) % 65536))
    runs.append((0xFFFF, 0xFFFF, 1))
    count = len(runs)
    power = 1 << (count.bit_length() - 1)
    search = struct.pack(">4H", 2 * count, 2 * power, power.bit_length() - 1, 2 * (count - power))
    starts, ends, deltas = zip(*runs, strict=True)
    body = struct.pack(f">{count}HH{count}H{count}H{count}H", *ends, 0, *starts, *deltas, *[0] * count)
    return struct.pack(">HHHHI", 0, 1, 3, 1, 12) + struct.pack(">HHH", 4, 14 + len(body), 0) + search + body


def _names(style: str) -> bytes:
    strings = {1: "Lab LCD", 2: style, 3: f"Lab LCD {style}", 4: f"Lab LCD {style}", 5: "1.0", 6: f"LabLCD-{style}"}
    records, texts = b"", b""
    for number, text in strings.items():
        encoded = text.encode("utf-16-be")
        records += struct.pack(">6H", 3, 1, 0x409, number, len(encoded), len(texts))
        texts += encoded
    return struct.pack(">HHH", 0, len(strings), 6 + len(records)) + records + texts


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def _checksum(data: bytes) -> int:
    padded = _padded(data)
    total: int = sum(struct.unpack(f">{len(padded) // 4}I", padded))
    return total & 0xFFFFFFFF


def _assembled(tables: dict[bytes, bytes]) -> bytes:
    count = len(tables)
    power = 1 << (count.bit_length() - 1)
    directory = struct.pack(">IHHHH", 0x10000, count, 16 * power, power.bit_length() - 1, 16 * (count - power))
    offset = len(directory) + 16 * count
    body = b""
    for tag, data in sorted(tables.items()):
        directory += struct.pack(">4sIII", tag, _checksum(data), offset + len(body), len(data))
        body += _padded(data)
    whole = bytearray(directory + body)
    adjustment = (0xB1B0AFBA - _checksum(bytes(whole))) & 0xFFFFFFFF
    head = whole.index(tables[b"head"])
    whole[head + 8 : head + 12] = struct.pack(">I", adjustment)
    return bytes(whole)
