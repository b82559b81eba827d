"""The words the anonymiser knows, read once from the plain lists in `data/`, as one table from word to bits.

Lists and table are folded: lower case, no accents. A word may be a name and an ordinary word at once (luz, flores):
then it needs a cue or a name beside it. Regular verbs are listed by their infinitive and conjugated here; a form made
so never turns a name of the lists into an ordinary word.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

from workers.anonymise import spelling

GIVEN, SURNAME, NICK, COMMON = 1, 2, 4, 8
DIGITS, NUMERAL = 16, 32
ADDRESS, PREMISES, VEHICLE, ALIAS, BIRTH, NAME_CUE, MAIL, SECRET, IDENTIFIER, STREET = (64 << n for n in range(10))
LETTER = 1 << 16
WEAK = 1 << 20
SIGN = 1 << 23
NAME = GIVEN | SURNAME | NICK
TRIGGERS = ADDRESS | PREMISES | VEHICLE | ALIAS | BIRTH | NAME_CUE | MAIL | SECRET | IDENTIFIER

SHORTEST_SLIP = 6
"""Letters of the shortest name that is still known with a slip in it."""

_DATA = Path(__file__).parent / "data"

_AR = "o a as amos an e es emos en aba abas abamos aban aste aron are ara aremos aran aria arian ando ado ada ados adas"
_ER = "o e es emos en a as amos an ia ias iamos ian i io iste imos ieron ere era eremos eran eria erian iendo ido ida"
_AR_CLITICS = "arme arle arles arlo arla arlos arlas arse arnos andome andole andonos eme enme enle enlo ense ele"
_ER_CLITICS = "erme erle erlo erla erlos erse ernos irme irle irlo irla irse irnos iendome iendole anme anlo anse"


def read_list(name: str) -> list[str]:
    """The words of one list, in order; `#` starts a comment line."""
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


def read_phrases(name: str) -> list[tuple[str, ...]]:
    """The lines of one list, each as a tuple of words."""
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return [tuple(line.split()) for line in lines if line and not line.startswith("#")]


def _conjugated(infinitive: str) -> Iterable[str]:
    stem, ending = infinitive[:-2], infinitive[-2:]
    yield infinitive
    if ending == "ar":
        soft = {"c": stem[:-1] + "qu", "g": stem + "u", "z": stem[:-1] + "c"}.get(stem[-1], stem)
        for suffix in f"{_AR} {_AR_CLITICS}".split():
            yield (soft if suffix[0] in "ei" else stem) + suffix
    else:
        hard = {"c": stem[:-1] + "zc", "g": stem[:-1] + "j"}.get(stem[-1], stem)
        for suffix in f"{_ER} {_ER_CLITICS}".split():
            yield (hard if suffix[0] in "oa" else stem) + suffix
        yield stem + "iremos"
        yield stem + "ira"
        yield stem + "iran"


def _inflected(word: str) -> Iterable[str]:
    if len(word) < 4:
        return
    if word[-1] in "aeiou":
        yield word + "s"
        stem = word[:-1]
        if word[-1] in "oa":
            yield from (stem + "ito", stem + "ita", stem + "itos", stem + "itas")
    elif word[-1] not in "sn":
        yield word + "es"


class Words(dict[str, int]):
    """The bits of every known word. `[]` of what is not listed is 0 for a word, else DIGITS or SIGN; it is not kept."""

    def __missing__(self, word: str) -> int:
        if word.isalpha():
            return 0
        return DIGITS if word.isdigit() else SIGN


class Lexicon:
    """`bits[word]` for every known word; `sounds` finds a name from a hurried spelling of it, `near` any word from its
    form with a letter left out or from what a slip too many leaves of it."""

    def __init__(self, triggers: dict[int, frozenset[str]]) -> None:
        given, surnames, nicks = read_list("given.txt"), read_list("surnames.txt"), read_list("nicknames.txt")
        common = read_list("common.txt")
        names = {*given, *surnames, *nicks}
        bits = Words()
        for words, bit in ((given, GIVEN), (surnames, SURNAME), (nicks, NICK), (common, COMMON)):
            for word in words:
                bits[word] = bits.get(word, 0) | bit
        for word in common:
            for form in _inflected(word):
                if form not in names:
                    bits[form] = COMMON
        for infinitive in read_list("verbs.txt"):
            for form in _conjugated(infinitive):
                if form not in names:
                    bits[form] = COMMON
        self.common_keys = frozenset(spelling.key(word) for word, bit in bits.items() if bit & COMMON and len(word) > 2)
        for bit, cues in triggers.items():
            for word in cues:
                bits[word] = bits.get(word, 0) | bit
        self.bits = bits
        keys: dict[str, int] = {}
        self.near: dict[str, int] = {word: bit & (NAME | COMMON) for word, bit in bits.items() if bit & (NAME | COMMON)}
        for word in names:
            if bits[word] & COMMON:
                continue
            if len(word) >= 4:
                sound = spelling.key(word)
                keys[sound] = keys.get(sound, 0) | bits[word] & NAME
            if len(word) >= SHORTEST_SLIP:
                for shorter in spelling.deletions(word):
                    self.near[shorter] = self.near.get(shorter, 0) | bits[word] & NAME
        self.sounds = {sound: bit for sound, bit in keys.items() if sound not in self.common_keys}
        self.places = frozenset(read_phrases("places.txt"))

    def guess(self, word: str) -> int:
        """The bits of a word that is not listed: COMMON or a name by sound, a name by one slip, else nothing."""
        if len(word) < 3 or len(word) > 20:
            return 0
        sound = spelling.key(word)
        if sound in self.common_keys:
            return COMMON
        return (self.sounds.get(sound, 0) if len(word) > 3 else 0) or self._slipped(word)

    def names_heard(self, word: str) -> int:
        """The bits of a name that sounds like `word` and like no ordinary word: what `guess` knows before slips."""
        return self.sounds.get(spelling.key(word), 0) if 3 < len(word) <= 20 else 0

    def _slipped(self, word: str) -> int:
        if len(word) < SHORTEST_SLIP:
            return 0
        forms = [word, *spelling.deletions(word)]
        if self.near.keys().isdisjoint(forms):
            return 0
        bits = 0
        for form in forms:
            bits |= self.near.get(form, 0)
        if bits & NAME:
            return bits & NAME | WEAK
        return bits & COMMON


@cache
def load(triggers: tuple[tuple[int, frozenset[str]], ...]) -> Lexicon:
    """One lexicon a process for one set of cue words."""
    return Lexicon(dict(triggers))
