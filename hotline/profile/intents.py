"""The tables by which a text is told from a report, written by people who know how others ask and checked here.

`intents.toml` has [short] forms, [courtesy], [danger] and [topics], one table an intent, [languages], [wishes] that a
report may hold, and what [machines] write. How they are weighed stands in `hotline.dialogue.intents`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from hotline.language.phrases import PhraseBook, PhraseError
from hotline.language.slips import Slips
from hotline.language.sounds import sounds_of
from hotline.profile.reader import Reader

INTENTS = (
    "ayuda", "alta", "baja", "estado", "consejo", "jornadas", "numero", "denunciar", "privacidad", "borrar", "idioma",
    "voluntario", "opinion", "cifras", "quienes", "patrulla",
)  # fmt: skip
# Stands for no intent: what a phrase of this sense covers is no phrase of another.
MASK = "mask"
WISHES = ("no_calls", "no_texts", "erase")
# A word of a phrase is recognised by its beginning before anything dearer is tried.
HEAD = 4
_SHORTEST_SLIP = 5


class Sense(NamedTuple):
    """What a phrase says: its intent; `firm` when it says so whatever stands around it, `against` when it speaks
    against the intent. Danger has no intent, a mask hides what it covers."""

    intent: str
    firm: bool
    against: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Words and beginnings of words, as heard."""

    whole: frozenset[str]
    stems: tuple[str, ...]

    def __contains__(self, word: object) -> bool:
        return word in self.whole or (isinstance(word, str) and word.startswith(self.stems))


@dataclass(frozen=True, slots=True)
class IntentRule:
    """How one intent is recognised. `along`: words that may stand beside its phrases. `topics`: crimes may be named.
    `asking`: when not empty, only one of these words lets crimes be named or a phrase against the intent stand.
    `needs`: when not empty, one of these words must be there unless the text is hardly longer than a word. `free`:
    anything but danger may follow. `digits`: a number must be there."""

    along: Words
    asking: frozenset[str]
    needs: frozenset[str]
    topics: bool
    free: bool
    digits: bool


@dataclass(frozen=True, slots=True)
class IntentTables:
    """All that a text is told from a report by. Words are as heard, beginnings too.

    book, senses: the phrases and what each says, by index. heads: how the words begin without which no phrase is
    there; free_heads: those of intents that anything may follow. grave: words no request holds. endings, chance: how
    words of a story end, and words that end so by chance; harmless: these and all that requests hold. slips: forgives
    a slip in a word of a phrase. pieces: written words, for those written as one. languages: codes by the words for
    them; denial: words before one that is not understood. wishing, wishes: phrases of wishes and of machines, and the
    name of each; wish_words: words without which none of them is there.
    """

    book: PhraseBook
    senses: tuple[Sense, ...]
    rules: Mapping[str, IntentRule]
    heads: frozenset[str]
    free_heads: frozenset[str]
    courtesy: frozenset[str]
    topics: frozenset[str]
    danger: Words
    grave: Words
    endings: tuple[str, ...]
    chance: frozenset[str]
    harmless: frozenset[str]
    slips: Slips
    pieces: frozenset[str]
    languages: Mapping[str, str]
    denial: frozenset[str]
    wishing: PhraseBook
    wishes: tuple[str, ...]
    wish_words: frozenset[str]


class _Phrases:
    """Phrases gathered with what they say and where they were read."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.senses: list[Sense] = []
        self._places: list[tuple[Reader, str]] = []

    def add(self, reader: Reader, key: str, sense: Sense) -> tuple[str, ...]:
        words = reader.folded(key)
        self.texts += words
        self.senses += [sense] * len(words)
        self._places += [(reader, key)] * len(words)
        return words

    def book(self, short: Mapping[str, str]) -> PhraseBook:
        try:
            return PhraseBook(self.texts, {}, short)
        except PhraseError as error:
            reader, key = self._places[error.phrase or 0]
            reader.fail(key, str(error))


def load_intents(folder: Path) -> IntentTables:
    """Reads `intents.toml` of `folder`. Raises ProfileError."""
    reader = Reader.open(folder / "intents.toml")
    shorts = reader.table("short")
    short = {written: shorts.string(written) for written in shorts.names()}
    courtesy_words = _list(reader, "courtesy")
    topic_words = _list(reader, "topics")
    courtesy, topics = _heard(courtesy_words), _heard(topic_words)
    phrases = _Phrases()
    danger_table = reader.table("danger")
    danger = _words(danger_table, "words", "stems")
    spared = _in(phrases.add(danger_table, "phrases", Sense("", firm=True)))
    endings = danger_table.single("endings")
    chance = _heard(danger_table.single("harmless"))
    danger_table.done()
    masks = reader.table("masks")
    phrases.add(masks, "phrases", Sense(MASK, firm=True))
    masks.done()
    rules: dict[str, IntentRule] = {}
    written = {*courtesy_words, *topic_words}
    cues: set[str] = set()
    free: set[str] = set()
    table = reader.table("intents")
    for slug, rule in table.tables():
        if slug not in INTENTS:
            table.fail(slug, f"is not something that can be asked for; known are {', '.join(INTENTS)}")
        own = _in(phrases.add(rule, "phrases", Sense(slug, firm=True)))
        own |= _in(phrases.add(rule, "alone", Sense(slug, firm=False)))
        spared |= _in(phrases.add(rule, "never", Sense(slug, firm=True, against=True)))
        cues |= own
        free |= own if rule.has("free") else set()
        along = rule.single("along")
        written |= {word for word in (*own, *along) if not word.endswith("*")}
        rules[slug] = IntentRule(
            along=_sorted_words((*own, *along)),
            asking=_heard(rule.single("asking")),
            needs=_heard(rule.single("needs")),
            topics=rule.flag("topics"),
            free=rule.flag("free"),
            digits=rule.flag("digits"),
        )
        rule.done()
    for slug in INTENTS:
        if slug not in rules:
            table.fail(slug, "is missing; every intent needs a table")
    table.done()
    heads = _heard({word.rstrip("*") for word in cues} - set(courtesy_words))
    wished, machines = reader.table("wishes"), reader.table("machines")
    wishing = _Phrases()
    for name in WISHES:
        wishing.add(wished, name, Sense(name, firm=True))
    wishing.add(machines, "phrases", Sense("machine", firm=True))
    known = set().union(*(rule.along.whole for rule in rules.values()))
    tables = IntentTables(
        book=phrases.book(short),
        senses=tuple(phrases.senses),
        rules=rules,
        heads=frozenset(head[:HEAD] for head in heads),
        free_heads=frozenset(head[:HEAD] for head in _heard(free - set(courtesy_words))),
        courtesy=courtesy,
        topics=topics,
        danger=danger,
        grave=Words(danger.whole - known - topics, danger.stems),
        endings=endings,
        chance=chance,
        harmless=chance | known | courtesy,
        slips=Slips(
            heads,
            danger.whole | courtesy | known | topics | _heard(word.rstrip("*") for word in spared),
            shortest=_SHORTEST_SLIP,
        ),
        pieces=frozenset(word for word in written if len(word) > 1),
        languages=_languages(reader.table("languages")),
        denial=_heard(_list(reader, "denial")),
        wishing=wishing.book(short),
        wishes=tuple(sense.intent for sense in wishing.senses),
        wish_words=_heard(word for phrase in wishing.texts for word in _longest(phrase)),
    )
    for part in (shorts, wished, machines, reader):
        part.done()
    return tables


def _longest(phrase: str) -> list[str]:
    """The longest word of a phrase; the alternatives where it has some."""
    return max((choice.split("/") for choice in phrase.split()), key=lambda words: min(map(len, words)))


def _list(reader: Reader, key: str) -> tuple[str, ...]:
    table = reader.table(key)
    words = table.single("words")
    table.done()
    return words


def _in(phrases: Iterable[str]) -> set[str]:
    """The words of some phrases, stems with their stars."""
    return {word for phrase in phrases for word in re.findall(r"[a-z]+\*?", phrase)}


def _heard(words: Iterable[str]) -> frozenset[str]:
    return frozenset(sounds_of(words).values())


def _words(reader: Reader, whole: str, stems: str) -> Words:
    return Words(_heard(reader.single(whole)), tuple(_stem(word) for word in reader.single(stems)))


def _sorted_words(words: Iterable[str]) -> Words:
    told = list(words)
    whole = _heard(word for word in told if not word.endswith("*"))
    return Words(whole, tuple({_stem(word[:-1]) for word in told if word.endswith("*")}))


def _stem(word: str) -> str:
    """The sound of a beginning: as inside a longer word, so that the rules for ends leave it alone."""
    longer = word + ("o" if word[-1] == "a" else "a")
    return sounds_of([longer])[longer][:-1]


def _languages(reader: Reader) -> dict[str, str]:
    codes: dict[str, str] = {}
    for code in reader.names():
        if not re.fullmatch(r"[a-z]{2,3}", code):
            reader.fail(code, "a language's code is of two or three small letters, as in en")
        codes.update(dict.fromkeys(sounds_of(reader.single(code)).values(), code))
    reader.done()
    return codes
