"""Phrases that a table lists, found in free text by their sound, all at once and in linear time.

A phrase is words parted by blanks. A word stands for every spelling that sounds like it; `stem*` for every word that
begins so; `@list` for any word of a named list; `#` for a number in digits or words; `this/that` for either; `...`
for up to five words, within a sentence. Accents and capitals do not matter.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from functools import cached_property
from typing import NamedTuple

from hotline.language.fold import plain
from hotline.language.sounds import sounds, sounds_of

_TOKEN = re.compile(r"[a-z]+|[0-9]+|[.;!?]")
_PIECE = re.compile(r"@[a-z_]+|[a-z]+\*?|[0-9]+|#")
_LISTED = re.compile(r"[a-z]+\*?|[0-9]+")
_GAP = "..."
_WIDEST_GAP = 5
_SHORTEST_STEM = 3
_NUMBERS = "numero"


class PhraseError(ValueError):
    """A phrase or a list that cannot be understood: why, and its index or its name."""

    def __init__(self, reason: str, *, phrase: int | None = None, list_name: str = "") -> None:
        super().__init__(reason)
        self.phrase = phrase
        self.list_name = list_name


class Read(NamedTuple):
    """A text made ready: its words as heard, and the number of the sentence that each is in."""

    words: list[str]
    sentences: list[int]


class Match(NamedTuple):
    """Phrase number `phrase` covers words `start` to `end`, end excluded."""

    phrase: int
    start: int
    end: int


class _Node:
    """A step in the tree of phrases: what may follow at once, what after a gap, which phrases end here."""

    __slots__ = ("ends", "later", "next")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.later: dict[str, _Node] | None = None
        self.ends: list[int] | None = None

    def plant(self, symbols: Iterable[str], phrase: int) -> None:
        node, gap = self, False
        for symbol in symbols:
            if symbol == _GAP:
                gap = True
                continue
            if gap and node.later is None:
                node.later = {}
            branch = node.later if gap and node.later is not None else node.next
            if symbol not in branch:
                branch[symbol] = _Node()
            node, gap = branch[symbol], False
        node.ends = [*(node.ends or ()), phrase]


class _Index(NamedTuple):
    """The tree of phrases, and which of its symbols a word of a text stands for: as a whole, and by how it begins."""

    root: _Node
    words: dict[str, set[str]]
    stems: dict[str, set[str]]
    lengths: list[int]


class PhraseBook:
    """An immutable set of phrases. Holds no word of the texts it reads.

    `phrases`: their texts; a match names one by its index. `lists`: words or stems by list name, for `@name`; the list
    `numero`, when given, holds the number words that `#` takes. `short`: written forms and the words they stand for.
    All of it is checked at once, and raises PhraseError; the tree is built when it is first needed, or by `prepare`.
    """

    def __init__(self, phrases: Iterable[str], lists: Mapping[str, Iterable[str]], short: Mapping[str, str]) -> None:
        self._short = {plain(written): plain(meant) for written, meant in short.items()}
        self._lists = {name: [plain(word) for word in words] for name, words in lists.items()}
        self._ways = [
            (index, way)
            for index, phrase in enumerate(plain("\0".join(phrases)).split("\0"))
            for way in self._spelt_out(phrase)
        ]
        _check(self._ways, self._lists)

    def prepare(self) -> None:
        """Builds the tree now; a process that is to fork calls this before."""
        self._index  # noqa: B018

    @cached_property
    def _index(self) -> _Index:
        used = {word for _, way in self._ways for word in way if word[0].isalnum()}
        symbols = symbols_of(used.union(*self._lists.values()))
        index = _Index(_Node(), {}, {}, sorted({len(symbols[word]) - 1 for word in symbols if word.endswith("*")}))

        def learn(heard: str, symbol: str) -> None:
            if heard.endswith("*"):
                index.stems.setdefault(heard[:-1], set()).add(symbol)
            else:
                index.words.setdefault(heard, set()).add(symbol)

        for word in used:
            learn(symbols[word], symbols[word])
        for name, words in self._lists.items():
            for word in words:
                learn(symbols[word], f"@{name}")
                if name == _NUMBERS:
                    learn(symbols[word], "#")
        for phrase, way in self._ways:
            index.root.plant([symbols.get(word, word) for word in way], phrase)
        return index

    def read(self, text: str) -> Read:
        """`text` as words and sentences, for `find` and for whatever else looks at single words."""
        words: list[str] = []
        sentences: list[int] = []
        sentence = 0
        short = self._short
        for mark in _TOKEN.findall(plain(text)):
            if mark in ".;!?":
                sentence += 1
            else:
                words.append(short.get(mark, mark))
                sentences.append(sentence)
        return Read(sounds(" ".join(words)).split(" ") if words else [], sentences)

    def find(self, read: Read) -> Iterator[Match]:
        """Every phrase in the text, in the order of where it starts; overlapping ones are all given."""
        index = self._index
        symbols = [_symbols(index, word) for word in read.words]
        sentences = read.sentences
        count = len(symbols)
        for start in range(count):
            pending = [(index.root, start)]
            while pending:
                node, here = pending.pop()
                for phrase in node.ends or ():
                    yield Match(phrase, start, here)
                if here >= count:
                    continue
                if node.next:
                    for symbol in symbols[here]:
                        if symbol in node.next:
                            pending.append((node.next[symbol], here + 1))
                if node.later:
                    for there in range(here, min(here + _WIDEST_GAP + 1, count)):
                        if sentences[there] != sentences[here - 1]:
                            break
                        for symbol in symbols[there]:
                            if symbol in node.later:
                                pending.append((node.later[symbol], there + 1))

    def lists_of(self, words: Iterable[str]) -> set[str]:
        """The lists, as "@name", that some of `words`, as `read` gives them, is in."""
        index = self._index
        return {symbol for word in words for symbol in _symbols(index, word) if symbol[0] == "@"}

    def _spelt_out(self, phrase: str) -> Iterable[Sequence[str]]:
        """The words of a folded phrase, once for each choice among its alternatives."""
        short = self._short
        words = [short.get(word, word) for word in phrase.split()]
        if "/" not in phrase:
            return (words,)
        return itertools.product(*([short.get(word, word) for word in choice.split("/")] for choice in words))


def _symbols(index: _Index, word: str) -> Set[str] | tuple[str, ...]:
    """What `word` of a text stands for in the tree."""
    known = index.words.get(word)
    if word.isdigit():
        return {"#", *known} if known else ("#",)
    stems = index.stems
    begun = [stems[word[:length]] for length in index.lengths if word[:length] in stems and length <= len(word)]
    if not begun:
        return known or ()
    return (known or set()).union(*begun)


def _check(ways: list[tuple[int, Sequence[str]]], listed: Mapping[str, Iterable[str]]) -> None:
    """Raises PhraseError for the first word that means nothing."""
    for name, words in listed.items():
        for word in words:
            if not _LISTED.fullmatch(word) or _short_stem(word):
                raise PhraseError(f"{word!r} is no word or stem* of three letters or more", list_name=name)
    bad = {word for word in {word for _, way in ways for word in way} if not _understood(word, listed)}
    for index, way in ways:
        phrase = " ".join(way)
        if not way or _GAP in (way[0], way[-1]):
            raise PhraseError(f"the phrase {phrase!r} must begin and end with a word", phrase=index)
        for word in bad.intersection(way):
            known = f"list; known are {', '.join(listed)}" if word[:1] == "@" else "word, stem*, @list, # or ..."
            raise PhraseError(f"in the phrase {phrase!r}, {word!r} is no {known}", phrase=index)


def _understood(word: str, listed: Collection[str]) -> bool:
    if word == _GAP:
        return True
    return bool(_PIECE.fullmatch(word)) and not _short_stem(word) and (word[0] != "@" or word[1:] in listed)


def _short_stem(word: str) -> bool:
    return word.endswith("*") and len(word) <= _SHORTEST_STEM


def symbols_of(words: Iterable[str]) -> dict[str, str]:
    """Each word as it is heard, a stem with its star. A stem sounds as inside a longer word: a letter is put behind it
    for the while, so that the rules for the ends of words leave it alone."""
    longer = {word: word[:-1] + ("o" if word[-2] == "a" else "a") if word.endswith("*") else word for word in words}
    heard = sounds_of(longer.values())
    return {word: f"{heard[long][:-1]}*" if word.endswith("*") else heard[long] for word, long in longer.items()}
