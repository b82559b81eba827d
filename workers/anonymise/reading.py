"""A message made ready to be looked at: folded, cut into tokens, every token with the bits of its word.

Offsets of tokens are in the folded text; `Reading.original_span` leads back to the code points of the input.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import reduce
from itertools import product
from operator import or_
from typing import TYPE_CHECKING

from hotline.language.fold import Folded, fold
from workers.anonymise.lexicon import DIGITS, SIGN, Lexicon
from workers.anonymise.model import LABELS

if TYPE_CHECKING:
    from workers.anonymise.scene import Scene

_TOKEN = re.compile(r"[a-z]+|\d+|[^\W\d_]+|[^\w\s]|_")
# The same, for texts that hold no letters but ours.
_PLAIN_TOKEN = re.compile(r"[a-z]+|[0-9]+|\S")
_LABEL = "|".join(sorted({label.replace("É", "[ÉE]").replace("Ó", "[ÓO]") for label in LABELS.values()}))
# A mask of ours has a small number and touches no other digit: text shaped like one must not hide a telephone.
_MASK = re.compile(rf"(?<!\d)\[((?:{_LABEL})(?: DEL SOSPECHOSO)?)(?: ([1-9]\d{{0,2}}))?\](?!\d)")
_FIRST_TOLD = 20
MASKED = "[]"
"""The word of a token that belongs to a mask: two signs, so that no token of a text is the same."""
# Characters that lower case, lose their accent or become plain one for one: the quick way for nearly every message.
_SIMPLE = {
    **{chr(code): chr(code).lower() for code in range(0x20, 0x7F)},
    **dict(zip("\n\r\táéíóúüñÁÉÍÓÚÜÑ¿¡°«»", '   aeiouunaeiouun¿¡o""', strict=True)),
}
_OTHER = b"\x00"
_QUICK = b"".join(_SIMPLE.get(chr(code), "\x00").encode("latin-1") for code in range(256))
_TYPESET = str.maketrans("“”‘’–—", "\"\"''--")
# Letters of other alphabets that look like ours.
_LOOKALIKES = str.maketrans("авекмнорстухіјѕԁαεικνορτυχ", "abekmhopctyxijsdaeiknoptux")
_INVISIBLE = frozenset({"Cf", "Mn", "Me", "Cc", "Cs", "Co", "Cn"})
_FEWEST_SIGNS = 7
_ALMOST_DIGIT = re.compile(
    r"(?<![a-z\d])[\doil]*\d[\doil]*(?![a-z\d])|(?<=\d \d )[oil](?= \d)"
    r"|(?<=[ .\-]\d[ .\-])[oil](?=[ .\-]\d(?!\d))|(?<=\d[ .\-])(?:o{2,4}|l{2,4}|ol)(?=[ .\-]\d)"
    r"|(?<=\d)[oil]{1,3}(?=\d)|(?<=\d\d\d)[ol](?![a-z\d])"
)
_ALMOST_DIGITS = re.compile(
    r"(?<![a-z\d])[\doil]{1,6}(?:[ .\-_/*]{1,3}[\doil]{1,6}){2,}(?![a-z\d])|" + _ALMOST_DIGIT.pattern
)
# Letters that stand for digits are words of their own once the digits are cut off: without one there is nothing to do.
_LIKE_DIGITS = frozenset("".join(letters) for size in range(1, 7) for letters in product("oil", repeat=size))
_MANY_LIKE_DIGITS = re.compile(r"[oil]{7}")
_ORDINAL = re.compile(r"\d{1,2}o")
_AS_DIGITS = str.maketrans("oil", "011")
_LATIN = [chr(code) for code in range(256)]
_NO_LETTERS = bytes(code for code, character in enumerate(_LATIN) if not character.isalpha())
_NO_DIGITS = bytes(code for code, character in enumerate(_LATIN) if character not in "0123456789")
_NO_CAPITALS = bytes(code for code, character in enumerate(_LATIN) if not (character.isalpha() and character.isupper()))


@dataclass(slots=True)
class Number:
    """Digits somebody wrote or spelled: tokens `first` to `last` (half open). `explained`: what stands beside it says
    that it is no identifier (an amount, an hour, a date)."""

    first: int
    last: int
    digits: str
    spoken: bool = False
    explained: bool = False


@dataclass(slots=True)
class Reading:
    """`words[i]` is the folded token at `starts[i]`..`ends[i]` of `text`; `bits[i]` what the lexicon says about it.

    `claimed[i]` is set once a token belongs to a find or to a mask that was in the input; `any_bits` is the union of
    all bits, with UNKNOWN for a word that is not listed, and `digits` how many there are, so that a finder without a
    trigger in the message is not asked. `numbers` are in order; `number_at` leads from each of their tokens to them.
    """

    original: str
    text: str
    origins: tuple[int, ...] | range
    words: list[str]
    bits: list[int]
    any_bits: int
    digits: int
    claimed: list[bool]
    lexicon: Lexicon
    numbers: list[Number] = field(default_factory=list)
    number_at: dict[int, Number] = field(default_factory=dict)
    _cased: bool | None = None
    scene: Scene | None = None
    _places: tuple[list[int], list[int]] | None = None

    @property
    def starts(self) -> list[int]:
        return (self._places or self._place())[0]

    @property
    def ends(self) -> list[int]:
        return (self._places or self._place())[1]

    def _place(self) -> tuple[list[int], list[int]]:
        """Where the tokens begin and end: most messages are never asked."""
        at = 0
        starts: list[int] = []
        for word in self.words:
            at = self.text.index(word, at)
            starts.append(at)
            at += len(word)
        self._places = starts, [start + len(word) for start, word in zip(starts, self.words, strict=True)]
        return self._places

    def reword(self, index: int, word: str) -> None:
        """Has token `index` read as `word` from here on; where it stands in the text stays as it was."""
        if self._places is None:
            self._place()
        self.words[index] = word

    def original_span(self, first: int, last: int) -> tuple[int, int]:
        """Code points of the input that tokens `first` to `last` (half open) came from, with marks that fold to
        nothing behind them."""
        end = self.ends[last - 1]
        return self.origins[self.starts[first]], max(self.origins[end - 1] + 1, self.origins[end])

    def known(self, index: int) -> int:
        """The bits of token `index`; a word that is not listed is guessed by its sound and remembered."""
        bits = self.bits[index]
        if bits == 0 and self.words[index].isalpha():
            bits = self.lexicon.guess(self.words[index]) or UNKNOWN
            self.bits[index] = bits
        return bits

    def capital(self, index: int) -> bool:
        """Whether the token begins with a capital in a message where capitals mean something."""
        if self._cased is None:
            letters, capitals = _count_letters(self.original)
            self._cased = 0 < capitals * 3 < letters
        return self._cased and self.original[self.origins[self.starts[index]]].isupper()

    def glued(self, index: int) -> bool:
        """Whether token `index` follows the one before it without a blank."""
        return index > 0 and self.starts[index] == self.ends[index - 1]

    def free(self, first: int, last: int) -> bool:
        return 0 <= first < last <= len(self.words) and not any(self.claimed[first:last])

    def claim(self, first: int, last: int) -> None:
        for index in range(first, last):
            self.claimed[index] = True

    def phrase(self, first: int, last: int) -> str:
        return self.text[self.starts[first] : self.ends[last - 1]]


UNKNOWN = 1 << 21
"""Bit of a word that is neither listed nor close to a listed one."""


def _count_letters(text: str) -> tuple[int, int]:
    """How many letters there are, and how many of them are capitals."""
    try:
        latin = text.encode("latin-1")
    except UnicodeEncodeError:
        letters = [character for character in text if character.isalpha()]
        return len(letters), sum(character.isupper() for character in letters)
    return len(latin.translate(None, _NO_LETTERS)), len(latin.translate(None, _NO_CAPITALS))


def _fold_quickly(original: str) -> str | None:
    """`original` folded one character for one, or None if any of its characters wants a closer look."""
    try:
        latin = original.encode("latin-1")
    except UnicodeEncodeError:
        try:
            latin = original.translate(_TYPESET).encode("latin-1")
        except UnicodeEncodeError:
            return None
    folded = latin.translate(_QUICK)
    return None if _OTHER in folded else folded.decode("latin-1")


def _settle(folded: Folded) -> tuple[str, tuple[int, ...]]:
    """Drops what does not show (marks, joiners, controls) and makes foreign digits and look-alike letters ours."""
    pieces: list[str] = []
    origins: list[int] = []
    for character, origin in zip(folded.text, folded.origins, strict=False):
        plain = character
        if character > "\x7f":
            plain = character.translate(_LOOKALIKES)
            if plain == character:
                digit = unicodedata.digit(character, None)
                if digit is not None:
                    plain = str(digit)
                elif unicodedata.category(character) in _INVISIBLE:
                    continue
        elif character < " " or character == "\x7f":
            continue
        pieces.append(plain)
        origins.append(origin)
    origins.append(folded.origins[-1])
    return "".join(pieces), tuple(origins)


def _to_digits(match: re.Match[str]) -> str:
    run = match.group()
    if not run.isalnum():
        digits, signs = sum(c.isdigit() for c in run), sum(c.isalnum() for c in run)
        if signs >= _FEWEST_SIGNS and digits * 3 >= signs:
            return run.translate(_AS_DIGITS)
        return _ALMOST_DIGIT.sub(_to_digits, run)
    behind = match.string[max(0, match.start() - 2) : match.start()]
    if behind[1:] in (" ", "-", ".") and behind[:1].isdigit() and len(run) > 1:
        return run.translate(_AS_DIGITS)
    if _ORDINAL.fullmatch(run) and not match.string[match.end() : match.end() + 2].strip(" -.")[:1].isdigit():
        return run
    return run.translate(_AS_DIGITS)


def read(original: str, lexicon: Lexicon) -> Reading:
    """Folds and cuts `original`, any Unicode of any length, in linear time."""
    text = _fold_quickly(original)
    origins: tuple[int, ...] | range = range(len(original) + 1)
    tokens = _PLAIN_TOKEN
    if text is None:
        text, origins = _settle(fold(original))
        tokens = _TOKEN
    look_up = lexicon.bits.__getitem__
    words: list[str] = tokens.findall(text)
    bits = list(map(look_up, words))
    any_bits = reduce(or_, bits, 0)
    digits = 0
    if any_bits & DIGITS:
        if tokens is _TOKEN or not _LIKE_DIGITS.isdisjoint(words) or _MANY_LIKE_DIGITS.search(text):
            text = _ALMOST_DIGITS.sub(_to_digits, text)
            words = tokens.findall(text)
            bits = list(map(look_up, words))
            any_bits = reduce(or_, bits)
        digits = len(text.encode("ascii", "ignore").translate(None, _NO_DIGITS))
    if 0 in bits:
        any_bits |= UNKNOWN
    reading = Reading(original, text, origins, words, bits, any_bits, digits, [False] * len(words), lexicon)
    if "[" in original:
        _claim_masks(reading)
    return reading


def _masks(text: str) -> list[tuple[int, int]]:
    """Where masks of ours stand. Their numbers count up: one far above those before it makes its like unbelievable."""
    matches = list(_MASK.finditer(text))
    highest: dict[str, int] = {}
    unlike: set[str] = set()
    for match in matches:
        number, top = int(match[2] or 1), highest.get(match[1], 0)
        highest[match[1]] = max(top, number)
        if number > max(top + 1, _FIRST_TOLD):
            unlike.add(match[1])
    return [match.span() for match in matches if not (match[2] and match[1] in unlike)]


def _claim_masks(reading: Reading) -> None:
    covered = _masks(reading.original)
    if not covered:
        return
    turn = 0
    for index, start in enumerate(reading.starts):
        origin = reading.origins[start]
        while turn < len(covered) and covered[turn][1] <= origin:
            turn += 1
        if turn == len(covered):
            return
        if covered[turn][0] <= origin:
            reading.claimed[index] = True
            reading.bits[index] = SIGN
            reading.words[index] = MASKED
