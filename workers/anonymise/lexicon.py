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
NAME = GIVEN | SURNAME | NICK
TRIGGERS = ADDRESS | PREMISES | VEHICLE | ALIAS | BIRTH | NAME_CUE | MAIL | SECRET | IDENTIFIER

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


class Lexicon:
    """`bits[word]` for every known word; `keys` and `typos` find a name from a hurried spelling of it."""

    def __init__(self, triggers: dict[int, frozenset[str]]) -> None:
        given, surnames, nicks = read_list("given.txt"), read_list("surnames.txt"), read_list("nicknames.txt")
        common = read_list("common.txt")
        names = {*given, *surnames, *nicks}
        bits: dict[str, int] = {}
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
        self.keys: dict[str, int] = {}
        self.typos: dict[str, int] = {}
        for word in names:
            if bits[word] & COMMON:
                continue
            if len(word) >= 4:
                sound = spelling.key(word)
                self.keys[sound] = self.keys.get(sound, 0) | bits[word] & NAME
            if len(word) >= 6:
                for shorter in spelling.deletions(word):
                    self.typos[shorter] = self.typos.get(shorter, 0) | bits[word] & NAME
        self.places = frozenset(read_phrases("places.txt"))

    def guess(self, word: str) -> int:
        """The bits of a word that is not listed: COMMON or a name by sound, a name by one slip, else nothing."""
        if len(word) < 3 or len(word) > 20:
            return 0
        sound = spelling.key(word)
        if sound in self.common_keys:
            return COMMON
        if len(word) < 4:
            return 0
        bits = self.keys.get(sound, 0)
        if bits or len(word) < 6:
            return bits
        for form in (word, *spelling.deletions(word)):
            bits |= self.typos.get(form, 0) | self.bits.get(form, 0) & (NAME | COMMON)
        if bits & NAME:
            return bits & NAME | WEAK
        return bits & COMMON


@cache
def load(triggers: tuple[tuple[int, frozenset[str]], ...]) -> Lexicon:
    """One lexicon a process for one set of cue words."""
    return Lexicon(dict(triggers))
