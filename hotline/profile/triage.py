"""The tables by which reports are sorted: `triage.toml`, written by people who know the street, checked here.

[lists]: words by name, for `@name` in phrases. [short]: written forms and the words they stand for.
[signs.NAME]: phrases that are a sign of something. [kinds.SLUG]: phrases by how much they speak for the kind, and
`signs`, likewise. [[urgency]]: rules tried from the top, the first that fits decides.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from hotline.language.fold import plain
from hotline.language.phrases import PhraseBook, PhraseError
from hotline.language.sounds import sounds, sounds_of
from hotline.profile.reader import Reader

URGENCIES = ("P1", "P2", "P3", "P4")


class Meaning(NamedTuple):
    """What a phrase says: the signs it gives, and its weight for or against each kind by slug."""

    signs: set[str]
    weights: dict[str, int]


@dataclass(frozen=True, slots=True)
class Together:
    """Signs that, all there and none of `never`, add `weight` to `kind`."""

    kind: str
    weight: int
    every: frozenset[str]
    never: frozenset[str]


@dataclass(frozen=True, slots=True)
class UrgencyRule:
    """Fits a report whose kind is in `kinds` (any when empty) and whose signs hold all of `every`, one of `some` (when
    there are any) and none of `never`; it then gives `urgency`."""

    urgency: str
    kinds: frozenset[str]
    every: frozenset[str]
    some: frozenset[str]
    never: frozenset[str]


@dataclass(frozen=True, slots=True)
class TriageTables:
    """The phrases, what each means by its index, what signs weigh alone and together, and the rules in their order.

    leanings: by the sound of a word or of two neighbours ("#" for digits), what they weigh for kinds, in quarters of a
    phrase's points.

    negators, carried: words that deny a phrase after them, and words that may stand between the two.
    """

    book: PhraseBook
    meanings: tuple[Meaning, ...]
    leanings: Mapping[str, Mapping[str, int]]
    sign_weights: Mapping[str, Mapping[str, int]]
    together: tuple[Together, ...]
    rules: tuple[UrgencyRule, ...]
    negators: frozenset[str]
    carried: frozenset[str]


# Signs that the reader of a text gives by itself: three words or fewer; no phrase spoke for any kind.
GIVEN_SIGNS = ("breve", "sin_tipo")


def load_triage(folder: Path, kinds: Collection[str]) -> TriageTables:
    """Reads `triage.toml` of `folder`; `kinds` are the slugs that it may name. Raises ProfileError."""
    reader = Reader.open(folder / "triage.toml")
    phrases: dict[str, Meaning] = {}
    signs = reader.table("signs")
    for sign in signs.names():
        for phrase in signs.words(sign):
            phrases.setdefault(phrase, Meaning(set(), {})).signs.add(sign)
    signs.done()
    known = frozenset((*signs.names(), *GIVEN_SIGNS))
    sign_weights: dict[str, dict[str, int]] = {}
    for kind, table in reader.table("kinds").tables():
        if kind not in kinds:
            table.fail("", "there is no kind of this name in kinds.toml; correct it or add the kind")
        _read_kind(kind, table, phrases, known, sign_weights)
    together = tuple(_read_together(row, kinds, known) for row in reader.rows("together"))
    rules = tuple(_read_rule(row, kinds, known) for row in reader.rows("urgency"))
    denial = reader.table("denial")
    negators, carried = denial.words("negators"), denial.words("carried")
    denial.done()
    lists, short = reader.table("lists"), reader.table("short")
    words = {name: lists.words(name) for name in lists.names()}
    meant = {written: short.string(written) for written in short.names()}
    reader.done()
    try:
        book = PhraseBook(phrases, words, meant)
    except PhraseError as error:
        reader.fail("", str(error))
    return TriageTables(
        book=book,
        meanings=tuple(phrases.values()),
        leanings=_leanings(folder, kinds, meant),
        sign_weights=sign_weights,
        together=together,
        rules=rules,
        negators=frozenset(sounds(plain(word)) for word in negators),
        carried=frozenset(sounds(plain(word)) for word in carried),
    )


def _read_kind(
    kind: str,
    table: Reader,
    phrases: dict[str, Meaning],
    known: frozenset[str],
    sign_weights: dict[str, dict[str, int]],
) -> None:
    """`5 = "phrases"` adds five to the kind for each phrase that is found; `signs` does so once for each sign."""
    for key in table.names():
        if key == "signs":
            signs = table.table(key)
            for sign in signs.names():
                if sign not in known:
                    signs.fail(sign, "there is no sign of this name under [signs]; correct it or add the sign")
                sign_weights.setdefault(sign, {})[kind] = signs.whole(sign, -9, 9)
            continue
        if not re.fullmatch(r"-?[1-9]", key):
            table.fail(key, 'must be a weight from -9 to 9 with phrases, as in 5 = """…""", or "signs"')
        for phrase in table.words(key):
            weights = phrases.setdefault(phrase, Meaning(set(), {})).weights
            if kind in weights:
                table.fail(key, f"the phrase {phrase!r} stands in this kind twice; keep one")
            weights[kind] = int(key)


def _leanings(folder: Path, kinds: Collection[str], short: Mapping[str, str]) -> Mapping[str, Mapping[str, int]]:
    reader = Reader.open(folder / "leanings.toml")
    weighed: list[tuple[str, str, int]] = []
    for kind, table in reader.tables():
        if kind not in kinds:
            table.fail("", "there is no kind of this name in kinds.toml; correct it or add the kind")
        for key in table.names():
            if not re.fullmatch(r"-?[1-9]", key):
                table.fail(key, 'must be a weight from -9 to 9 with words, as in 5 = """…"""')
            weighed += [(hint, kind, int(key)) for hint in table.folded(key)]
    written = {hint: [short.get(word, word) for word in hint.split()] for hint, _, _ in weighed}
    heard = sounds_of(word for words in written.values() for word in words)
    leanings: dict[str, dict[str, int]] = {}
    for hint, kind, weight in weighed:
        leanings.setdefault(" ".join([heard.get(word, word) for word in written[hint]]), {})[kind] = weight
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
