"""What stands in the text instead of a datum."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from workers.anonymise.model import LABELS, Span


def apply(text: str, spans: Sequence[Span]) -> str:
    """`text` with every span replaced. Several values under one mask are numbered, a value always the same number.

    Numbers go on from those of masks that the text already holds, so that nothing new looks like something old.
    """
    if not spans:
        return text
    names = [_name(span) for span in spans]
    order: dict[str, dict[str, int]] = {}
    for name, span in zip(names, spans, strict=True):
        values = order.setdefault(name, {})
        values.setdefault(span.value, len(values) + 1)
    taken = _taken(text) if "[" in text else Counter()
    pieces: list[str] = []
    at = 0
    for name, span in zip(names, spans, strict=True):
        turn = order[name][span.value] + taken[name]
        numbered = len(order[name]) > 1 or taken[name]
        pieces += (text[at : span.start], f"[{name} {turn}]" if numbered else f"[{name}]")
        at = span.end
    pieces.append(text[at:])
    return "".join(pieces)


def _name(span: Span) -> str:
    label = LABELS[span.type]
    return f"{label} DEL SOSPECHOSO" if span.owner == "suspect" else label


def _taken(text: str) -> Counter[str]:
    """The highest number each mask in the input carries; one without a number counts as 1."""
    highest: Counter[str] = Counter()
    for match in re.finditer(r"\[([A-ZÁÉÍÓÚÑ ]+?)(?: (\d{1,6}))?\]", text):
        highest[match[1]] = max(highest[match[1]], int(match[2] or 1))
    return highest
