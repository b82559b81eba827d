"""Addresses: a street with a house number goes; a street alone, a crossing, a colonia or a postal code stays.

Without them nobody could act on a report, and they name no door.
"""

from __future__ import annotations

from workers.anonymise.lexicon import ADDRESS, COMMON, GIVEN, NICK, SURNAME
from workers.anonymise.model import Found
from workers.anonymise.reading import Number, Reading
from workers.anonymise.wordlist import bag

STREETS = bag(
    "calle cll cj c av ave avenida blvd bulevar boulevard calz calzada andador and privada priv cerrada "
    "cda cerr callejon cjon circuito cto prolongacion prol cerro volcan "
    "sierra laguna playa monte retorno ret camino carretera carr eje "
    "viaducto paseo pasaje rinconada rio lago norte sur oriente poniente ote pte nte fray dr doctor "
    "general gral calleja periferico insurgentes reforma tlalpan zaragoza via cayejon kalle caye caiie"
)
_HOME = bag(
    "vecindad vivo vibo viven vive bibo domicilio direccion dirección casa rento renta ubicado ubicada direcion"
)
_NUMBER_WORDS = bag("num no numero nro # nmro nº n")
_TAILS = bag(
    "apt apartment int interior depto dpto depa departamento dep edif edificio torre lt lote mz mza manzana piso "
    "letra local loc nivel despacho desp bodega block bloque entrada casa ext exterior sm supermanzana lte mzna apto"
)
_LOTS = bag("mz mza manzana lt lote lte mzna sm supermanzana")
_COME = bag("vengan vayan manden acudan venga lleguen")
TRIGGERS = (
    frozenset({"en", "a"})
    | STREETS
    | _HOME
    | _NUMBER_WORDS
    | _TAILS - {"torre", "casa", "local", "letra", "entrada", "bodega", "loc"}
)
_NAME_LINKS = bag("de del la las los el san santa santo d")
COMPASS = bag("norte sur oriente poniente ote pte nte")
_ROADS = bag("insurgentes reforma tlalpan zaragoza periferico viaducto")
_LEADING = bag("camino carretera carr calzada calz antiguo")
_AFTER_NUMBER = bag("col colonia ampliacion barrio cp fracc unidad pueblo")
_SMALL_UNITS = bag(
    "anos ano meses mes dias dia semanas horas hora hrs hr minutos min pesos mil personas hijos veces "
    "cuadras metros mts recargas hombres tipos sujetos mujeres niños ninos policias negocios años"
)
_STOPS = bag(
    "y e o metro metrobus ruta linea entre esquina esq con por para pero q que me se mi su nos en ya x hay ay ahi"
)
_LONGEST_NAME = 6
_IN = frozenset({"en", "a"}) - STREETS - _TAILS - _HOME - _NUMBER_WORDS


def find_addresses(reading: Reading) -> list[Found]:
    """Streets with a number, lots and flats, claimed at once. Asks the numbers to be read and the phones claimed."""
    found: list[Found] = []
    if reading.any_bits & ADDRESS:
        words = reading.words
        for index in [turn for turn, bit in enumerate(reading.bits) if bit & ADDRESS]:
            if reading.claimed[index]:
                continue
            word, span = words[index], None
            if word in _IN and not any(1 < number.first - index <= _LONGEST_NAME for number in reading.numbers):
                continue
            if word in STREETS:
                span = _street(reading, index)
            if span is None and word in _TAILS:
                span = _lot(reading, index)
            if span is None and word in _HOME:
                span = _at_home(reading, index)
            if span is None and (word == "en" or (word == "a" and index and words[index - 1] in _COME)):
                span = _at_number(reading, index)
            if span is None and word in _NUMBER_WORDS:
                span = _before_number(reading, index)
            if (
                span is not None
                and span[0] > 1
                and words[span[0] - 1] in _ORDINALS
                and (words[span[0] - 2].isdigit() or len(words[span[0] - 1]) > 2)
            ):
                span = span[0] - 1 - words[span[0] - 2].isdigit(), span[1]
            if span is not None and span[0] < index and not reading.free(*span):
                # What stands before the word is taken already: the door behind it still goes.
                span = index, span[1]
            if span is not None and reading.free(*span):
                reading.claim(*span)
                found.append(Found(*span, "DOMICILIO", None, reading.phrase(*span)))
    for number in reading.numbers:
        named = number.first and len(reading.words[number.first - 1]) > 3 and reading.capital(number.first - 1)
        span = _capital_door(reading, number.first) if named else None
        if span is not None and reading.free(*span):
            reading.claim(*span)
            found.append(Found(*span, "DOMICILIO", None, reading.phrase(*span)))
    return found


_NO_STREET = bag(
    "ruta linea metro metrobus sector zona puerta modulo grupo seccion kilometro covid windows oxxo telcel "
    "telmex nivel turno folio carretera autopista anden placa placas patrulla unidad tren camion grado salon "
    "clase canal tel cel enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre "
    "diciembre lunes martes miercoles jueves viernes sabado domingo art articulo fraccion calle av avenida eje "
    "cp"
)
_BEFORE_DOOR = bag("en a de del domicilio direccion es : , . casa por aqui al la hacia vivo")


def _capital_door(reading: Reading, house: int) -> tuple[int, int] | None:
    """ "Rafael Alducin 24 depto 1": a name in capitals and a number, where the sentence leads to a place."""
    words, count = reading.words, len(reading.words)
    number = _number(reading, house)
    if number is None or len(words[house - 1]) < 4 or words[house - 1] in _NO_STREET:
        return None
    first = house - 1
    while first > 0 and house - first < 6 and not reading.claimed[first - 1]:
        if reading.capital(first - 1) and words[first - 1] not in _NO_STREET and words[first - 1].isalpha():
            first -= 1
        elif words[first - 1] in _NAME_LINKS and first > 1 and reading.capital(first - 2) and words[first - 1] != "el":
            first -= 2
        else:
            break
    if reading.claimed[house - 1] or (first and words[first - 1] not in _BEFORE_DOOR):
        return None
    last = tail(reading, number.last)
    after = words[last] if last < count else "."
    if last == number.last and after not in _AFTER_HOUSE and after not in ("bis", "y", "col", "casa"):
        return None
    if words[last : last + 1] == ["bis"]:
        last += 1
    if first > 1 and words[first - 1] == "de" and not reading.claimed[first - 2]:
        flat = first - 2
        if words[flat].isdigit() or words[flat] in _LANES:
            first = flat - (words[flat - 1] in ("interior", "int", "depto", "ra", "a", "da"))
            while first > 0 and (words[first - 1].isdigit() and reading.glued(first)):
                first -= 1
    return first, last


_ORDINALS = bag("ra da er a ta primera segunda tercera cuarta")
_LANES = bag("privada cerrada callejon andador retorno interior prolongacion")


def _number(reading: Reading, index: int, named: bool = False) -> Number | None:
    """The house number that begins at token `index`: up to five digits, not an amount, an hour or a date.

    `named`: the word "número" stands before it, so that "cuatro mil quince" is no amount.
    """
    number = reading.number_at.get(index)
    if number is None or number.first != index or len(number.digits) > 5:
        return None
    if number.explained and not (number.spoken and (named or not number.digits.endswith("00"))):
        return None
    if reading.claimed[index]:
        return None
    after = reading.words[number.last] if number.last < len(reading.words) else ""
    return None if after in _SMALL_UNITS or after == "%" else number


def _street(reading: Reading, anchor: int) -> tuple[int, int] | None:
    words, count = reading.words, len(reading.words)
    index = anchor + 1
    if words[anchor] == "and" and index < count and reading.known(index) & COMMON:
        return None
    if words[anchor : anchor + 3] == ["c", ".", "p"]:
        return None
    while index < count and words[index] == ".":
        index += 1
    numbered = False
    named = words[anchor] in _ROADS
    bare = named or words[anchor] in COMPASS
    while index < count and index - anchor <= _LONGEST_NAME + 2 and not reading.claimed[index]:
        word = words[index]
        number = _number(reading, index)
        if word in _NUMBER_WORDS and index + 1 < count and (named or numbered):
            house = _number(reading, index + (2 if words[index + 1] == "." else 1), named=True)
            return (anchor, tail(reading, house.last)) if house else None
        if number is not None:
            following = words[number.last] if number.last < count else ""
            if named and following not in ("de", "esquina", "esq"):
                return anchor, tail(reading, number.last)
            if numbered and not named and following not in ("y", "esquina", "esq", "entre"):
                return anchor, tail(reading, number.last)
            if following == "de" and not named:
                index, named = number.last + 2, True
                continue
            numbered = True
            index = number.last
            continue
        if word in _TAILS and (named or numbered):
            end = tail(reading, index)
            return (anchor, end) if end > index else None
        if not word.isalpha() and word != ".":
            return None
        if word == "a" and words[anchor] in _LEADING and index - anchor < 3 and words[index + 1 : index + 2]:
            index, named = index + 2, True
            continue
        direction = word in COMPASS or word == "bis"
        if not direction and (
            bare or word in _STOPS or (numbered and not named) or not _nameable(reading, index, named)
        ):
            return None
        named = named or not (word in _NAME_LINKS or direction)
        index += 1
    return None


def _nameable(reading: Reading, index: int, named: bool) -> bool:
    """Ordinary words stand in the names of streets (ojo de agua, nueva jerusalén), but only first or behind a link."""
    if not named or reading.words[index] in _NAME_LINKS or reading.words[index - 1] in _NAME_LINKS:
        return True
    bits = reading.known(index)
    return bool(bits & (GIVEN | SURNAME | NICK)) or not bits & COMMON or reading.capital(index)


def _at_number(reading: Reading, cue: int) -> tuple[int, int] | None:
    """ "en república de uruguay 88 centro": a proper name and a number that nothing else explains, in that place."""
    words, count = reading.words, len(reading.words)
    index = cue + 1
    while index < count and index - cue <= 5 and not reading.claimed[index]:
        house = _number(reading, index)
        if house is not None:
            proper = (
                not reading.known(index - 1) & COMMON
                or reading.capital(index - 1)
                or reading.known(index - 1) & SURNAME
            )
            named = index > cue + 1 and proper and words[index - 1] not in _NAME_LINKS
            following = words[house.last] if house.last < count else "."
            return (
                (cue + 1, tail(reading, house.last))
                if named and (following in _AFTER_HOUSE or following.isdigit())
                else None
            )
        if not words[index].isalpha() or words[index] in _STOPS:
            return None
        index += 1
    return None


_AFTER_HOUSE = bag(
    "col colonia centro int interior depto dpto local edif entre esq esquina cp , . barrio porton fracc "
    "fraccionamiento unidad edificio junto frente atras lado"
)


def _before_number(reading: Reading, mark: int) -> tuple[int, int] | None:
    """ "Emilio Carranza #210": no anchor word and no cue, but a name of a street and a mark before the number."""
    words = reading.words
    at = mark + 1 + (words[mark + 1 : mark + 2] == ["."])
    house = _number(reading, at)
    if house is None:
        return None
    first = mark
    while first > 0 and mark - first < 4 and not reading.claimed[first - 1] and words[first - 1].isalpha():
        bits = reading.known(first - 1)
        if words[first - 1] not in _NAME_LINKS and bits & COMMON and not reading.capital(first - 1):
            break
        first -= 1
    while first < mark and words[first] in _NAME_LINKS:
        first += 1
    return (first, tail(reading, house.last)) if first < mark else None


def tail(reading: Reading, index: int) -> int:
    """Where the address ends: flats, lots and buildings with their numbers or letters belong to it."""
    words, count = reading.words, len(reading.words)
    if index < count and len(words[index]) == 1 and words[index].isalpha() and reading.glued(index):
        index += 1
    if index + 1 < count and words[index] == "-" and reading.glued(index + 1) and len(words[index + 1]) <= 3:
        index += 2
    while index < count:
        if words[index] in ("bis", "altos", "bajos") and not reading.claimed[index]:
            index += 1
            continue
        at = index
        if words[at] in (",", "."):
            at += 1
        if at + 1 < count and words[at].rstrip(".") in _TAILS:
            value = at + 1
            if words[value] == "." or words[value] in _NUMBER_WORDS:
                value += 1
            number = _number(reading, value)
            if number is not None:
                index = number.last
                while number.spoken and (digit := _number(reading, index)) and digit.spoken and len(digit.digits) == 1:
                    index = digit.last
            elif value < count and len(words[value]) == 1 and words[value].isalpha() and not reading.claimed[value]:
                index = value + 1
                flat = reading.number_at.get(index)
                if flat is not None and flat.first == index and not flat.explained and len(flat.digits) <= 4:
                    index = flat.last
                joined = index + (words[index : index + 1] == ["-"])
                if (house := _number(reading, joined)) is not None and reading.glued(index) and reading.glued(joined):
                    index = house.last
            else:
                break
            if index < count and len(words[index]) == 1 and words[index].isalpha() and reading.glued(index):
                index += 1
        elif (number := _number(reading, at)) is not None and at + 1 < count and number.last < count:
            after = words[number.last]
            if after in ("er", "o", "do", "ro", "to") and number.last + 1 < count and words[number.last + 1] == "piso":
                index = number.last + 2
            elif after == "piso":
                index = number.last + 1
            else:
                break
        else:
            break
    return index


def _lot(reading: Reading, anchor: int) -> tuple[int, int] | None:
    if anchor and reading.words[anchor - 1] == "super" and not reading.claimed[anchor - 1]:
        end = tail(reading, anchor)
        return (anchor - 1, end) if end > anchor else None
    end = tail(reading, anchor)
    if end <= anchor or (
        reading.words[anchor] not in _LOTS and end - anchor < 4 and _door_before(reading, anchor) is None
    ):
        return None
    first = anchor
    words = reading.words
    named = _door_before(reading, anchor)
    if named is not None and words[anchor] not in _LOTS:
        return named, end
    if end < len(words) and words[end] in STREETS:
        after = end + 1
        while after < len(words) and after - end < 5 and words[after].isalpha() and words[after] not in _STOPS:
            if (
                words[after] in _AFTER_NUMBER
                or words[after] in ("santa", "san", "sta")
                or not _nameable(reading, after, after > end + 1)
            ):
                break
            after += 1
        end = tail(reading, after)
    while first > 0 and anchor - first < _LONGEST_NAME and not reading.claimed[first - 1]:
        word = words[first - 1]
        if not word.isalpha() or word in _STOPS or word in _HOME:
            break
        if word in STREETS:
            return first - 1, end
        first -= 1
    return anchor, end


def _door_before(reading: Reading, flat: int) -> int | None:
    """ "rafael alducin 24 depto 1": where the street begins when a flat stands behind a house number."""
    words = reading.words
    house = reading.number_at.get(flat - 1)
    if house is None or len(house.digits) > 5 or house.explained or reading.claimed[flat - 1]:
        return None
    first = house.first
    while first > 0 and house.first - first < 4 and not reading.claimed[first - 1] and words[first - 1].isalpha():
        bits = reading.known(first - 1)
        if words[first - 1] in _STOPS or words[first - 1] in STREETS or (bits & COMMON and not bits & SURNAME):
            break
        first -= 1
    return first if first < house.first else None


def _at_home(reading: Reading, cue: int) -> tuple[int, int] | None:
    """ "vivo en puebla 214", "dirección dr lavista 77": no anchor word, but a cue before and a number behind."""
    words, count = reading.words, len(reading.words)
    index = cue + 1
    while index < count and words[index] in (
        "en",
        "es",
        "la",
        "el",
        "mi",
        ":",
        "esta",
        "sola",
        "solo",
        "por",
        "x",
        "aqui",
        "aki",
    ):
        index += 1
    first = index
    if index < count and words[index] in STREETS:
        return _street(reading, index)
    if index < count and words[index] in _LOTS:
        return _lot(reading, index)
    while index < count and index - first < 5 and not reading.claimed[index]:
        number = _number(reading, index)
        if number is not None:
            proper = any(not reading.known(turn) & COMMON or reading.capital(turn) for turn in range(first, index))
            if index == first or not (proper or words[first - 1] == "en"):
                return None
            return (cue if words[cue] == "vecindad" else first), tail(reading, number.last)
        if words[index] in _NUMBER_WORDS and index + 1 < count and _number(reading, index + 1):
            index += 1
            continue
        if not words[index].isalpha() or words[index] in _STOPS or words[index] in ("col", "colonia", "cp"):
            return None
        index += 1
    return None
