"""Which place a free text names, in any spelling, where several may be named and names of people look like places.

The finder reads a text once, word by word: it looks the words up by their sound (`sounds`), corrects one slip in long
words, takes the longest name that fits, and weighs each mention by what stands before it. Explicit names of an area
or a state beat a postal code, that beats a neighbourhood; where it happened beats where somebody lives, that beats
where it ended. What stays in contradiction gives the state alone, or nothing.

It holds no word of the texts it reads: nothing is cached.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Set
from enum import IntEnum
from typing import Literal, NamedTuple

from hotline.language.cues import Cues
from hotline.language.fold import plain
from hotline.language.slips import Slips
from hotline.language.sounds import sounds, sounds_of

_TOKEN = re.compile(r"cp(?=\d{5}\b)|[a-z0-9]+|[.;:,!?()$]")
_FIRST = ("station", "quarter", "place", "")
_LOOK_BACK = 6

Verdict = Literal["name", "road", "somebody", "word"]


class Place(NamedTuple):
    """INEGI codes: `area` of five digits or None, `state` of two digits or None; an area always has its state."""

    area: str | None
    state: str | None


NOWHERE = Place(None, None)


class Level(IntEnum):
    """How firmly a name says where: a mask says nothing and hides what it contains."""

    MASK = 0
    HINT = 1
    LOCAL = 2
    POSTAL = 3
    EXPLICIT = 4


class Role(IntEnum):
    """What a mention is to the event: where a suspect comes from, it ended, a home, just said, "in", where it was."""

    ORIGIN = 0
    END = 1
    HOME = 2
    SAID = 3
    HERE = 4
    EVENT = 5


class Name(NamedTuple):
    """One spelling of a place.

    shared: people, schools and streets bear the name too, so that a surname or an institution beside it speaks against
    it. cue: "" needs none; "place" is an ordinary word or surname, a place only after a word for places, after another
    place, or alone; "quarter" counts only after the word for a neighbourhood or an article ("la guerrero"); "station"
    only after a word for a station. exact: an abbreviation, compared by its letters and not by its sound.
    """

    words: str
    place: Place
    level: Level
    shared: bool = False
    cue: Literal["", "place", "quarter", "station"] = ""
    exact: bool = False


class _Mention(NamedTuple):
    start: int
    end: int
    place: Place
    level: Level


class _Text:
    """A text as words: `plain` and `heard` aligned, `pause` before each (0 none, 1 comma, 2 end of a sentence)."""

    __slots__ = ("heard", "pause", "plain")

    def __init__(self, text: str, cues: Cues, meant: Callable[[str], str]) -> None:
        words: list[str] = []
        self.pause: list[int] = []
        pause = 2
        for mark in _TOKEN.findall(plain(text)):
            if mark in ".;!?":
                # A dot may only shorten a word: "v. carranza", "col. roma".
                short = words and (words[-1] in cues.short or (len(words[-1]) == 1 and words[-1].isalpha()))
                if mark != "." or not short:
                    pause = 2
            elif mark in ",:()":
                pause = max(pause, 1)
            else:
                words.append(mark)
                self.pause.append(pause)
                pause = 0
        self.plain = words
        heard = sounds(" ".join([cues.short.get(word, word) for word in words])).split(" ") if words else []
        self.heard = [meant(word) if len(word) > 5 else word for word in heard]
        # A name cut in two: "izta palapa".
        cut = {at for at in range(1, len(heard)) if heard[at - 1] + heard[at] in cues.forgiven and not self.pause[at]}
        if cut:
            kept = [at for at in range(len(heard)) if at not in cut]
            self.heard = [heard[at] + heard[at + 1] if at + 1 in cut else self.heard[at] for at in kept]
            self.plain = [words[at] + words[at + 1] if at + 1 in cut else words[at] for at in kept]
            self.pause = [self.pause[at] for at in kept]

    def before(self, index: int, pause: int = 0) -> str:
        """The word heard before word `index`, "" when a longer pause than `pause` or nothing is there."""
        return self.heard[index - 1] if 0 < index < len(self.heard) + 1 and self._gap(index) <= pause else ""

    def after(self, index: int) -> str:
        """The word heard at `index` when no pause parts it from what came before, else ""."""
        return self.heard[index] if index < len(self.heard) and not self.pause[index] else ""

    def alone(self, start: int, end: int) -> bool:
        """Whether the words stand between pauses or the ends of the text."""
        return self._gap(start) > 0 and self._gap(end) > 0

    def _gap(self, index: int) -> int:
        return self.pause[index] if index < len(self.pause) else 2


class _Node:
    """A step in the tree of names, word by word: what may follow, and the names that end here."""

    __slots__ = ("names", "next")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.names: list[Name] = []

    def plant(self, words: list[str], name: Name) -> None:
        """Puts `name` at the end of `words`: those that need the most particular cue first.

        Of two places that bear the same name, what they share is kept: the state, or nothing.
        """
        node = self
        for word in words:
            if word not in node.next:
                node.next[word] = _Node()
            node = node.next[word]
        same = [known for known in node.names if (known.cue, known.level) == (name.cue, name.level)]
        for known in same:
            node.names.remove(known)
            if known.place != name.place:
                name = name._replace(
                    place=Place(None, name.place.state if known.place.state == name.place.state else None)
                )
        node.names.append(name)
        if len(node.names) > 1:
            node.names.sort(key=lambda name: (_FIRST.index(name.cue), -name.level))


class PlaceFinder:
    """Finds places in texts. Immutable once built and safe to share between threads.

    `names`: every spelling known. `postal`: places by the first two digits of postal codes, or by all five. `cues`: the
    words that decide. `numbers`: telephone numbers so short that they look like the beginning of a code. Building
    indexes every name once; finding takes time linear in the length of the text.
    """

    def __init__(
        self, names: Iterable[Name], postal: Mapping[str, Place], cues: Cues, numbers: Set[str] = frozenset()
    ) -> None:
        self._postal = dict(postal)
        self._numbers = frozenset(numbers)
        self._cues = cues
        self._heard, self._exact = _Node(), _Node()
        spelt = [(name, [cues.short.get(word, word) for word in name.words.split(" ")]) for name in names]
        heard = sounds_of(word for _, words in spelt for word in words)
        for name, words in spelt:
            if name.exact:
                self._exact.plant(name.words.split(" "), name)
            else:
                self._heard.plant([heard[word] for word in words], name)
        self._meant = Slips(cues.forgiven, heard.values()).meant
        # Every word of every name that says where, as heard.
        self.words = frozenset(heard.get(w, w) for name, words in spelt if name.level > Level.MASK for w in words)

    def by_postal_code(self, digits: str) -> Place:
        """The place whose postal codes begin with `digits` (two to five); NOWHERE when none does."""
        known = self._postal.get(digits) or self._postal.get(digits[:2])
        return known if known is not None and 2 <= len(digits) <= 5 else NOWHERE

    def find(self, text: str) -> Place:
        """The place of the event that `text` tells, as exact as the text allows; NOWHERE when it names none."""
        read = _Text(text, self._cues, self._meant)
        if len(read.plain) == 1 and read.plain[0].isdigit():
            return NOWHERE if read.plain[0] in self._numbers else self.by_postal_code(read.plain[0])
        mentions = self._mentions(read)
        return _decide(self._with_roles(read, mentions)) if mentions else NOWHERE

    def _mentions(self, read: _Text) -> list[_Mention]:
        found: list[_Mention] = []
        heard = read.heard
        start, last = 0, 0
        while start < len(heard):
            mention = None
            if heard[start] in self._heard.next:
                mention = self._longest(read, heard, self._heard, start, last)
            if mention is None and read.plain[start] in self._exact.next:
                mention = self._longest(read, read.plain, self._exact, start, last)
            if mention is None and len(heard[start]) == 5 and heard[start].isdigit():
                mention = self._postal_code(read, start)
            if mention is None:
                start += 1
                continue
            if mention.level is not Level.MASK and mention.place.state:
                found.append(mention)
            start = last = mention.end
        return found

    def _longest(self, read: _Text, words: list[str], root: _Node, start: int, last: int) -> _Mention | None:
        """The longest name at `start` that its surroundings allow. `last`: where the mention before it ended."""
        node: _Node | None = root
        fitting: list[tuple[int, list[Name]]] = []
        for end in range(start, len(words)):
            if end > start and read.pause[end]:
                break
            node = node.next.get(words[end]) if node else None
            if node is None:
                break
            if node.names:
                fitting.append((end + 1, node.names))
        for end, names in reversed(fitting):
            for name in names:
                verdict = self._verdict(read, name, start, end, last)
                if verdict == "name":
                    return _Mention(start, end, name.place, name.level)
                if verdict == "road":
                    return _Mention(start, end, Place(None, name.place.state), Level.HINT)
                if verdict == "somebody":
                    return _Mention(start, end, NOWHERE, Level.MASK)
        return None

    def _verdict(self, read: _Text, name: Name, start: int, end: int, last: int) -> Verdict:
        """What the words name: the place, a road called after it, somebody or something else; or an ordinary word."""
        cues = self._cues
        if name.level <= Level.HINT:
            return "name"
        before, earlier = read.before(start), read.before(start - 1)
        if before in cues.office:
            return "name" if name.level is Level.EXPLICIT else "word"
        if name.cue in ("quarter", "station"):
            before_it = cues.quarter if name.cue == "quarter" else cues.station
            return "name" if before in before_it or (before in _ARTICLES and earlier in before_it) else "word"
        if before in cues.street or (before in _ARTICLES and earlier in cues.street):
            return "road" if name.level is Level.EXPLICIT and not name.shared else "somebody"
        if name.shared or name.cue == "place":
            if before in cues.person or read.after(end) in cues.surname:
                return "somebody"
            if earlier in cues.named and before in _ARTICLES:
                return "somebody"
        if name.shared and (before in cues.institution or (earlier in cues.institution and before in _PUBLIC)):
            return "somebody"
        if name.cue == "place":
            beside = last == start and start > 0
            cued = before in cues.place or before in cues.quarter
            cued = cued or (name.level is Level.EXPLICIT and before == "la" and earlier in cues.place)
            if not (cued or beside or read.alone(start, end)):
                return "word"
            if before == "de" and earlier in cues.person and earlier not in cues.home:
                return "somebody"
        return "name"

    def _postal_code(self, read: _Text, index: int) -> _Mention | None:
        """Five digits that are a postal code: said to be one, or plausible with nothing against it."""
        cues, heard = self._cues, read.heard
        digits = heard[index]
        place = self.by_postal_code(digits)
        if place is NOWHERE:
            return None
        before = heard[max(0, index - 4) : index]
        mention = _Mention(index, index + 1, place, Level.POSTAL)
        if any(word in cues.postal for word in before[-3:]):
            return mention
        beside = (*before[-1:], *heard[index + 1 : index + 2])
        if any(word.isdigit() or word == "$" for word in beside) or any(word in cues.number for word in before[-2:]):
            return None
        # An amount does not begin with a nought.
        if digits[0] == "0":
            return mention
        money = any(word in cues.money_after for word in heard[index + 1 : index + 2])
        money = money or digits.endswith("00") or any(word in cues.money_before for word in before)
        return None if money else mention

    def _with_roles(self, read: _Text, mentions: list[_Mention]) -> list[tuple[Role, _Mention]]:
        """Each mention with its role; one that stands beside another in the same address has the other's."""
        found: list[tuple[Role, _Mention]] = []
        previous = 0
        for mention in mentions:
            between = range(previous, mention.start)
            if found and self._same_address(read, between, mention.start):
                role = found[-1][0]
            else:
                role = self._role(read, mention, previous)
            found.append((role, mention))
            previous = mention.end
        return found

    def _same_address(self, read: _Text, between: range, start: int) -> bool:
        filler = self._cues.filler
        return (
            len(between) <= 4
            and all(read.heard[index] in filler or read.heard[index].isdigit() for index in between)
            and all(read.pause[index] < 2 for index in (*between, start))
        )

    def _role(self, read: _Text, mention: _Mention, previous: int) -> Role:
        cues, heard, start = self._cues, read.heard, mention.start
        if read.before(start) in ("de", "del", "a") and read.before(start - 1) in cues.whose:
            return Role.ORIGIN
        for index in range(start - 1, max(previous, start - _LOOK_BACK) - 1, -1):
            if read.pause[index + 1] == 2:
                break
            word = heard[index]
            if word in cues.home:
                return Role.HOME
            if word in cues.end:
                return Role.END
            if word in cues.event:
                return Role.EVENT
        # "en Álvaro Obregón y Orizaba" is a corner of two streets.
        here = read.before(start) in _HERE or (start == 1 and heard[0] == "de")
        return Role.HERE if here and read.after(mention.end) != "i" else Role.SAID


_HERE = frozenset(("en", "desde"))
_ARTICLES = frozenset(sounds("de del la el los las es a").split())
_PUBLIC = frozenset(sounds("publica federal municipal tecnica nacional numero num no").split())


def _decide(told: list[tuple[Role, _Mention]]) -> Place:
    """The place that weighs most; what its equals contradict is left out."""
    firm = [(role, mention) for role, mention in told if mention.level > Level.HINT and role > Role.ORIGIN]
    if not firm:
        return _agreed({mention.place for role, mention in told if mention.level is Level.HINT})
    best = max(role for role, _ in firm)
    # "just said" and "it happened in" differ too little to overrule an explicit name.
    first = [(role, mention) for role, mention in firm if role >= min(best, Role.SAID)]
    top = max(mention.level for _, mention in first)
    chosen = {mention.place for _, mention in first if mention.level == top}
    place = _agreed(chosen)
    if place.area is None and len(chosen) > 1:
        events = {mention.place for role, mention in first if mention.level == top and role is Role.EVENT}
        here = [mention.place for role, mention in first if mention.level == top and role is Role.HERE]
        # Of two states, the one that the teller is in counts; of several such, the one named first.
        place = _agreed(events) if events else here[0] if here and place is NOWHERE else place
    if place.area is None and place.state is not None:
        areas = {mention.place for _, mention in first if mention.place.area and mention.place.state == place.state}
        homes = {mention.place for role, mention in firm if role is Role.HOME and mention.place.state == place.state}
        if len(chosen) == 1:
            place = _agreed(areas or homes | {place})
    return place


def _agreed(places: set[Place]) -> Place:
    """What all of `places` have in common: an area that the others contain, else the state, else nothing."""
    if len({place.state for place in places}) != 1:
        return NOWHERE
    areas = {place.area for place in places if place.area}
    return Place(areas.pop() if len(areas) == 1 else None, next(iter(places)).state)
