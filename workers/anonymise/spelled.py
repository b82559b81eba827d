"""Plates, CURP, RFC and codes of that kind read aloud, letter by letter: "ene erre te doce cuarenta y ocho"."""

from __future__ import annotations

from workers.anonymise.lexicon import LETTER, NUMERAL
from workers.anonymise.model import Found
from workers.anonymise.reading import Number, Reading
from workers.anonymise.wordlist import bag

LETTERS = {
    "a": "A", "be": "B", "ve": "V", "ce": "C", "de": "D", "e": "E", "efe": "F", "ge": "G", "hache": "H", "ache": "H",
    "i": "I", "jota": "J", "ka": "K", "ca": "K", "ele": "L", "eme": "M", "ene": "N", "o": "O", "pe": "P", "cu": "Q",
    "qu": "Q", "erre": "R", "ere": "R", "ese": "S", "te": "T", "u": "U", "uve": "V", "equis": "X", "ekis": "X",
    "ye": "Y", "zeta": "Z", "seta": "Z", "ceta": "Z", "griega": "Y", "eñe": "N",
}  # fmt: skip
TRIGGERS = bag("doble be ce efe ge hache ache jota ka ele eme ene pe erre ere uve equis ekis ye zeta seta ceta griega")
"""Names of letters that are no ordinary words: without one of them nothing is read letter by letter."""
_AFTER_LETTER = bag("grande chica alta baja corta larga labial")
_LINKS = bag(
    "no perdon digo y guion punto diagonal espacio luego despues numeros numero letras letra con los las - . , _ /"
)
_CUES = {"curp": "CURP", "rfc": "RFC", "elector": "CLAVE_ELECTOR", "ine": "CLAVE_ELECTOR", "placas": "PLACA",
         "placa": "PLACA", "plakas": "PLACA", "plaka": "PLACA", "matricula": "PLACA", "plates": "PLACA"}  # fmt: skip
_OFFICIAL = bag("folio folios patrulla unidad expediente carpeta reporte")
_ARTICLES = bag("la el las los un una mi su lo que")
_FEWEST, _MOST_PLATE = 5, 8


def find_spelled(reading: Reading) -> list[Found]:
    """Codes read aloud, claimed at once. Asks the numbers in the message to be read already."""
    found: list[Found] = []
    bits = reading.bits
    index = 0
    while index < len(bits):
        if not bits[index] & LETTER or reading.claimed[index]:
            index += 1
            continue
        first = _start(reading, index)
        last, code, strong = _run(reading, first)
        if any(word in _OFFICIAL for word in reading.words[max(0, first - 6) : first]):
            index = max(last, index + 1)
            continue
        kind = _kind(reading, first, code)
        letters = sum(character.isalpha() for character in code)
        digits = len(code) - letters
        enough = len(code) >= _FEWEST and digits >= 2 and (letters >= 2 or (letters == 1 and kind == "PLACA"))
        if enough and (strong > 1 or kind != "OTRO") and reading.free(first, last):
            reading.claim(first, last)
            found.append(Found(first, last, kind if kind != "OTRO" or len(code) > _MOST_PLATE else "PLACA", None, code))
        index = max(last, index + 1)
    return found


def find_taxis(reading: Reading) -> list[Found]:
    """The plate of a taxi read aloud, claimed at once: a letter and five digits ("el a cero siete uno tres cinco")."""
    found: list[Found] = []
    words = reading.words
    for number in reading.numbers:
        at = number.first - 1
        if at > 0 and words[at] == "-":
            at -= 1
        if at < 1 or len(words[at]) != 1 or not words[at].isalpha() or words[at - 1] not in _BEFORE_TAXI:
            continue
        digits, last = number.digits, number.last
        while len(digits) < _TAXI:
            following = reading.number_at.get(last + (words[last : last + 1] == ["-"]))
            if following is None or following.explained:
                break
            digits, last = digits + following.digits, following.last
        if len(digits) == _TAXI and last not in reading.number_at and reading.free(at, last):
            reading.claim(at, last)
            found.append(Found(at, last, "PLACA", None, words[at].upper() + digits))
    return found


_BEFORE_TAXI = bag("el es era son placas placa taxi numero num rosa # : eco economico unidad fue eran")
_TAXI = 5


def _start(reading: Reading, index: int) -> int:
    """Weak names of letters and numbers right before the first strong one belong to the code."""
    words = reading.words
    cued = any(word in _CUES for word in words[max(0, index - 12) : index])
    while index > 0 and not reading.claimed[index - 1]:
        word = words[index - 1]
        if word in (",", "-", ".") and index > 1:
            if not (index - 2 in reading.number_at or (cued and words[index - 2] in LETTERS)):
                break
            index -= 1
            continue
        number = reading.number_at.get(index - 1)
        if number is not None and not number.explained:
            index = number.first
        elif (len(word) == 1 and word.isalpha() and word not in "yaeo") or (
            word in ("a", "e", "o", "te", "ese", "de", "u", "be", "ve", "i")
            and (_code_before(reading, index - 1) or (cued and words[max(0, index - 2) : index - 1] != ["las"]))
        ):
            index -= 1
        else:
            break
    return index


def _code_before(reading: Reading, index: int) -> bool:
    """Whether what stands before a word that may be a letter says that a code begins: a cue, a letter or a number."""
    word = reading.words[index - 1] if index else ""
    return word in _CUES or word in ("es", "son", "#", ":") or (index - 1) in reading.number_at


def _run(reading: Reading, first: int) -> tuple[int, str, int]:
    """The end of the code that begins at `first`, the code itself, and how many sure names of letters it holds."""
    words, count = reading.words, len(reading.words)
    index, last, code, strong, gap = first, first, "", 0, 0
    while index < count and len(code) < 20 and not reading.claimed[index]:
        word, number = words[index], reading.number_at.get(index)
        after = words[index + 1] if index + 1 < count else ""
        if isinstance(number, Number) and number.first == index:
            code += number.digits
            index = last = number.last
            gap = 0
            continue
        letter = LETTERS.get(word)
        if word == "doble" and after in ("u", "ve", "uve"):
            letter, index = "W", index + 1
        elif word in ("i", "y") and after == "griega":
            letter, index = "Y", index + 1
        elif letter is None and len(word) == 1 and word.isalpha() and word != "y":
            letter = word.upper()
        weak = word in ("a", "e", "o", "de", "te", "ese", "u", "i")
        if letter is not None and (not weak or _goes_on(reading, index + 1, code)):
            code += letter
            strong += 1 if reading.bits[index] & LETTER or word == "doble" else 0
            index += 1
            if index < count and words[index] in _AFTER_LETTER:
                index += 1
            elif words[index : index + 1] == ["de"] and index + 1 < count and not reading.bits[index + 1] & NUMERAL:
                # "be de burro", "ene de nada": the letter is explained by a word.
                following = words[index + 1]
                index += 2 if following[:1] == letter.lower() and len(following) > 2 else 0
            last = index
            gap = 0
        elif (word in _LINKS or word == "de") and gap < 3:
            index += 1
            gap += 1
        else:
            break
    return last, code, strong


def _goes_on(reading: Reading, index: int, code: str) -> bool:
    """Whether a word that is mostly no letter's name ("a", "de") is one here, by what stands behind it."""
    while index < len(reading.words) and reading.words[index] in (",", ".", "-"):
        index += 1
    if index >= len(reading.words):
        return len(code) in (5, 6, 12, 17)
    word = reading.words[index]
    if reading.bits[index] & (LETTER | NUMERAL) or index in reading.number_at or word in ("guion", "-"):
        return True
    if (word in LETTERS and word not in ("a", "de")) or (len(word) == 1 and word.isalpha() and word not in "yx"):
        return True
    return (len(code) in (5, 6, 12, 17) and word not in _ARTICLES) or (len(code) == 7 and word in ("y", ",", "."))


def _kind(reading: Reading, first: int, code: str) -> str:
    cues = [_CUES[word] for word in reading.words[max(0, first - 9) : first] if word in _CUES]
    if len(code) >= 17:
        return cues[-1] if cues and cues[-1] != "PLACA" else "CURP"
    if cues and (cues[-1] != "PLACA" or len(code) <= _MOST_PLATE + 4):
        return cues[-1]
    return "OTRO"
