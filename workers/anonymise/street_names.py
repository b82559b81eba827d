"""Nicknames that no verb of naming introduces: "son el Tuercas y la Güera", "su yerno el chino", "un tal el pelón"."""

from __future__ import annotations

from workers.anonymise import harms, speech, voices
from workers.anonymise.introductions import KIN
from workers.anonymise.lexicon import COMMON, GIVEN, NAME, NAME_CUE, NICK, STREET
from workers.anonymise.model import Found, Owner
from workers.anonymise.reading import UNKNOWN, Reading
from workers.anonymise.shields import PLACE_BEFORE
from workers.anonymise.wordlist import bag

NICKNAMES = bag(
    "chino china gordo gorda flaco flaca guero guera negro negra pelon pelona chaparro chaparra moreno morena "
    "zurdo tuerto cojo mudo ruso gringo colombiano diablo chato chueco ojon orejon pecas bigotes barbas "
    "calaca tuercas oso toro lobo tigre leon aguila raton pollo pato pulga piojo mosca chango chata mono "
    "cuervo gallo vampiro pitufo enano gigante chispa chupon cholo norteno tijuano jarocho oaxaco compa "
    "padrino chilango catracho venezolano cubano indio prieto cachetes dientes greñas grenas tripa panda "
    "conejo ardilla coyote zorro zorra vaca cabezon narizon manotas chiquilin rapero pantera alacran vibora "
    "iguana tortuga cucaracha araña arana gansito pelos pelusa rizos bolillo tamal taco burro perico loro "
    "buho hormiga mapache jaguar halcon chicles chivo rana perro coneja cejas tamalera padrino pirata gata "
    "gato tamalero carnicero tacua ojones marrano puerco cochino muneco muneca tiburon simio mofles tripa "
    "tripas sombra viejon mamado tapado lunares marro patas yayo tlacuache manco cacahuate chicharron frijol "
    "borrego gallina navaja plomo payaso brujo bruja diente chimuelo costeno costena sureno tapatio regio "
    "chaca greñudo grenudo cicatriz cicatrices chiquilin charal chabacano catracho morsa pelucas cabezas "
    "cuernos lentes canoso barbon bigoton cachorro gordito flaquito chinito negrito pelochas gancho muletas "
    "cobra piton dragon puma pantera rinoceronte elefante gorila chapulin grillo zancudo mosquito renacuajo "
    "ajolote iguano armadillo tejon zopilote zanate gavilan tecolote pescado camaron pulpo cangrejo pinguino "
    "foca chispas cerillo cohete bazuca metralla cuervos lagarto cocodrilo caiman chucky rambo terminator "
    "batman joker guason robin hulk popeye shrek homero barbie duende fantasma muerto calavera huesos huesudo "
    "panzon panzas nalgas orejas narices dientona chimuela cacariza cacarizo pinto morrito viejito abuelo "
    "sicario fresa licuado trapo trapos zapatos botas tenis sombrero texano pesado loco loca mostro monstruo"
)
"""Ordinary words that are also what people are called in the street."""
_ARTICLES = bag("el la los")
_NAMING = bag(
    "es son fue era fueron jefe jefa lider tal llamar "
    "yamar manda mandaba mandaban nombraron cabecilla llamado vienen viene van andan llega llego pasa "
    "hermano primo amigo socio"
)
_SUBJECT = bag(
    "es son fue cobra cobran roba roban trae traen anda andan manda mandan me nos vende venden asalta asaltan amenaza "
    "amenazan pide piden mato golpeo"
)
_SELF = bag("soy")
_PLACES = bag(
    "esquina calle colonia mercado metro parque puente tienda base ruta eje bar cantina hotel restaurante rancho"
)
TRIGGERS = NICKNAMES


def find_street_names(reading: Reading, called: list[Found]) -> list[Found]:
    """ALIAS spans, the article included, claimed at once. `called`: the nicknames found by what introduces them."""
    found: list[Found] = []
    ends = {find.last: find for find in called if find.type == "ALIAS"}
    words, count = reading.words, len(reading.words)
    if not reading.any_bits & (STREET | COMMON):
        return found
    for index in [turn for turn, word in enumerate(words) if word in _ARTICLES]:
        if index + 1 == count or reading.bits[index + 1] & (COMMON | STREET) == COMMON:
            continue
        if reading.claimed[index] or reading.claimed[index + 1]:
            continue
        before = ends.get(index - 1) if index and words[index - 1] in _AND else None
        if before is not None and _listed(reading, index + 1):
            owner = before.owner
        elif _nickname(reading, index + 1):
            owner = _introduced(reading, index, found)
        else:
            continue
        if owner is None:
            continue
        last = index + 2
        if last < count and not reading.claimed[last] and reading.capital(last) and reading.capital(index + 1):
            last += 1
        reading.claim(index, last)
        find = Found(index, last, "ALIAS", owner, reading.phrase(index, last))
        found.append(find)
        ends[last] = find
    found += _bare(reading)
    return found


_AND = frozenset({"y", "e", "o", "u", ","})


def _listed(reading: Reading, index: int) -> bool:
    """ "le dicen el betito y el lunares": behind one nickname the next may be any word that ends the clause."""
    word = reading.words[index]
    if not word.isalpha() or len(word) < 3 or word in _PLACES:
        return False
    if reading.known(index) & (UNKNOWN | GIVEN | NICK | STREET) or reading.capital(index):
        return True
    after = reading.words[index + 1] if index + 1 < len(reading.words) else "."
    return after in _CLOSING or not after.isalpha()


_CLOSING = bag("y e o que q no son andan cobran pasan vienen me nos le les los las se ya")


def _bare(reading: Reading) -> list[Found]:
    """ "un sivil Tiburon", "vámonos Flaco", "m marca El Ingeniero": capitals where no sentence begins."""
    found: list[Found] = []
    words = reading.words
    for index in range(1, len(words)):
        before = words[index - 1]
        grand = before in _ARTICLES and reading.capital(index - 1)
        if not (reading.bits[index] & STREET or grand) or reading.claimed[index] or reading.claimed[index - 1]:
            continue
        if not before.isalpha() or not reading.capital(index) or len(words[index]) < 4 or reading.bits[index] & NAME:
            continue
        back = words[index - 2] if index > 1 else "."
        if any(word in PLACE_BEFORE or word in _PLACES for word in words[max(0, index - 3) : index]):
            continue
        if grand:
            calls = back in voices.CONTACTING or back in voices.DEMANDING
            if not calls and (
                not reading.bits[index] & STREET or back in _LEADING or not (back.isalpha() or back == ":")
            ):
                continue
        elif (
            reading.capital(index - 1)
            or before in _BEFORE_PLACE
            or reading.bits[index - 1] & NAME_CUE
            or (before in _ARTICLES and back in _LEADING)
        ):
            continue
        first = index - (before in _ARTICLES)
        reading.claim(first, index + 1)
        found.append(Found(first, index + 1, "ALIAS", None, reading.phrase(first, index + 1)))
    return found


_BEFORE_PLACE = bag("en los las")
_LEADING = bag("en de a hacia desde hasta rumbo para sobre entre")


def _nickname(reading: Reading, index: int) -> bool:
    """Whether the word behind an article may be somebody's name in the street."""
    word = reading.words[index]
    if len(word) < 3 or not word.isalpha():
        return False
    if reading.bits[index] & STREET:
        return True
    bits = reading.known(index)
    if bits & (GIVEN | NICK) and not bits & COMMON:
        return True
    return bool(reading.capital(index) and bits & UNKNOWN)


def _introduced(reading: Reading, article: int, found: list[Found]) -> Owner | None:
    """The owner, where what stands around the article says that a person is meant; else None."""
    words = reading.words
    before = words[article - 1] if article else ""
    name = article + 1
    after = words[name + 1 : name + 5]
    if before in _SELF:
        return "suspect" if speech.quoted(words, article - 1) else "reporter"
    listed = found and article - found[-1].last <= 2 and all(w in _AND for w in words[found[-1].last : article])
    if listed:
        return found[-1].owner or "unknown"
    if any(w in _PLACES for w in words[max(0, article - 2) : article]):
        return None
    if before in ("con", "por") and reading.capital(name):
        asked = any(w in voices.CALL_THEM or w in voices.REACH_ME for w in words[max(0, article - 9) : article])
        return "suspect" if asked and "mi" not in words[max(0, article - 9) : article] else None
    street = bool(reading.bits[name] & STREET)
    if before in KIN:
        if "su" in words[max(0, article - 3) : article] and any(w in harms.HARMS for w in after):
            return "suspect"
        own = any(w in ("mi", "mis") for w in words[max(0, article - 3) : article])
        if harms.harms(words[max(0, article - 40) : name + 40], min(article, 40), min(article, 40) + 2):
            return "suspect"
        return "reporter" if own else "unknown"
    if before in _NAMING:
        back = words[max(0, article - 6) : article]
        if "mi" in back or "mis" in back:
            return "unknown"
        if not street and not (reading.capital(name) or reading.known(name) & (GIVEN | NICK)):
            return None
        if before in ("es", "fue", "era") and after[:1] in (["de"], ["del"], ["mas"]) and not reading.capital(name):
            return None
        return "suspect"
    if before == "y" and reading.capital(name) and article > 1 and reading.known(article - 2) & GIVEN:
        return "unknown"
    opens = article == 0 or before in (".", ",", ";", ":", "porque", "q", "que")
    goes_on = after[:1] and (after[0] in _SUBJECT or (after[0] in ("y", ",") and after[1:2] and after[1] in _ARTICLES))
    if opens and goes_on and (street or reading.capital(name)):
        around = words[max(0, article - 40) : name + 40]
        place = min(article, 40)
        if after[0] in ("y", ",") or harms.harms(around, place, place + 2) or after[0] in ("es", "son"):
            return "suspect"
    return None
