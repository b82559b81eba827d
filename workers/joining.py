"""A report is told in several messages: here they are masked as one.

A thing has the same number in all of them; an identifier cut in two by the border of two messages is masked on both
sides and known whole; what one message says of an owner holds in the next. Originals are gone when the next message
comes, so that a report remembers prints of values, never values; only words that may be the beginning of an identifier
are kept, apart, until the rest comes or a day is over. Pure: no database.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from hotline.language.fold import plain
from workers.anonymise import Anonymiser, Masked, Span
from workers.anonymise.masks import Numbers, apply, spell_out
from workers.anonymise.wordlist import bag

# How much of two neighbours is read together: an identifier is much shorter, and its owner is told beside it.
_BESIDE = 400
# Words may stand between the halves: "55 31 ahorita le paso lo demas" / "y luego 88 09 66".
_APART_BEFORE, _APART_AFTER = 60, 25
_DIGITS_LAST = re.compile(r"\d(?:[ .\-]{0,2}\d)*(?=\D*\Z)")
_DIGITS_FIRST = re.compile(r"\d")
_NUMERIC = frozenset({"TELEFONO", "TARJETA", "CLABE", "CUENTA", "NSS", "OTRO"})
# What says that a number begins, what may stand between that and the number, and numbers in words.
_CUES = bag("numero numeros num nums tel telefono cel celular cuenta cta tarjeta clabe marcan marco llaman llamo")
_LINKS = bag("es el del al de este mi su un una empieza comienza con que por y dice")
_SPOKEN = re.compile(
    r"cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|dieci\w+|veinti\w*|\w+enta|veinte|diez|once|doce|quince"
)
_CONTINUED = "8809661234"
_REST = re.compile(r"[\s.,;:!\-]*\Z")

PrintOf = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Added:
    """What became of one message: its spans with owners as the report knows them, whether it is held, and pieces of
    identifiers that are no evidence any more because the whole is known."""

    spans: tuple[Span, ...]
    held: bool
    outdated: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class _LooseEnd:
    """The last part ends in a mask that hides `words`, which may be the beginning of an identifier."""

    words: str
    span: Span


class Story:
    """The masked parts of one report, None for what is held, and what is remembered of them."""

    def __init__(
        self,
        anonymiser: Anonymiser,
        parts: Sequence[str | None],
        memory: Mapping[str, Any],
        loose_end: Mapping[str, str] | None,
        print_of: PrintOf,
    ) -> None:
        self._anonymiser = anonymiser
        self.parts = list(parts)
        self._print_of = print_of
        self._numbers = Numbers(memory.get("numbers"), print_of)
        self._owners: dict[str, Any] = dict(memory.get("owners", {}))
        self._loose: _LooseEnd | None = None
        if loose_end is not None:
            span = Span(0, 0, loose_end["type"], loose_end["owner"], loose_end["value"])  # type: ignore[arg-type]
            self._loose = _LooseEnd(loose_end["words"], span)

    @property
    def memory(self) -> dict[str, Any]:
        """For the next time; holds prints only."""
        return {"numbers": self._numbers.known, "owners": self._owners}

    @property
    def loose_end(self) -> dict[str, str] | None:
        """For the next time; holds words."""
        if self._loose is None:
            return None
        span = self._loose.span
        return {"words": self._loose.words, "type": span.type, "owner": span.owner, "value": span.value}

    def hold(self) -> None:
        """A message that nobody may read yet."""
        self.parts.append(None)
        self._loose = None

    def say(self, text: str) -> None:
        """A part that holds nobody's words."""
        self.parts.append(text)
        self._loose = None

    def add(self, words: str, masked: Masked, caller: str | None, *, cleared: bool = False) -> Added:
        """Adds a message that was masked alone. `cleared`: an operator has looked at it, and it stays as it is."""
        spans, begun = list(masked.spans), ""
        outdated: tuple[Span, ...] = ()
        beside = None if cleared else self._beside()
        halves = self._cut_by_border(beside[1], words, spans, caller) if beside else None
        if beside is not None and halves is not None:
            left, right = halves
            before = self._loose.span if self._loose is not None else None
            if before is not None and left.owner == "unknown":
                left, right = replace(left, owner=before.owner), replace(right, owner=before.owner)
            left, right = self._owned(left), self._owned(right)
            if before is not None:
                self._numbers.rename(before, left)
                outdated = (before,)
            begun = beside[1][left.start : left.end]
            self.parts[beside[0]] = apply(beside[1], [left], self._numbers)
            spans = [right, *(span for span in spans if span.start >= right.end)]
        self._loose = None
        fragment = None if cleared or _ends_in(words, spans) else self._fragment(words, caller)
        if fragment is not None:
            spans.append(fragment)
        spans = [self._owned(span) for span in spans]
        numbers = Numbers({label: dict(known) for label, known in self._numbers.known.items()}, self._print_of)
        text = apply(words, spans, numbers)
        if not cleared and (masked.doubtful or self._shows(text)):
            self.hold()
            return Added(tuple(spans), True, outdated)
        self._numbers = numbers
        for span in spans:
            if span.owner != "unknown":
                self._owners.setdefault(self._print_of(span.type, span.value), span.owner)
        if _ends_in(words, spans) and _unfinished(last := spans[-1]):
            whole = f"{begun} {words[: last.end]}" if begun and len(spans) == 1 else words[last.start : last.end]
            self._loose = _LooseEnd(whole, last)
        self.parts.append(text)
        self.parts = [part and spell_out(part, self._numbers) for part in self.parts]
        return Added(tuple(spans), False, outdated)

    def _beside(self) -> tuple[int, str] | None:
        """Where the part before the next one is, and its words with a loose end as it was written."""
        index = len(self.parts) - 1
        while index >= 0 and self.parts[index] == "":
            index -= 1
        text = self.parts[index] if index >= 0 else None
        if text is None:
            return None
        if self._loose is not None and "[" in text:
            text = text[: text.rindex("[")] + self._loose.words
        return index, text

    def _cut_by_border(
        self, before: str, words: str, spans: Sequence[Span], caller: str | None
    ) -> tuple[Span, Span] | None:
        """The halves of what only the two texts together show, in each one's own offsets."""
        found = self._crossing(before, len(before), words, 0, caller)
        if found is None:
            last = _DIGITS_LAST.search(before, max(0, len(before) - _APART_BEFORE))
            first = _DIGITS_FIRST.search(words, 0, _APART_AFTER)
            whole = first and any(s.start <= first.start() < s.end and not _unfinished(s) for s in spans)
            if last is not None and first is not None and not whole:
                found = self._crossing(before, last.end(), words, first.start(), caller)
        return found

    def _crossing(self, before: str, end: int, words: str, start: int, caller: str | None) -> tuple[Span, Span] | None:
        begun = max(0, end - _BESIDE)
        left, right = before[begun:end].rstrip(), words[start : start + _BESIDE]
        border = len(left)
        lead = len(right) - len(right.lstrip())
        for span in self._anonymiser.mask(f"{left}\n{right}", caller).spans:
            if span.start < border and span.end > border + 1 + lead:
                return (
                    replace(span, start=begun + span.start, end=begun + border),
                    replace(span, start=start + lead, end=start + span.end - border - 1),
                )
        return None

    def _fragment(self, words: str, caller: str | None) -> Span | None:
        """A number at the end that was announced and looks begun: "mi numero es 55 31"."""
        if not _announced(words):
            return None
        digits = sum(character.isdigit() for character in words[-12:])
        found = self._crossing(words, len(words), _CONTINUED[: 10 - digits] if 1 < digits < 7 else "880966", 0, caller)
        if found is None:
            return None
        left = found[0]
        return replace(left, value=re.sub(r"\s+", " ", plain(words[left.start : left.end])))

    def _owned(self, span: Span) -> Span:
        """`span` with the owner that an earlier message gave the same thing."""
        if span.owner != "unknown":
            return span
        return replace(span, owner=self._owners.get(self._print_of(span.type, span.value), "unknown"))

    def _shows(self, text: str) -> bool:
        """Whether a second look finds anything in `text`, or in it and its neighbour together."""
        beside = self._beside()
        if self._anonymiser.shows(text):
            return True
        return beside is not None and self._anonymiser.shows(f"{beside[1][-80:]} {text[:80]}")


def _ends_in(words: str, spans: Sequence[Span]) -> bool:
    return bool(spans) and bool(_REST.match(words, spans[-1].end))


def _unfinished(span: Span) -> bool:
    """Whether more digits would make a better identifier of it."""
    count = sum(character.isdigit() for character in span.value.removeprefix("+52"))
    return span.type in _NUMERIC and (count < 10 or count in (12, 13, 14, 15, 17))


def _announced(words: str) -> bool:
    """Whether the last word is a number and a word before it, with nothing else between, says that one begins."""
    told = re.findall(r"[a-z]+|\d+", plain(words[-120:]))
    if not told or not _is_number(told[-1]):
        return False
    while told and (_is_number(told[-1]) or told[-1] in _LINKS):
        told.pop()
    return bool(told) and told[-1] in _CUES


def _is_number(word: str) -> bool:
    return word.isdigit() or bool(_SPOKEN.fullmatch(word))
