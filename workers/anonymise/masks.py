"""What stands in the text instead of a datum."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from workers.anonymise.model import LABELS, Span

_MASK = re.compile(r"\[([A-ZÁÉÍÓÚÑ ]+?)(?: (\d{1,6}))?\]")
# People are called by a part of their name the second time.
_OF_WORDS = ("NOMBRE", "ALIAS")


class Numbers:
    """Which number each value carries under its mask, so that one thing keeps one number throughout a report.

    `known`: label → print of a value → number, as `known` gave it before. `print_of(label, value)` stands for a value
    where it must not be kept itself; it must be the same for the same value each time.
    """

    def __init__(
        self,
        known: Mapping[str, Mapping[str, int]] | None = None,
        print_of: Callable[[str, str], str] = lambda _, value: value,
    ) -> None:
        self._numbers = {label: dict(values) for label, values in (known or {}).items()}
        self._print_of = print_of
        self._taken: dict[str, int] = {}

    @property
    def known(self) -> dict[str, dict[str, int]]:
        return self._numbers

    def several(self, label: str) -> bool:
        """Whether there is more than one thing under this mask, so that its number must be said."""
        return max(self._numbers.get(label, {}).values(), default=0) > 1

    def of(self, span: Span) -> int:
        """The number of what `span` holds, the next free one when it is new."""
        name = label(span)
        values = self._numbers.setdefault(name, {})
        whole = self._print_of(name, span.value)
        number = values.get(whole)
        words = span.value.split() if span.type in _OF_WORDS else []
        parts = [self._print_of(name, word) for word in words]
        if number is None and parts:
            # "juan" and then "juan perez" is one person, and so is "juan perez" and then "perez".
            told = {values.get(f"~{part}") for part in parts}
            number = values.get(parts[0]) if len(parts) > 1 else None
            if number is None and len(told) == 1:
                number = told.pop()
        if number is None:
            number = 1 + max((*values.values(), self._taken.get(name, 0)))
        values[whole] = number
        if len(parts) > 1:
            for part in parts:
                values.setdefault(f"~{part}", number)
        return number

    def rename(self, before: Span, after: Span) -> None:
        """What was known by a piece of its value is known by all of it."""
        values = self._numbers.get(label(before), {})
        number = values.pop(self._print_of(label(before), before.value), None)
        whole = self._print_of(label(after), after.value)
        if number is not None and label(before) == label(after):
            values.setdefault(whole, number)

    def leave_free(self, taken: Iterable[tuple[str, int]]) -> None:
        """Numbers that the text carries already, so that nothing new looks like something old."""
        for name, number in taken:
            self._taken[name] = max(self._taken.get(name, 0), number)


def apply(text: str, spans: Sequence[Span], numbers: Numbers | None = None) -> str:
    """`text` with every span replaced. Several values under one mask are numbered, a value always the same number.

    `numbers` are those of the report so far, and learn the new ones; without them the text stands for itself.
    """
    if not spans:
        return text
    numbers = numbers or Numbers()
    if "[" in text:
        numbers.leave_free((match[1], int(match[2] or 1)) for match in _MASK.finditer(text))
    turns = [numbers.of(span) for span in spans]
    pieces: list[str] = []
    at = 0
    for span, turn in zip(spans, turns, strict=True):
        name = label(span)
        pieces += (text[at : span.start], f"[{name} {turn}]" if turn > 1 or numbers.several(name) else f"[{name}]")
        at = span.end
    pieces.append(text[at:])
    return "".join(pieces)


def join(text: str, masked: str, spans: Sequence[Span], more: Iterable[Span]) -> tuple[Span, ...]:
    """`spans` of `text` and those that were found in `masked`, what `apply` made of it, all with offsets of `text`."""
    moved = list(spans)
    rest = list(more)
    at = shown = 0
    for span in (*spans, None):
        gap = (span.start if span else len(text)) - at
        while rest and rest[0].end <= shown + gap:
            new = rest.pop(0)
            moved.append(replace(new, start=new.start - shown + at, end=new.end - shown + at))
        if span:
            shown = masked.index("]", shown + gap) + 1
            at = span.end
    return tuple(sorted(moved, key=lambda span: span.start))


def spell_out(text: str, numbers: Numbers) -> str:
    """Numbers the masks that had none when there was one thing of their sort and now are several."""
    return _MASK.sub(lambda m: f"[{m[1]} 1]" if not m[2] and numbers.several(m[1]) else m[0], text)


def label(span: Span) -> str:
    name = LABELS[span.type]
    return f"{name} DEL SOSPECHOSO" if span.owner == "suspect" else name
