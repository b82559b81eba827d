"""What a text message wants. Whatever is not plainly something else is a report: nobody must learn a keyword.

A text is a request when every word of it is explained: by the phrases of one intent, by words that go along with it,
by courtesy, as part of a place, as its number. A sign of danger, the ending of a story's verb, or words left over
make it a report. So an error costs a clarifying answer, never a report.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from stdnum import damm

from hotline.dialogue import numbers
from hotline.language.fold import plain
from hotline.language.phrases import Read
from hotline.profile import NOWHERE, Place, Profile
from hotline.profile.intents import HEAD, MASK, IntentRule, IntentTables

Intent = Literal[
    "reporte", "ayuda", "alta", "baja", "estado", "consejo", "jornadas", "numero", "denunciar", "privacidad", "borrar",
    "idioma", "voluntario", "opinion", "cifras", "quienes", "patrulla",
]  # fmt: skip

# Who asks for something does so in few words; whatever is longer tells.
_LONGEST = 240
_MOST_WORDS = 34
# Up to here a message is short enough to look for slips in every word, and for words written as one.
_SLIPS_UP_TO = 16
_GLUED_UP_TO = 12
_SHORTEST_GLUED = 7
# Up to here even phrases of nothing but courtesy ("que es esto") may be meant.
_ALL_COURTESY = 8
# Up to here a text is one word and courtesy.
_HARDLY_LONGER = 3
# So near the front "numero" asks about one.
_NUMBER_WITHIN = 4
# A place has no more words than this.
_LONGEST_PLACE = 4
# How far on a language is denied.
_DENIES = 4
# An opinion begins with the word for it.
_FREE_WITHIN = 4
_WORD = re.compile(r"[a-z]+|[0-9]+")
_BARE = re.compile(r"\D*(?:\d\W{0,3}){10}\D*", re.ASCII)
# OK and a case code, as people type it on a keypad: "ok k7m2p", "OK: K7M2P.", "okk7m2p". A code has five signs and no
# vowel; with a digit in it a mistyped one is recognised too, and words ("ok voy") stay what they are.
_ACKNOWLEDGE = re.compile(r"^\W*o\W?k(?:ey|ay)?\W*((?=[a-z]*\d|[^aeiou]{5}\W*$)[a-z0-9]{5})\W*$")


@dataclass(frozen=True, slots=True)
class Understood:
    """One text: its intent, the place it names (INEGI codes) and the argument of a command. `bare`: a clave came
    without a word that asks for its report; where no report has it, it was something else."""

    intent: Intent
    area: str | None = None
    state: str | None = None
    argument: str | None = None
    bare: bool = False

    @property
    def names_place(self) -> bool:
        return self.area is not None or self.state is not None


def understand(text: str, profile: Profile, read: Read | None = None) -> Understood:
    """What `text` wants and which place it names. Never raises; any text that is no command is a report.

    `read`: the text as the profile's `intents.book` reads it, where that was done before.
    """
    whole = len(text) <= _LONGEST
    request = _Request(text[:_LONGEST], profile, whole=whole)
    asked = request.look(read if read is not None and whole else profile.intents.book.read(text[:_LONGEST]))
    if asked is not None:
        return asked
    place = request.place or profile.places.find(text)
    return Understood("reporte", place.area, place.state)


def acknowledged_code(text: str) -> str | None:
    """The case code of a liaison's `OK CODE`, in capitals, or None when the text is anything else."""
    if len(text) > 40:
        return None
    match = _ACKNOWLEDGE.match(plain(text))
    return match[1].upper() if match else None


class _Request:
    """One text, looked at as a request."""

    def __init__(self, text: str, profile: Profile, *, whole: bool) -> None:
        self._text, self._profile, self._tables, self._whole = text, profile, profile.intents, whole
        # Of the whole text as it came; None until it is needed.
        self.place: Place | None = None

    def look(self, read: Read) -> Understood | None:
        """What is asked for; None when this is no request."""
        tables = self._tables
        words = read.words
        if not words or (len(words) > _MOST_WORDS and self._whole):
            return None
        heads = tables.heads
        short = len(words) <= _SLIPS_UP_TO
        if self._tells(words) or not (short or any(word[:HEAD] in heads for word in words)):
            return None
        bare = self._bare_clave(words)
        if bare is not None:
            return Understood("estado", argument=bare, bare=True)
        if short:
            apart = self._taken_apart(words)
            if apart is not None:
                self._text, read = apart, tables.book.read(apart)
                words = read.words
            meant = tables.slips.meant
            words = [meant(word) if len(word) > 3 else word for word in words]
            if len(words) > _ALL_COURTESY and not any(word[:HEAD] in heads for word in words):
                return None
        return self._best(read, words)

    def _tells(self, words: Sequence[str]) -> bool:
        """Whether some word speaks of danger or tells a story, before anything dearer is asked."""
        tables = self._tables
        if not tables.grave.whole.isdisjoint(words):
            return True
        endings, harmless = tables.endings, tables.harmless
        if not any(word.endswith(endings) and word not in harmless for word in words):
            return False
        return tables.free_heads.isdisjoint([word[:HEAD] for word in words[:_FREE_WITHIN]])

    def _taken_apart(self, words: Sequence[str]) -> str | None:
        """The text with its words apart, where they were written as one or letter by letter."""
        if len(words) > _GLUED_UP_TO:
            return None
        written = _WORD.findall(plain(self._text))
        if len(written) > 2 and all(len(word) == 1 for word in written):
            return "".join(written)
        if len(written) != len(words):
            return None
        apart = [self._pieces(one, heard) for one, heard in zip(written, words, strict=True)]
        return " ".join(apart) if apart != written else None

    def _pieces(self, written: str, heard: str) -> str:
        tables = self._tables
        if len(written) < _SHORTEST_GLUED or written in tables.pieces or heard in tables.danger.whole:
            return written
        if heard in self._profile.places.words or tables.slips.meant(heard) != heard:
            return written
        split = _split(written, tables.pieces | self._profile.area_words)
        return " ".join(split) if split else written

    def _bare_clave(self, words: Sequence[str]) -> str | None:
        """Ten digits with their check digit and nothing beside them but courtesy."""
        if not _BARE.fullmatch(self._text):
            return None
        digits = re.sub(r"\D", "", self._text)
        polite = all(word.isdigit() or word in self._tables.courtesy for word in words)
        return digits if polite and damm.is_valid(digits) else None

    def _best(self, read: Read, words: list[str]) -> Understood | None:
        tables = self._tables
        found: dict[str, tuple[int, int, int]] = {}
        against: set[str] = set()
        matches = list(tables.book.find(read._replace(words=words)))
        masked = [match for match in matches if tables.senses[match.phrase].intent == MASK]
        for match in matches:
            sense = tables.senses[match.phrase]
            if any(mask.start <= match.start and match.end <= mask.end for mask in masked):
                continue
            if sense.against or not sense.intent:
                against.add(sense.intent)
                continue
            length = match.end - match.start
            firm, longest, first = found.get(sense.intent, (0, 0, match.start))
            found[sense.intent] = (max(firm, int(sense.firm)), max(longest, length), min(first, match.start))
        if not found or "" in against:
            return None
        fitting: list[tuple[tuple[int, ...], str]] = []
        for intent, (firm, longest, first) in found.items():
            rule = tables.rules[intent]
            asks = not rule.asking or "?" in self._text or not rule.asking.isdisjoint(words)
            if intent in against and (not rule.asking or not asks):
                continue
            if rule.needs and len(words) > _HARDLY_LONGER and rule.needs.isdisjoint(words):
                continue
            left = self._left_over(words, rule, asks=asks, first=first)
            if left is not None and left <= _spared(len(words), firm=bool(firm)):
                fitting.append(((-left, firm, longest, -first), intent))
        return self._understood(max(fitting)[1], words) if fitting else None

    def _left_over(self, words: Sequence[str], rule: IntentRule, *, asks: bool, first: int) -> int | None:
        """How many words nothing explains; None when one of them speaks of danger or tells a story."""
        tables = self._tables
        free = rule.free and first < _FREE_WITHIN
        if not self._whole and not free:
            return None
        left: list[int] = []
        for index, word in enumerate(words):
            if word in rule.along or word in tables.courtesy or not word:
                continue
            if word in tables.topics and rule.topics and asks:
                continue
            if word in tables.danger or word in tables.topics:
                return None
            if free or (word.isdigit() and self._explains(word)):
                continue
            if self._place_found != NOWHERE and word in self._profile.places.words:
                continue
            if word.endswith(tables.endings) and word not in tables.chance:
                return None
            left.append(index)
        if free or not left:
            return 0
        return 0 if self._is_place(left, len(words)) else len(left)

    def _is_place(self, left: Sequence[int], count: int) -> bool:
        """Whether the words that nothing explains are a place by themselves: an abbreviation, a name that is a word."""
        written = _WORD.findall(plain(self._text))
        if self._place_found != NOWHERE or len(written) != count or len(left) > _LONGEST_PLACE:
            return False
        if any(written[index].isdigit() for index in left):
            return False
        # With the word before it as well: "la madero".
        for start in (left[0], max(0, left[0] - 1)):
            place = self._profile.places.find(" ".join(written[start : left[-1] + 1]))
            if place != NOWHERE:
                self.place = place
                return True
        return False

    def _explains(self, digits: str) -> bool:
        """Whether these digits belong to a number or a postal code that the text holds."""
        if len(digits) == 5 and self._place_found != NOWHERE:
            return True
        return any(digits in number for number in numbers.found(self._text))

    @property
    def _place_found(self) -> Place:
        if self.place is None:
            self.place = self._profile.places.find(self._text)
        return self.place

    def _understood(self, intent: str, words: Sequence[str]) -> Understood | None:
        place = self._place_found
        argument: str | None = None
        if intent == "estado":
            argument = numbers.clave(self._text)
        elif intent == "numero":
            argument = numbers.phone(self._text)
            asks = {"numero", "telefono", "number"}
            if argument is None and not asks & set(words[:_NUMBER_WITHIN]):
                return None
        elif intent == "idioma":
            argument = _language(words, self._tables)
        if intent == "estado" and argument is None and place.state is not None and len(words) <= 4:
            return None  # "estado de mexico" says where
        asked = Understood("ayuda", place.area, place.state, argument)
        return replace(asked, intent=intent)  # type: ignore[arg-type]  # the profile's intents are these


def _spared(words: int, *, firm: bool) -> int:
    """How many words may be left over."""
    if not firm or words < 4:
        return 0
    return 1 if words < 9 else 2


def _split(word: str, pieces: frozenset[str]) -> list[str] | None:
    """`word` cut into as few known pieces as it takes, or None."""
    best: list[list[str] | None] = [[]] + [None] * len(word)
    for end in range(1, len(word) + 1):
        for start in range(end):
            before = best[start]
            if before is not None and word[start:end] in pieces:
                here = best[end]
                if here is None or len(before) + 1 < len(here):
                    best[end] = [*before, word[start:end]]
    found = best[-1]
    return found if found is not None and 1 < len(found) <= len(word) // 3 + 1 else None


def _language(words: Sequence[str], tables: IntentTables) -> str | None:
    """The code of the language asked for; one that is said not to be understood is not it."""
    return next(_languages(words, tables), None)


def _languages(words: Sequence[str], tables: IntentTables) -> Iterator[str]:
    denied = 0
    for word in words:
        denied = _DENIES if word in tables.denial else denied - 1
        code = tables.languages.get(word)
        if code is not None:
            if denied <= 0:
                yield code
            denied = 0
