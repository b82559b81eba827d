"""Plates, and the numbers painted on patrol cars, taxis and trucks: by their shape, or by the word before them."""

from __future__ import annotations

import re
from bisect import bisect_left

from workers.anonymise.lexicon import COMMON, NUMERAL, VEHICLE
from workers.anonymise.loose_plates import pieces_from, shown_beside
from workers.anonymise.model import Found
from workers.anonymise.reading import Reading
from workers.anonymise.wordlist import bag

# National, Mexico City old and new, State of Mexico, motorcycles, taxis; no I, O or Q in real ones, but people err.
_SHAPES = re.compile(
    r"(?<![a-z\d\-])(?=.{0,4}\d)(?:[a-z]{3}[ \-]?\d{3}[ \-]?[a-z]|[a-z]{3}[ \-]\d{2}[ \-]\d{2}|[a-z]{3}-?\d{4}"
    r"|[a-z]\d{2}[ \-]?[a-z]{3}|\d{3}-[a-z]{3}|[a-z]\d{5}|[a-z]-\d{5}|\d{2}[a-z]\d[a-z]{2}|\d[a-z]{2}\d[a-z]"
    r"|[a-z]{3} \d{4}|[b-df-np-tv-wz] \d{2} \d{3}"
    r"|[a-z]\d{2}-[a-z]{2}|[a-z]{2}-?\d{5}|[a-z]{2}-\d{2}-\d{3}|mx-?[a-z]?\d{2,4}(?:-?[a-z]\d{1,2})?"
    r")(?![a-z\d\-])"
)
_LETTER_BY_LETTER = re.compile(r"(?<![a-z\d])[a-z\d](?:[ .\-_]{1,2}[a-z\d]){4,7}(?![a-z\d])")
_CUES = bag("plate plates placa placas plaka plakas plcas matricula matriculas")
_UNITS = bag("patrulla patruya unidad economico eco")
VEHICLES = bag(
    "moto motocicleta motoneta carro coche auto automovil taxi camioneta camion combi micro microbus "
    "jetta aveo tsuru chevy spark march versa vento vocho golf derby pointer sentra tiida civic accord "
    "corolla yaris hilux ranger lobo silverado cheyenne ram explorer italika honda nissan ford "
    "chevrolet volkswagen vw mazda toyota kia hyundai seat ibiza fiat renault bmw audi mercedes dodge "
    "jeep cherokee urvan van suburban trailer torton pipa grua vehiculo vehiculos carros autos motos "
    "mototaxi bicitaxi bocho beat pulsar platina tacoma frontier ranger attitude mirage jac swift camry "
    "altima sonic aveos figo ecosport cx5 crv sandero kwid logan stratus neon caliber onix tornado dx"
)
TRIGGERS = _CUES | _UNITS | VEHICLES
_BETWEEN = bag(
    "con de del es son la las el los num numero no nomas nada mas le vi alcance a ver que q solo "
    "empieza empiezan termina terminan en terminacion : . , # - era eran del estado df cdmx edomex "
    "mexico y me traia trae creo mi ellos ellas ese esa carro moto taxi auto coche dice decia tipo ("
)
_LETTERS = bag(
    "be ce de e efe ge hache jota ka ele eme ene pe cu ku erre ere ese te uve ve doble equis ye zeta seta griega"
)
_NOT_PLATES = re.compile(
    r"\d+(?:mil|min|mins|hrs|hr|am|pm|mts|mt|km|kg|mxn|dls|pesos|anos|dias|mb|gb|g|x|k|ml|vs|cm|a|o|er|ro|do|to|ta|da|ra)"
)
_COUNTED = (
    ["dias"],
    ["veces"],
    ["horas"],
    ["sujetos"],
    ["tipos"],
    ["meses"],
    ["personas"],
    ["hombres"],
    ["vatos"],
    ["anos"],
)
_HORIZON = 7


def find_plates(reading: Reading) -> list[Found]:
    """Plates and unit numbers, claimed at once. Asks the digits in the message to be read already."""
    found: list[Found] = []
    if reading.any_bits & VEHICLE:
        for index, word in enumerate(reading.words):
            if reading.bits[index] & VEHICLE and word not in VEHICLES and not reading.claimed[index]:
                _after_cue(reading, index, found)
    if reading.digits < 2:
        return found
    for match in _SHAPES.finditer(reading.text):
        first, last = bisect_left(reading.starts, match.start()), bisect_left(reading.starts, match.end())
        if reading.free(first, last) and _plausible(reading, first, last, match.group()):
            _keep(reading, first, last, found)
    if reading.any_bits & VEHICLE:
        for match in _LETTER_BY_LETTER.finditer(reading.text):
            letters = sum(character.isalpha() for character in match.group())
            digits = sum(character.isdigit() for character in match.group())
            first, last = bisect_left(reading.starts, match.start()), bisect_left(reading.starts, match.end())
            if letters >= 1 and digits >= 2 and letters + digits >= 5 and reading.free(first, last):
                _keep(reading, first, last, found)
        for index, word in enumerate(reading.words):
            if reading.bits[index] & VEHICLE and word in VEHICLES:
                _beside_vehicle(reading, index, found)
        # No plate begins with a longer word.
        for index in [turn for turn, word in enumerate(reading.words) if len(word) < 4 or not word.isalpha()]:
            end = shown_beside(reading, index) if not reading.claimed[index] else index
            if end > index:
                _keep(reading, index, end, found)
    return found


def _keep(reading: Reading, first: int, last: int, found: list[Found]) -> None:
    reading.claim(first, last)
    value = "".join(word for word in reading.words[first:last] if word.isalnum()).upper()
    found.append(Found(first, last, "PLACA", None, value))


def _plausible(reading: Reading, first: int, last: int, shape: str) -> bool:
    """A shape with a blank inside, or one that is a unit of measure, is a plate only if no part is an ordinary word."""
    if _NOT_PLATES.fullmatch(shape):
        return False
    if " " in shape and len(reading.words[first]) == 3 and reading.words[first] in reading.lexicon.bits:
        return False
    if " " in shape:
        return not any(
            len(reading.words[i]) > 1 and reading.words[i].isalpha() and reading.known(i) & COMMON
            for i in range(first, last)
        )
    letters = [i for i in range(first, last) if reading.words[i].isalpha() and len(reading.words[i]) > 2]
    return not any(reading.bits[i] & COMMON and not reading.words[i].isdigit() for i in letters) or "-" in shape


def _mixed(reading: Reading, at: int) -> int:
    """The end of a run of glued tokens (hyphens allowed) from `at` holding both letters and digits, or `at`."""
    end = at + 1
    count = len(reading.words)
    while end < count and not reading.claimed[end] and reading.glued(end) and end - at < 7:
        word = reading.words[end]
        if not (
            word.isalnum()
            or (word == "-" and end + 1 < count and reading.glued(end + 1) and reading.words[end + 1].isalnum())
        ):
            break
        end += 1
    run = reading.words[at:end]
    if sum(map(len, run)) > 11 or not any(w.isdigit() for w in run) or not any(w.isalpha() for w in run):
        return at
    return end


def _after_cue(reading: Reading, cue: int, found: list[Found]) -> None:
    words, count = reading.words, len(reading.words)
    strong = words[cue] in _CUES
    if cue and words[cue - 1] == "sin":
        return
    index = cue + 1
    while (
        index < count
        and index - cue <= _HORIZON
        and (words[index] in _BETWEEN or (strong and words[index] in VEHICLES))
        and not _starts(reading, index, strong)
        and not (strong and len(words[index]) < 4 and pieces_from(reading, index, cued=True) > index)
    ):
        index += 1
    if strong and index < count and not _starts(reading, index, strong):
        for later in range(index + 1, min(index + 5, count)):
            if words[later] in ".;?!" or reading.claimed[later]:
                break
            if _mixed(reading, later) > later:
                index = later
                break
    if index >= count or reading.claimed[index]:
        return
    pieces = pieces_from(reading, index, cued=True) if strong else index
    if pieces == index and not _starts(reading, index, strong):
        return
    last = max(_end(reading, index, strong), pieces) if _starts(reading, index, strong) else pieces
    if last > index and reading.free(index, last):
        _keep(reading, index, last, found)


def _starts(reading: Reading, index: int, strong: bool) -> bool:
    word = reading.words[index]
    if word.isdigit() or _mixed(reading, index) > index:
        return True
    if not strong or not word.isalpha():
        return False
    following = reading.words[index + 1] if index + 1 < len(reading.words) else ""
    if len(word) == 1 and following.isdigit() and len(following) >= 2:
        return True
    if word == "a" and following and reading.bits[index + 1] & NUMERAL:
        return True
    if reading.bits[index] & NUMERAL and (following in _LETTERS or (len(following) == 1 and following.isalpha())):
        return True
    if word in _LETTERS or (len(word) == 1 and word not in "aeoyq"):
        spelled = following in _LETTERS or following.isdigit() or len(following) == 1
        return spelled or bool(following and reading.bits[index + 1] & NUMERAL)
    if following.isdigit() and not reading.glued(index + 1):
        return len(word) <= 3 and not reading.known(index) & COMMON
    return len(word) <= 3 and (following.isdigit() or following == "-" or not reading.known(index) & COMMON)


def _end(reading: Reading, first: int, strong: bool) -> int:
    """The end of a plate that begins at `first`: glued pieces, then short pieces apart that look like a plate's."""
    words, count = reading.words, len(reading.words)
    last = max(_mixed(reading, first), first + 1)
    size = sum(len(w) for w in words[first:last] if w.isalnum())
    spelled = words[first] in _LETTERS or bool(reading.bits[first] & NUMERAL)
    while last < count and not reading.claimed[last] and (size < 8 or spelled) and last - first < 16:
        word = words[last]
        if word == "-" and last + 1 < count and words[last + 1].isalnum() and len(words[last + 1]) <= 4:
            last += 1
            continue
        letter = (spelled and word in _LETTERS) or (len(word) == 1 and word.isalpha() and word not in "yeoaqxd")
        number = word.isdigit() and len(word) <= 5 and words[last + 1 : last + 2] not in _COUNTED
        spoken = bool(reading.bits[last] & NUMERAL)
        link = spelled and word in ("y", "doble", "u", "guion") and last + 1 < count
        link = link or (spelled and word in _SPELLED and (word == "ye" or _goes_on(reading, last + 1)))
        short = strong and len(word) <= 3 and word.isalpha() and not reading.known(last) & COMMON
        if not (letter or spoken or link or (number and strong) or short):
            break
        spelled = spelled or spoken or word in _LETTERS
        size += len(word)
        last += 1
    while last > first + 1 and not spelled and not words[last - 1].isalnum():
        last -= 1
    run = words[first:last]
    if size < 3 and not spelled:
        return first
    return last if size >= 3 or len(run) > 1 else first


_SPELLED = bag("a ye i o e")


def _goes_on(reading: Reading, index: int) -> bool:
    """Whether a plate read aloud goes on at `index`: a letter's name, a letter or a number."""
    word = reading.words[index] if index < len(reading.words) else ""
    return word in _LETTERS or word.isdigit() or len(word) == 1 or bool(word and reading.bits[index] & NUMERAL)


def _spaced(reading: Reading, index: int) -> int:
    """The end of letters and digits in short pieces that together make a plate ("6RJ 2B", "p y x 44"), or `index`."""
    words, end, size = reading.words, index, 0
    while end < len(words) and end - index < 8 and len(words[end]) <= 4 and words[end].isalnum():
        if reading.claimed[end] or size + len(words[end]) > 7:
            break
        if words[end].isalpha() and (words[end] in _LINKING or (len(words[end]) > 1 and reading.known(end) & COMMON)):
            break
        size += len(words[end])
        end += 1
    run = "".join(words[index:end])
    digits = sum(character.isdigit() for character in run)
    if words[end : end + 1] in _COUNTED or not 5 <= len(run) <= 7 or digits < 2 or len(run) == digits:
        return index
    return end


_LINKING = bag("y a e o u de en")


def _beside_vehicle(reading: Reading, vehicle: int, found: list[Found]) -> None:
    """A code of letters and digits within a few words behind a vehicle."""
    count = len(reading.words)
    for index in range(vehicle + 1, min(vehicle + _HORIZON, count)):
        if reading.claimed[index] or reading.words[index] in ".;?!":
            return
        alone = index + 1 < count and not reading.glued(index + 1)
        if alone and reading.bits[index] & COMMON and len(reading.words[index]) > 3:
            continue
        end = max(_mixed(reading, index), _spaced(reading, index), pieces_from(reading, index, cued=False))
        if end > index:
            run = reading.phrase(index, end).replace(" ", "")
            letters, digits = sum(c.isalpha() for c in run), sum(c.isdigit() for c in run)
            if digits >= 2 and letters >= 1 and 5 <= letters + digits <= 8 and not _NOT_PLATES.fullmatch(run):
                _keep(reading, index, end, found)
            return
