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

from hotline.language.phrases import PhraseBook, PhraseError
from hotline.language.sounds import sounds_of
from hotline.profile.reader import Reader

URGENCIES = ("P1", "P2", "P3", "P4")
# Signs that whoever sorts gives by himself: a very short text; nothing spoke for any kind.
GIVEN_SIGNS = ("breve", "sin_tipo")
_WEIGHT = r"-?[1-9]"


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

    book, meanings: the phrases, and what each means by its index. sign_weights, together: what signs weigh for kinds,
    alone and several at once. leanings: by the sound of a word or of two neighbours ("#" for digits), what they weigh
    for kinds, in quarters of a phrase's points. rules: in the order in which they are tried. negators, carried: words,
    as heard, that deny a phrase after them, and words that may stand between the two.
    """

    book: PhraseBook
    meanings: tuple[Meaning, ...]
    sign_weights: Mapping[str, Mapping[str, int]]
    together: tuple[Together, ...]
    leanings: Mapping[str, Mapping[str, int]]
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
    sign_weights: dict[str, dict[str, int]] = {}
    for kind, table in Reader.open(folder / "phrases.toml").tables():
        _known_kind(table, kind, kinds)
        _read_kind(kind, table, phrases, known, sign_weights)
    lists, short = reader.table("lists"), reader.table("short")
    meant = {written: short.string(written) for written in short.names()}
    denial = reader.table("denial")
    tables = TriageTables(
        book=phrases.book(lists, meant),
        meanings=tuple(phrases.meanings.values()),
        sign_weights=sign_weights,
        together=tuple(_read_together(row, kinds, known) for row in reader.rows("together")),
        leanings=_leanings(Reader.open(folder / "leanings.toml"), kinds, meant),
        rules=tuple(_read_rule(row, kinds, known) for row in reader.rows("urgency")),
        negators=frozenset(sounds_of(denial.folded("negators")).values()),
        carried=frozenset(sounds_of(denial.folded("carried")).values()),
    )
    denial.done()
    reader.done()
    return tables


def _known_kind(table: Reader, kind: str, kinds: Collection[str]) -> None:
    if kind not in kinds:
        table.fail("", f"there is no kind {kind!r} in kinds.toml; correct it or add the kind")


def _read_kind(
    kind: str, table: Reader, phrases: _Phrases, known: frozenset[str], sign_weights: dict[str, dict[str, int]]
) -> None:
    """`5 = "phrases"`: five for each of them that is found. `[KIND.signs]`: so much once for each sign."""
    for key in table.names():
        if key == "signs":
            signs = table.table(key)
            for sign in signs.names():
                if sign not in known:
                    signs.fail(sign, "there is no sign of this name in triage.toml; correct it or add the sign")
                sign_weights.setdefault(sign, {})[kind] = signs.whole(sign, -9, 9)
            continue
        if not re.fullmatch(_WEIGHT, key):
            table.fail(key, "must be a weight from -9 to 9 with phrases, as in 5 = '''…''', or signs")
        for phrase in table.words(key):
            weights = phrases.meaning(phrase, table, key).weights
            if kind in weights:
                table.fail(key, f"the phrase {phrase!r} stands in this kind twice; keep one")
            weights[kind] = int(key)


def _leanings(reader: Reader, kinds: Collection[str], short: Mapping[str, str]) -> Mapping[str, Mapping[str, int]]:
    weighed: list[tuple[str, str, int]] = []
    for kind, table in reader.tables():
        _known_kind(table, kind, kinds)
        for key in table.names():
            if not re.fullmatch(_WEIGHT, key):
                table.fail(key, "must be a weight from -9 to 9 with words, as in 5 = '''…'''")
            weighed += [(hint, kind, int(key)) for hint in table.folded(key)]
    written = {hint: [short.get(word, word) for word in hint.split()] for hint, _, _ in weighed}
    heard = sounds_of(word for words in written.values() for word in words)
    leanings: dict[str, dict[str, int]] = {}
    for hint, kind, weight in weighed:
        leanings.setdefault(" ".join([heard[word] for word in written[hint]]), {})[kind] = weight
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
