"""The titles of businesses: what is said to be called so, what is somebody's own, and what stands in capitals."""

from __future__ import annotations

from workers.anonymise.lexicon import NAME, PREMISES
from workers.anonymise.model import Found
from workers.anonymise.premises import PLACES, PUBLIC, SCHOOLS, TIMES, TRADES
from workers.anonymise.reading import UNKNOWN, Reading
from workers.anonymise.shields import PLACE_BEFORE
from workers.anonymise.wordlist import bag

FRONTS = bag(
    "muebles motos burritos multiservicio multiservicios vidrios grupo comercial viajes copias maquilas "
    "dental optica opticas reparadora ferretera divisas tortas carnitas barbacoa mariscos hamburguesas pizzas "
    "helados paletas regalos telas uniformes calzado modas llantas frenos mofles autos pisos azulejos "
    "gestoria corporativo balneario sonido ciber reciclados recicladora preuniversitario estancia caja "
    "cooperativa asociacion fundacion sindicato tamales jugos quesadillas gorditas pollos rosticeria "
    "birrieria cervezas vinos carnes cremeria pescaderia salon sitio constructora servicios soluciones "
    "inversiones prestamos creditos financiera seguros inmuebles bienes canceles aluminios cortinas pinturas "
    "electronica celulares computadoras fletes mudanzas grupas banquetes eventos alquiladora lacteos huevo "
    "semillas forrajes plasticos reparaciones estudio nutricion spa yoga tatuajes nails unas academia "
    "instituto editorial imprenta lavado estacionamiento pension posada cabanas bungalows campamento"
)
"""Words that open the title of a business; alone they are ordinary."""
_WORDS = TRADES | PLACES | FRONTS
_CALLED = bag("llama yama llaman llamado llamada llamaba denominada denominado nombrada nombre")
_OWN = bag("mi nuestro nuestra tengo tenemos trabajo trabajamos trabaja atiendo")
_QUALIFIED = bag("popular economica dental mecanico mecanica ingles contable juridico de del infantil integral belleza")
_LINKS = bag("de del la las los el y e d para con")
_ARTICLES = bag("el la los las")
_PARTNERS = bag("asociados hermanos hijos hijo cia compania socios mas")
_STOPS = bag(
    "me nos se que q k en a al por para con donde cuando porque pork es esta estan son fue era y o e u ni si "
    "no ya le les lo te un una unos unas mi su mis sus tu este ese aqui ahi aki cerca junto frente pero como "
    "hace desde hasta llega llegaron vino vinieron viene vienen piden pide cobran cobra quieren quiere tiene "
    "tengo hay vende venden x pa i grande chica chico chiquita chiquito pequena pequeno propia propio nueva "
    "nuevo vieja viejo cerrada cerrado abierta abierto desde entraron robaron asaltaron amenazan estaba pasan "
    "pasa dejaron van voy va mande mandan"
)
_LONGEST = 7


def find_shops(reading: Reading) -> list[Found]:
    """NEGOCIO spans, claimed at once; the word of the trade belongs to the span."""
    found: list[Found] = []
    if not reading.any_bits & PREMISES:
        return found
    words = reading.words
    for index, word in enumerate(words):
        if not reading.bits[index] & PREMISES or reading.claimed[index] or word not in _WORDS or word in SCHOOLS:
            continue
        span = _told(reading, index) or _capitals(reading, index) or _own(reading, index)
        if span is not None and span[1] > span[0] and reading.free(*span):
            reading.claim(*span)
            found.append(Found(*span, "NEGOCIO", None, reading.phrase(*span)))
    return found


def _told(reading: Reading, index: int) -> tuple[int, int] | None:
    """ "una fonda en la doctores se llama el rinconcito de chabela", "mi tienda es la Gloria de Dios"."""
    words, count = reading.words, len(reading.words)
    if index and words[index - 1] in _CALLED and words[index] in FRONTS | TRADES:
        end = _plain_end(reading, index + 1)
        return (index, end) if end > index + 1 else None
    for at in range(index + 1, min(index + 8, count - 1)):
        if words[at] in (",", ".", ";", "y") or reading.claimed[at]:
            break
        said = words[at] in ("se", "s") and words[at + 1] in _CALLED
        if said or (at == index + 1 and words[at] in _CALLED):
            start = at + 1 + said
            start += words[start : start + 1] in (["como"], ["es"], [":"])
            if start >= count or _person(reading, start):
                return None
            return start, _capital_end(reading, start) or _plain_end(reading, start)
    own = any(word in ("mi", "nuestro", "nuestra") for word in words[max(0, index - 2) : index])
    link = words[index + 1 : index + 2]
    if own and link in (["es"], [","], [":"]) and index + 2 < count and not reading.claimed[index + 2]:
        start = index + 2
        if words[start] in _WORDS and link == ["es"]:
            end = _capital_end(reading, start) or _plain_end(reading, start + 1)
            return (start, end) if end > start + 1 else None
        title = start + (words[start] in _ARTICLES)
        if title < count and reading.capital(title) and (title > start or not _person(reading, title)):
            return start, _capital_end(reading, title)
    return None


def _person(reading: Reading, index: int) -> bool:
    bits = reading.known(index)
    return bool(bits & NAME) and reading.words[index] not in _WORDS and reading.words[index] not in _ARTICLES


def _capitals(reading: Reading, index: int) -> tuple[int, int] | None:
    """ "Motos León", "la caja popular Sierra Viva", "el bar Kaoba": capitals where the message has few."""
    words, count = reading.words, len(reading.words)
    front = words[index] in FRONTS and words[index] not in PLACES
    if words[index] in ("hotel", "motel"):
        return None
    start = index + 1
    if front and not reading.capital(index) and words[index] not in _LOWER_FRONTS:
        return None
    while start < count and start - index < 4 and not reading.capital(start) and words[start] in _QUALIFIED:
        start += 1
    if start < count and words[start] in ('"', "'", "«"):
        return None
    if start >= count or reading.claimed[start] or not words[start].isalpha() or not reading.capital(start):
        return None
    if len(words[start]) < 2 or words[start - 1] in ("de", "del") or (index and reading.capital(index - 1) and front):
        return None
    if words[start] in PUBLIC or words[start] in TIMES or words[start] in PLACE_BEFORE or words[start] in _TOWN:
        return None
    if (
        words[index] in _LODGED
        and index
        and words[index - 1] in ("del", "de", "en", "el", "un", "una", "la", "los", "las")
    ):
        lone = _capital_end(reading, start) == start + 1 and not reading.known(start) & UNKNOWN
        if lone:
            return None
    return index, _capital_end(reading, start)


_LOWER_FRONTS = bag("caja academia asociacion cooperativa fundacion salon sitio ciber estancia balneario instituto")
_LODGED = bag(
    "tienda local puesto negocio taller bodega hotel motel bar cantina restaurante despacho empresa salon sitio"
)
_TOWN = bag(
    "iztapalapa coyoacan tlalpan xochimilco tlahuac azcapotzalco iztacalco cuauhtemoc cuajimalpa mexico cdmx "
    "edomex puebla toluca ecatepec neza centro roma condesa doctores polanco tepito satelite reforma "
    "insurgentes cancun monterrey"
)


def _own(reading: Reading, index: int) -> tuple[int, int] | None:
    """ "mi estetica glamour", "trabaja en la clinica dental sonrisas", "veterinaria patitas donde trabajo"."""
    words = reading.words
    if words[index] not in TRADES and words[index] not in _LOWER_FRONTS | _HOUSES:
        return None
    end = _plain_end(reading, index + 1)
    if end <= index + 1:
        return None
    before = words[max(0, index - 3) : index]
    mine = bool(before) and (before[-1] in _OWN or (len(before) > 2 and before[0] in _OWN and before[1] == "en"))
    mine = mine and before[-1] not in ("un", "una")
    works = words[end : end + 2] in (["donde", "trabajo"], ["donde", "trabaja"], ["que", "atiendo"], ["es", "mia"])
    partners = words[end - 1] in _PARTNERS or words[index + 1] == "hermanos"
    if not (mine or works or partners):
        return None
    first = words[index + 1]
    if first in PUBLIC or first in TIMES or (first in _LINKS and first not in _ARTICLES):
        return None
    return index, end


_HOUSES = bag("clinica despacho gestoria balneario agencia corporativo recicladora reparadora consultorio")


def _capital_end(reading: Reading, index: int) -> int:
    """The end of a title in capitals from `index`, or 0 when no capital stands there."""
    words, count = reading.words, len(reading.words)
    last, at = 0, index
    while at < count and at - index < _LONGEST and not reading.claimed[at]:
        if words[at].isalpha() and (reading.capital(at) or (last and words[at] in _PARTNERS)):
            at += 1
            last = at
        elif words[at] in _LINKS and last and at + 1 < count:
            at += 1
        else:
            break
    return last


def _plain_end(reading: Reading, index: int) -> int:
    """The end of a title without capitals from `index`: words that are no grammar, and what "de" ties to them."""
    words, count = reading.words, len(reading.words)
    last, at = index, index
    while at < count and at - index < _LONGEST - 2 and not reading.claimed[at]:
        word = words[at]
        behind = words[at + 1] if at + 1 < count else ""
        tied = word in ("de", "del", "d") and last > index and behind.isalpha() and behind not in _STOPS
        if tied or (word in _ARTICLES and (at == index or words[at - 1] in _BEFORE_ARTICLE) and behind not in TIMES):
            at += 1
        elif word == "y" and behind in _PARTNERS and last > index:
            at += 2
            last = at
        elif _titular(reading, at):
            at += 1
            last = at
            if at - index > 3 and words[at - 2] not in _BEFORE_ARTICLE | _ARTICLES | {"santa", "san", "santo"}:
                break
        else:
            break
    return last


_BEFORE_ARTICLE = _WORDS | _QUALIFIED | {"d"}


def _titular(reading: Reading, index: int) -> bool:
    """Whether the word may stand in a title: no grammar, no day, no verb in the past ("llegó")."""
    word = reading.words[index]
    if not word.isalpha() or len(word) < 3 or word in _STOPS or word in _ARTICLES or word in TIMES:
        return False
    return reading.original[reading.origins[reading.ends[index] - 1]] not in "óÓ"
