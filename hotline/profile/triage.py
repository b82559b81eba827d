"""The tables by which reports are sorted, written by people who know the street and checked here.

`triage.toml` has [lists] of words for `@name` in phrases, [short] forms and what they stand for, [signs] with the
phrases that give them, [denial], and the rows [[together]] and [[urgency]]. `phrases.toml` has, by kind, phrases and
signs with what they weigh; `leanings.toml` single words and pairs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from hotline.language.phrases import PhraseBook, PhraseError, symbols_of
from hotline.language.sounds import sounds_of
from hotline.profile.reader import Reader

URGENCIES = ("P1", "P2", "P3", "P4")
# Signs that whoever sorts gives by himself: a very short text; no phrase spoke for the kind; what the leanings say.
GIVEN_SIGNS = ("breve", "sin_tipo", "apremia", "no_calma", "vida")
# What leanings lean to besides a kind: somebody is to be woken; life or liberty is at stake.
URGENT, LIFE = "urgente", "vida"
_WEIGHT = r"-?([1-9]|[12][0-9])"
_LEANING = r"-?[1-9][0-9]?"
_HINT = r"[a-z0-9#]+( [a-z0-9#]+)?|[a-z]{3,}\*|@[a-z_]+|\+[a-z_]+( \+[a-z_]+)?"


class Meaning(NamedTuple):
    """What a phrase says: the signs it gives, and its weight for or against each kind by slug."""

    signs: set[str]
    weights: dict[str, int]


@dataclass(frozen=True, slots=True)
class Together:
    """Signs that, all of `every` there and none of `never`, add `weight` to `kind`."""

    kind: str
    weight: int
    every: frozenset[str]
    never: frozenset[str]


@dataclass(frozen=True, slots=True)
class UrgencyRule:
    """Gives `urgency` to a report whose kind is in `kinds` (any when empty) and whose signs hold all of `every`, one of
    `some` (when there are any) and none of `never`."""

    urgency: str
    kinds: frozenset[str]
    every: frozenset[str]
    some: frozenset[str]
    never: frozenset[str]


@dataclass(frozen=True, slots=True)
class TriageTables:
    """All that a report is sorted by.

    book, meanings: the phrases, and what each means by its index. together: what several signs at once weigh for kinds.
    leanings: by a hint, as heard, what it weighs for kinds, URGENT and LIFE, in quarters of a phrase's points; a hint
    is a word, two neighbours ("#" for digits), the beginning of a word ("stem*"), a list ("@list") or signs ("+sign").
    leans_anyway: what every report weighs. stem_lengths: of the beginnings that are listed. urges: how much has to lean
    to URGENT or LIFE for each of the signs that say so. rules: in the order in which they are tried. negators, carried:
    words, as heard, that deny a phrase after them, and words that may stand between the two.
    """

    book: PhraseBook
    meanings: tuple[Meaning, ...]
    together: tuple[Together, ...]
    leanings: Mapping[str, Mapping[str, int]]
    leans_anyway: Mapping[str, int]
    stem_lengths: tuple[int, ...]
    urges: Mapping[str, int]
    rules: tuple[UrgencyRule, ...]
    negators: frozenset[str]
    carried: frozenset[str]


class _Phrases:
    """Phrases gathered from both files, each once, with what it means and where it was read first."""

    def __init__(self) -> None:
        self.meanings: dict[str, Meaning] = {}
        self._places: list[tuple[Reader, str]] = []

    def meaning(self, phrase: str, reader: Reader, key: str) -> Meaning:
        if phrase not in self.meanings:
            self.meanings[phrase] = Meaning(set(), {})
            self._places.append((reader, key))
        return self.meanings[phrase]

    def book(self, lists: Reader, short: Mapping[str, str]) -> PhraseBook:
        try:
            return PhraseBook(self.meanings, {name: lists.words(name) for name in lists.names()}, short)
        except PhraseError as error:
            reader, key = (lists, error.list_name) if error.phrase is None else self._places[error.phrase]
            reader.fail(key, str(error))


def load_triage(folder: Path, kinds: Collection[str]) -> TriageTables:
    """Reads the three files of `folder`; `kinds` are the slugs that they may name. Raises ProfileError."""
    reader = Reader.open(folder / "triage.toml")
    phrases = _Phrases()
    signs = reader.table("signs")
    for sign in signs.names():
        for phrase in signs.words(sign):
            phrases.meaning(phrase, signs, sign).signs.add(sign)
    known = frozenset((*signs.names(), *GIVEN_SIGNS))
    for kind, table in Reader.open(folder / "phrases.toml").tables():
        _known_kind(table, kind, kinds)
        _read_kind(kind, table, phrases)
    lists, short = reader.table("lists"), reader.table("short")
    meant = {written: short.string(written) for written in short.names()}
    denial, urges = reader.table("denial"), reader.table("urges")
    leanings = _Leanings(Reader.open(folder / "leanings.toml"), kinds, known, lists.names())
    leant = leanings.heard(meant)
    tables = TriageTables(
        book=phrases.book(lists, meant),
        meanings=tuple(phrases.meanings.values()),
        together=tuple(_read_together(row, kinds, known) for row in reader.rows("together")),
        leanings=leant,
        leans_anyway=leanings.anyway,
        stem_lengths=tuple(sorted({len(hint) - 1 for hint in leant if hint.endswith("*")})),
        urges={sign: urges.whole(sign, -99, 99) for sign in ("apremia", "no_calma", "vida")},
        rules=tuple(_read_rule(row, kinds, known) for row in reader.rows("urgency")),
        negators=frozenset(sounds_of(denial.folded("negators")).values()),
        carried=frozenset(sounds_of(denial.folded("carried")).values()),
    )
    denial.done()
    urges.done()
    reader.done()
    return tables


def _known_kind(table: Reader, kind: str, kinds: Collection[str]) -> None:
    if kind not in kinds:
        table.fail("", f"there is no kind {kind!r} in kinds.toml; correct it or add the kind")


def _read_kind(kind: str, table: Reader, phrases: _Phrases) -> None:
    """`5 = "phrases"`: five for each of them that is found."""
    for key in table.names():
        if not re.fullmatch(_WEIGHT, key):
            table.fail(key, "must be a weight from -29 to 29 with phrases, as in 5 = '''…'''")
        for phrase in table.words(key):
            weights = phrases.meaning(phrase, table, key).weights
            if kind in weights:
                table.fail(key, f"the phrase {phrase!r} stands in this kind twice; keep one")
            weights[kind] = int(key)


class _Leanings:
    """leanings.toml: by what it leans to (a kind, URGENT, LIFE) `5 = "hints"`, and `anyway = -3` for every report."""

    def __init__(self, reader: Reader, kinds: Collection[str], signs: Collection[str], lists: Collection[str]) -> None:
        self.anyway: dict[str, int] = {}
        self.weighed: list[tuple[str, str, int]] = []
        for leant_to, table in reader.tables():
            if leant_to not in (URGENT, LIFE):
                _known_kind(table, leant_to, kinds)
            for key in table.names():
                if key == "anyway":
                    self.anyway[leant_to] = table.whole(key, -99, 99)
                    continue
                if not re.fullmatch(_LEANING, key):
                    table.fail(key, "must be a weight from -99 to 99 with words, as in 5 = '''…''', or anyway")
                for hint in table.folded(key):
                    self._check(hint, table, key, signs, lists)
                    self.weighed.append((hint, leant_to, int(key)))

    def _check(self, hint: str, table: Reader, key: str, signs: Collection[str], lists: Collection[str]) -> None:
        if not re.fullmatch(_HINT, hint):
            table.fail(key, f"{hint!r} is no word, pair of words, stem*, @list, +sign or +sign +sign")
        unknown = [
            word
            for word in hint.split()
            if (word[0] == "+" and word[1:] not in signs) or (word[0] == "@" and word[1:] not in lists)
        ]
        if unknown:
            table.fail(key, f"there is no {unknown[0]!r} in triage.toml; correct it or add it there")

    def heard(self, short: Mapping[str, str]) -> dict[str, dict[str, int]]:
        """By the hint as it is heard, what it weighs for what it leans to."""
        written = {hint: " ".join([short.get(word, word) for word in hint.split()]) for hint, _, _ in self.weighed}
        sounded = symbols_of({word for hint in written.values() for word in hint.split() if word[0] not in "@+#"})
        leanings: dict[str, dict[str, int]] = {}
        for hint, leant_to, weight in self.weighed:
            heard = " ".join([sounded.get(word, word) for word in written[hint].split()])
            leanings.setdefault(heard, {})[leant_to] = weight
        return leanings


def _group(row: Reader, key: str, allowed: Collection[str]) -> frozenset[str]:
    words = row.words(key)
    for word in words:
        if word not in allowed:
            row.fail(key, f"{word!r} is unknown; known are {', '.join(sorted(allowed))}")
    return frozenset(words)


def _read_together(row: Reader, kinds: Collection[str], known: frozenset[str]) -> Together:
    together = Together(
        kind=row.choice("kind", tuple(kinds)),
        weight=row.whole("weight", -9, 9),
        every=_group(row, "all", known),
        never=_group(row, "none", known),
    )
    row.done()
    return together


def _read_rule(row: Reader, kinds: Collection[str], known: frozenset[str]) -> UrgencyRule:
    rule = UrgencyRule(
        urgency=row.choice("urgency", URGENCIES),
        kinds=_group(row, "kinds", kinds),
        every=_group(row, "all", known),
        some=_group(row, "any", known),
        never=_group(row, "none", known),
    )
    row.done()
    return rule
