"""Schools and businesses whose name tells who somebody is, and rooms and stalls by their number."""

from __future__ import annotations

from workers.anonymise.lexicon import COMMON, GIVEN, NAME, PREMISES
from workers.anonymise.model import Found
from workers.anonymise.reading import UNKNOWN, Reading
from workers.anonymise.wordlist import bag

SCHOOLS = bag(
    "primaria prim secundaria secu prepa preparatoria kinder jardin guarderia colegio escuela esc cetis cbtis "
    "conalep cecyt bachilleres cch tecnica universidad uni instituto estancia cendi telesecundaria vocacional "
    "ezcuela eskuela iskuela cbta"
)
# Trades whose next words are nearly always their name, and places that carry one only now and then.
TRADES = bag(
    "abarrotes taqueria tortilleria materiales papeleria estetica panaderia ferreteria refaccionaria fonda "
    "carniceria polleria recauderia miscelanea minisuper vinateria cerrajeria lavanderia tintoreria floreria "
    "veterinaria pasteleria rosticeria pizzeria cremeria materias tlapaleria vidrieria mueblerias muebleria "
    "zapateria joyeria farmacia dulceria jugueria marisqueria pozoleria tapiceria molino loncheria herrajes "
    "plasticos transportes comercializadora distribuidora textiles maquiladora aceros constructora autopartes "
    "refacciones laboratorios cocina maderas pinturas alimentos empacadora inmobiliaria cafeteria antojitos "
    "pulqueria autolavado barberia peluqueria hojalateria llantera vulcanizadora purificadora boutique "
    "novedades tacos optica gimnasio gym"
)
PLACES = bag(
    "tienda tiendita negocio local taller restaurante restaurant cafe salon gimnasio gym bar cantina hotel "
    "motel consultorio clinica academia agencia despacho empresa fabrica bodega antro billar merceria puesto"
)
ROOMS = bag(
    "room habitacion abitacion habitasion abitasion hab cuarto local puesto bodega nave stand isla caseta "
    "cubiculo cama trajinera locker recamara"
)
TRIGGERS = SCHOOLS | TRADES | PLACES | ROOMS

# Chains and institutions name nobody.
_LODGINGS = frozenset({"hotel", "motel", "clinica"})
PUBLIC = bag(
    "oxxo oxo seven elektra coppel bancomer banorte telcel telmex walmart soriana chedraui aurrera "
    "guadalajara ahorro similares simi unam ipn uam imss issste azteca bbva hsbc santander izzi liconsa dif "
    "conasupo waldos waldo liverpool sears sanborns vips costco sams famsa cinepolis cinemex amazon uber didi "
    "rappi estafeta dhl cfe banamex citibanamex scotiabank inbursa afirme bienestar nu spin totalplay "
    "megacable movistar unefon miniso parisina facebook whatsapp telegram mercadolibre superama comer "
    "aurrerra bodega super suburbia zara naranja"
)
_NUMBERED = bag("num numero no # nro tec tecnica diurna federal oficial general estatal plantel vespertina")
_LINKS = bag("de del la las los el don dona d y san santa santo")
_CALLED = bag("llamada llamado llama yama yamada yamado denominada nombre")
TIMES = bag(
    "semana semanas lunes martes miercoles jueves viernes sabado domingo dia dias mes ano hora noche tarde "
    "manana vez otra otro esquina vuelta calle policia luz renta cuota verdad mayoria gente colonia senora "
    "senor persona dueno duena encargado encargada que q mismo misma unico centro mercado metro lado mi tu su "
    "parque avenida iglesia entrada salida zona obrera obra cuadra banqueta madre hija hijo cobran"
)
_MONTHS = bag("enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre diciembre")
_NOT_AFTER_ROOM = bag(
    "veces vez meses mes dias dia semanas anos horas hrs personas pesos mil tipos sujetos cuadras metros"
)


def find_premises(reading: Reading) -> list[Found]:
    """ESCUELA, NEGOCIO and UBICACION, claimed at once; the word of the trade belongs to the span."""
    found: list[Found] = []
    for index, word in enumerate(reading.words):
        if not reading.bits[index] & PREMISES or reading.claimed[index]:
            continue
        end = 0
        kind = ""
        if word in SCHOOLS:
            kind, end = "ESCUELA", _school(reading, index)
        if not end and word in ROOMS:
            kind, end = "UBICACION", _room(reading, index)
        if not end and (word in TRADES or word in PLACES):
            kind, end = "NEGOCIO", _business(reading, index, word in TRADES)
        if end and reading.free(index, end):
            reading.claim(index, end)
            found.append(Found(index, end, kind, None, reading.phrase(index, end)))
    return found


def _named(reading: Reading, index: int) -> bool:
    """Whether the word may stand in a proper name: a name, a capital, or no ordinary word at all."""
    if index >= len(reading.words) or reading.claimed[index] or not reading.words[index].isalpha():
        return False
    return (bool(reading.known(index) & (NAME | UNKNOWN)) and len(reading.words[index]) > 2) or reading.capital(index)


def _small_number(reading: Reading, index: int) -> int:
    """The end of a number of up to four digits beginning at `index`, or 0."""
    number = reading.number_at.get(index)
    if number is None or number.first != index or number.explained or len(number.digits) > 4 or reading.claimed[index]:
        return 0
    return number.last


_BEFORE_SCHOOL = bag(". de ninos infantil sec gral general profr prof dr ing lic")


def _school(reading: Reading, anchor: int) -> int:
    words, count = reading.words, len(reading.words)
    index = anchor + 1
    if words[anchor] == "jardin" and words[index : index + 2] != ["de", "ninos"]:
        return 0
    while index < count and (words[index] in _NUMBERED or words[index] in _BEFORE_SCHOOL or words[index] in SCHOOLS):
        index += 1
    number = reading.number_at.get(index)
    if number is not None and words[number.last : number.last + 1] == ["de"] and not reading.claimed[index]:
        month = words[number.last + 1 : number.last + 2]
        if month and month[0] in _MONTHS:
            return number.last + 2
    end = _small_number(reading, index) if index < count else 0
    if end and (end >= count or words[end] not in _NOT_AFTER_ROOM):
        return end
    begin = anchor + 1
    while begin < index and words[begin] in _BEFORE_SCHOOL | SCHOOLS:
        begin += 1
    named = _name_end(reading, begin, 5)
    return (_small_number(reading, named) or named) if named and named < count else named


def _name_end(reading: Reading, index: int, longest: int) -> int:
    """The end of a proper name from `index`, or 0: links, then names, capitals or unknown words."""
    words, count = reading.words, len(reading.words)
    last = 0
    begin = index
    while index < count and index - begin < longest:
        if _named(reading, index) and words[index] not in PUBLIC and words[index] not in TIMES:
            index += 1
            last = index
        elif words[index] in ("de", "del") and last and not (index + 1 < count and reading.capital(index + 1)):
            break
        elif words[index] in _LINKS or (words[index] in ('"', "'", ".") and index == begin):
            index += 1
        else:
            break
    return last


def _room(reading: Reading, anchor: int) -> int:
    words, count = reading.words, len(reading.words)
    index = anchor + 1
    while index < count and words[index] in ("num", "numero", "no", "#", ".", "nro", "es", "el"):
        index += 1
    if index >= count or reading.claimed[index]:
        return 0
    end = _small_number(reading, index)
    if end:
        if end < count and len(words[end]) == 1 and words[end].isalpha() and reading.glued(end):
            end += 1
        if end + 1 < count and words[end] == "-" and reading.glued(end + 1):
            end += 2
        if end + 1 < count and words[end] in ("pasillo", "nave", "bodega", "zona", "fila", "seccion"):
            end = _small_number(reading, end + 1) or end
        return 0 if end < count and words[end] in _NOT_AFTER_ROOM else end
    if len(words[index]) <= 2 and words[index].isalpha() and index + 1 < count:
        after = index + 1 + (words[index + 1] == "-")
        if (reading.glued(after) if after < count else False) or (index > anchor + 1):
            return _small_number(reading, after)
    return 0


def _business(reading: Reading, anchor: int, trade: bool) -> int:
    words, count = reading.words, len(reading.words)
    index = anchor + 1
    if index < count and words[index] in ("se", "que", "q") and any(w in _CALLED for w in words[index : index + 3]):
        while words[index] not in _CALLED:
            index += 1
        return _called(reading, index + 1)
    if index < count and words[index] in _CALLED:
        return _called(reading, index + 1)
    if index < count and words[index] in ('"', "'"):
        close = next((i for i in range(index + 1, min(index + 7, count)) if words[i] == words[index]), 0)
        return close + 1 if close else 0
    if index + 1 < count and words[index] in ("de", "d") and words[index + 1] in ("don", "dona"):
        return _name_end(reading, index + 2, 3)
    end = index
    if (
        index + 1 < count
        and words[index] in ("san", "santa", "santo")
        and words[index + 1].isalpha()
        and (trade or words[anchor] in _LODGINGS)
    ):
        return max(_name_end(reading, index, 6), index + 2)
    if words[anchor] in ("cocina", "grupo") and words[index : index + 1] == ["economica"]:
        index += 1
        end = index
    article = index < count and words[index] in ("el", "la", "los", "las", "don", "dona")
    if article:
        end += 1
    if end >= count or reading.claimed[end] or words[end] in TIMES or words[end] in PUBLIC:
        return 0
    mine = words[anchor - 1 : anchor] in (["mi"], ["nuestra"], ["nuestro"])
    mine = mine or any(word in ("trabajo", "trabajamos") for word in words[end + 1 : end + 4])
    unlisted = words[end].isalpha() and len(words[end]) > 3 and words[end] not in reading.lexicon.bits
    if mine and (reading.capital(end) or (trade and unlisted)):
        return max(_name_end(reading, index, 4), end + 1)
    if words[end] == "dental" and end + 1 < count and reading.capital(end + 1):
        return max(_name_end(reading, end + 1, 3), end + 2)
    if reading.capital(end) and end > index - 1 and (article or trade):
        return max(_name_end(reading, index, 4), end + 1)
    if article and trade and len(words[end]) > 2 and words[end].isalpha():
        return max(_name_end(reading, index, 4), end + 1)
    named = reading.known(end) & NAME and not reading.bits[end] & COMMON
    if named or (reading.known(end) & UNKNOWN and trade and len(words[end]) > 3):
        return _name_end(reading, index, 4)
    if trade and reading.known(end) & NAME and article:
        return end + 1
    return 0


def _called(reading: Reading, index: int) -> int:
    words, count = reading.words, len(reading.words)
    while index < count and words[index] in ("como", "es", ":"):
        index += 1
    end = index
    if index < count and reading.known(index) & GIVEN and not reading.bits[index] & COMMON:
        return 0
    while end < count and end - index < 4 and words[end].isalpha() and not reading.claimed[end]:
        if words[end] not in _LINKS and end > index and reading.known(end) & COMMON and words[end - 1] not in _LINKS:
            break
        end += 1
    while end > index and words[end - 1] in _LINKS:
        end -= 1
    return end if end > index and words[end - 1] not in TIMES else 0
