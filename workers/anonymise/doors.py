"""House numbers behind the bare name of a street, with no word for a street and none for a home before it.

"vengan fresno 12 bis", "en bucareli 1160 desp 4", "sur 16-a 118", "el 14 de la cerrada nopal": what stands before and
behind the number tells it from an amount, an age or a count.
"""

from __future__ import annotations

from workers.anonymise import addresses
from workers.anonymise.introductions import KIN
from workers.anonymise.lexicon import COMMON, NAME, PREMISES, SURNAME, VEHICLE
from workers.anonymise.model import Found
from workers.anonymise.reading import MASKED, UNKNOWN, Number, Reading
from workers.anonymise.wordlist import bag

_HOME = bag(
    "vivo vibo viven vive bibo bive domicilio direccion direcion casa kasa vecindad vesindad edificio "
    "departamentos depa depto cuarto rento mia ubicado ubicada esta estoy estamos stamos vengan vengan manden "
    "corran acudan lleguen mandenla taller negocio local oficina consultorio"
)
_DOOR_FOLLOWS = bag(
    "bis altos bajos int interior depto dpto departamento depa edif edificio loc local desp despacho lote lt "
    "mz manzana torre letra esq esquina col colonia cp barrio fracc fraccionamiento pueblo casi centro portal "
    "zaguan"
)
_TOWNS = bag(
    "xochimilco iztapalapa istapalapa coyoacan tlalpan tlahuac azcapotzalco iztacalco istacalco cuauhtemoc "
    "cuajimalpa contreras gam tepito copilco ajusco narvarte portales roma condesa doctores obrera morelos "
    "tacuba tacubaya mixcoac ecatepec neza naucalpan tlalnepantla chalco toluca puebla ermita culhuacan "
    "tepepan topilejo milpa tulyehualco nativitas agricola pantitlan oriental santa sta san sto santo anahuac "
    "napoles polanco juarez guerrero merced industrial lindavista nopalera escandon algarin asturias moderna "
    "villa unidad ampliacion jardines lomas bosques"
)
_NO_NAME = bag(
    "ruta linea metro sector zona puerta modulo grupo kilometro km nivel turno folio anden camion grado salon "
    "clase canal zeta eje cp art articulo fraccion version iphone galaxy cetis cbtis conalep cecyt secu prepa "
    "secundaria preparatoria telesecundaria primaria aproximadamente aprox maximo minimo seccion bloque "
    "cuadrante operativo oxxo telcel covid enero febrero marzo abril mayo junio julio agosto septiembre "
    "octubre noviembre diciembre lunes martes miercoles jueves viernes sabado domingo patrulla unidad "
    "economico eco placa placas num numero no"
)
_STOPS = bag(
    "soy estoy voy doy eres somos estamos era fue ellos ella usted nosotros todo todos algo nada "
    "y e o con por para pero q que k me se mi su nos ya x hay ay ahi a al desde hasta cada como son tiene tengo"
)
_LINKS = bag("de del la las los el san santa santo sta sto d")
_PLACING = frozenset({"en", "sobre", "calle"})
_NUMBERING = bag("num numero no # nro nº n")
_LANES = bag("cerrada privada calle avenida av callejon camino andador retorno calzada prolongacion cda priv kalle")
_LONGEST = 5


def find_doors(reading: Reading) -> list[Found]:
    """DOMICILIO spans, claimed at once. Asks everything longer than a house number to be claimed already."""
    found: list[Found] = []
    for number in reading.numbers:
        if reading.claimed[number.first] or not _may_be_door(reading, number):
            continue
        span = _numbered(reading, number) or _named(reading, number) or _of_street(reading, number)
        if span is not None and span[0] and reading.words[span[0] - 1] == "vecindad":
            span = span[0] - 1, span[1]
        if span is not None and reading.free(*span):
            reading.claim(*span)
            found.append(Found(*span, "DOMICILIO", None, reading.phrase(*span)))
    return found


def _may_be_door(reading: Reading, number: Number) -> bool:
    house = not number.explained or (number.spoken and not number.digits.endswith("000"))
    return house and len(number.digits) <= 5


def _numbered(reading: Reading, street: Number) -> tuple[int, int] | None:
    """ "sur 16-a 118", "norte 64 a número 5230": a numbered street and its door."""
    words, count = reading.words, len(reading.words)
    anchor = street.first - 1
    if anchor < 0 or words[anchor] not in addresses.COMPASS or reading.claimed[anchor] or len(street.digits) > 3:
        return None
    index = street.last + (words[street.last : street.last + 1] == ["-"])
    lettered = index < count and len(words[index]) == 1 and words[index].isalpha() and words[index] not in "yo"
    index += lettered
    told = False
    while index < count and index - street.last < 7 and (words[index] in _NUMBERING or words[index] in _SAID):
        told = told or words[index] in _NUMBERING
        index += 1
    house = reading.number_at.get(index)
    if house is None or house.first != index or not _may_be_door(reading, house) or reading.claimed[index]:
        return None
    if not (lettered or told or len(house.digits) > 2):
        return None
    return anchor, addresses.tail(reading, house.last)


_SAID = bag(", . espereme perdon digo este eh")


def _named(reading: Reading, number: Number) -> tuple[int, int] | None:
    words, count = reading.words, len(reading.words)
    at = number.first - 1
    told = at >= 0 and words[at] in _NUMBERING
    at -= told
    if at < 0 or not _name(reading, at) or words[at] in _LINKS:
        return None
    first = at
    while first > 0 and at - first < _LONGEST - 1 and _part(reading, first - 1, first):
        first -= 1
    while first < at and words[first] in _LINKS and words[first] not in ("san", "santa", "santo", "sta", "sto"):
        first += 1
    last = addresses.tail(reading, number.last)
    before = words[first - 1] if first else "."
    back = words[max(0, first - 5) : first]
    after = words[last] if last < count else "."
    if before in KIN or reading.bits[at] & (VEHICLE | PREMISES):
        return None
    spoken = before.isalpha() or before == MASKED
    home = any(word in _HOME for word in back) and not (spoken and before not in _HOME | _PLACING | _LINKS)
    extended = last > number.last
    strong = extended or told or after in _DOOR_FOLLOWS or after in _TOWNS
    placed = before in _PLACING or not spoken
    ends = not (after.isalnum() or after == MASKED) or after in (
        "en",
        "la",
        "el",
        "es",
        "aki",
        "aqui",
        "aka",
        "unos",
        "casi",
        "junto",
        "esta",
    )
    if home and (strong or ends):
        return first, last
    proper = not reading.known(at) & COMMON or reading.capital(at) or reading.bits[at] & SURNAME
    if not proper:
        return None
    if strong and (placed or extended or not reading.known(at) & COMMON or reading.capital(at)):
        return first, last
    round_sum = len(number.digits) > 2 and int(number.digits) % 50 == 0
    return (first, last) if before in _PLACING and ends and not round_sum else None


def _name(reading: Reading, index: int) -> bool:
    """Whether the word before the number may end the name of a street."""
    word = reading.words[index]
    if not word.isalpha() or len(word) < 3 or reading.claimed[index] or word in _NO_NAME or word in _STOPS:
        return False
    return bool(reading.known(index) & (NAME | UNKNOWN)) or reading.capital(index) or not _verb(word)


def _verb(word: str) -> bool:
    return word.endswith(("an", "en", "aron", "ieron", "aba", "ando", "endo", "ar", "er", "ir", "mos"))


def _part(reading: Reading, index: int, behind: int) -> bool:
    """Whether the word belongs to the name that goes on behind it."""
    word = reading.words[index]
    if reading.claimed[index] or not word.isalpha() or word in _STOPS or word in _HOME or word in _PLACING:
        return False
    if word in _LINKS:
        return index > 0
    bits = reading.known(index)
    if word in KIN or word in _NO_NAME:
        return False
    return (
        bool(bits & (NAME | UNKNOWN)) or reading.capital(index) or (reading.words[behind] in _LINKS and len(word) > 4)
    )


def _of_street(reading: Reading, number: Number) -> tuple[int, int] | None:
    """ "el 14 de la cerrada nopal", "en el 27 de Allende", "el número 40 de Camino a Santa Teresa"."""
    words, count = reading.words, len(reading.words)
    index = number.last
    if number.spoken or words[index : index + 1] not in (["de"], ["d"]):
        return None
    index += 1 + (words[index + 1 : index + 2] in (["la"], ["el"]))
    before = words[max(0, number.first - 2) : number.first]
    lane = index < count and words[index] in _LANES
    told = bool(before) and before[-1] in _NUMBERING
    house = before in (["en", "el"], ["del"]) or before[-1:] == ["del"] or told
    if index >= count or not (lane or (house and reading.capital(index) and reading.known(index) & (NAME | UNKNOWN))):
        return None
    if not (house or (before[-1:] == ["el"] and lane)):
        return None
    index += 1
    while index < count and index - number.last < 8 and not reading.claimed[index] and words[index].isalpha():
        proper = reading.known(index) & (NAME | UNKNOWN) or reading.capital(index)
        if not (proper or words[index] in _LINKS or (lane and words[index] == "a")):
            break
        index += 1
    while words[index - 1] in _LINKS:
        index -= 1
    return number.first, index
