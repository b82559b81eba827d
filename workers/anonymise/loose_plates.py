"""Plates in pieces: "RKL.482.B", "N97/BCT", "(NTV)(33)(61)", "4 Y G - 7 T", "gua 580 x" behind the word that tells."""

from __future__ import annotations

import re

from workers.anonymise.lexicon import COMMON
from workers.anonymise.reading import Reading
from workers.anonymise.wordlist import bag

_MARKS = frozenset("-_./*()[]:+=~|'\"#")
_ALONE = bag("y e o a u x k q d")
_ARTICLES = bag("la el las los un una unos mi su sus con en por que q me le nos se al del lo mis otro otra")
_COUNTED = bag(
    "dias dia veces vez horas hora hrs min minutos sujetos tipos meses personas hombres vatos anos mil pesos metros "
    "mts cuadras semanas am pm km kilos varos"
)
_WHOLE = re.compile(r"[a-z]{3}\d{3}|[a-z]{2}\d{4}|[a-z]\d{4}")
_LAYOUT = re.compile(
    r"[a-z]{3}\d{3,4}[a-z]?|[a-z]{2}\d{5}[a-z]?|[a-z]\d{2,3}[a-z]{2,3}|\d{3}[a-z]{3}|[a-z]\d{5}|\d{2}[a-z]{3}\d"
    r"|\d[a-z]{2,3}\d{1,2}|[a-z]{2,3}\d{4}|[a-z]\d{4}[a-z]|\d{2}[a-z]\d[a-z]{2}|\d{4}[a-z]{2,3}"
)
_TAXI = re.compile(r"[a-z]\d{5}|[a-z]\d{4}[a-z]{2,3}|[a-z]\d{5}[a-z]{1,3}")


def pieces_from(reading: Reading, index: int, cued: bool) -> int:
    """The end of letters and digits in short pieces that together make a plate, or `index` where there is none.

    `cued`: the word "placas" stands before it, so that fewer signs are enough.
    """
    words, count = reading.words, len(reading.words)
    run, last, at, lone = "", index, index, True
    while at < count and not reading.claimed[at] and at - index < 20 and len(run) < 8:
        word = words[at]
        if word in _MARKS or word == "[]":
            if word == "[]" or not _marks(reading, at, bool(run)):
                break
            at += 1
            continue
        if not word.isalnum() or not word.isascii() or len(word) > 5 or len(run) + len(word) > 8:
            break
        lone = lone and len(word) == 1
        if word.isalpha() and not (lone and cued and len(run) > 1 and word != "y") and not _letters(reading, at, run):
            break
        if word.isdigit() and words[at + 1 : at + 2] and words[at + 1] in _COUNTED and not reading.glued(at + 1):
            break
        run += word
        at += 1
        last = at
    digits = sum(character.isdigit() for character in run)
    letters = len(run) - digits
    if words[last : last + 1] == [")"] and "(" in words[max(0, index - 1) : last]:
        last += 1
    if cued:
        return last if letters and digits >= 2 and len(run) >= 4 else index
    taxi = words[index] in _ALONE and not _TAXI.fullmatch(run)
    return last if letters and digits >= 2 and 5 <= len(run) <= 8 and not taxi else index


def shown_beside(reading: Reading, index: int) -> int:
    """The end of a plate laid out as plates are, in a message that speaks of plates or vehicles, or `index`."""
    if not (reading.words[index].isalnum() and len(reading.words[index]) <= 5) or (
        reading.glued(index) and reading.words[index - 1].isalnum()
    ):
        return index
    last = pieces_from(reading, index, cued=False)
    run = "".join(word for word in reading.words[index:last] if word.isalnum())
    tied = any(not reading.words[at].isalnum() or reading.capital(at) for at in range(index, last))
    tied = tied or any(reading.glued(at) for at in range(index + 1, last))
    return last if last > index and tied and _LAYOUT.fullmatch(run) else index


def _marks(reading: Reading, at: int, begun: bool) -> bool:
    """Whether a sign ties two pieces: hyphens and brackets may stand apart, the others touch both."""
    if at + 1 >= len(reading.words):
        return False
    if reading.words[at] in "-()_'\"*":
        return True
    return not begun or (reading.glued(at) and reading.glued(at + 1))


def _letters(reading: Reading, at: int, run: str) -> bool:
    """Whether letters are a piece of a plate: not an ordinary word, unless they touch a sign or stand in capitals."""
    word = reading.words[at]
    after = reading.words[at + 1] if at + 1 < len(reading.words) else ""
    tied = reading.glued(at) or (at + 1 < len(reading.words) and reading.glued(at + 1) and after not in ",.;?!:")
    if len(word) > 3:
        return False
    beyond = at + 1
    while beyond < len(reading.words) and reading.words[beyond] in _MARKS:
        beyond += 1
    digits = beyond < len(reading.words) and reading.words[beyond].isdigit()
    if digits and (beyond > at + 1 or run[-1:].isdigit()) and (len(word) > 1 or word not in "yeo" or tied):
        return True
    if tied and (run or after in _MARKS or after.isdigit()):
        return True
    if len(word) == 1:
        if word not in _ALONE or reading.capital(at):
            return True
        if _WHOLE.fullmatch(run):
            # The last letter of a plate as they are today: "gua 580 x ayer", but not "gua 580 y se fue".
            return word != "y" and (word in "ek" or after not in _ARTICLES)
        return not run and after.isdigit() and len(after) > 1
    return not reading.lexicon.bits.get(word, 0) & COMMON or reading.capital(at)
