"""Whose plate, whose name, whose door: finds whose owner hangs on a vehicle, a subject or a place."""

from __future__ import annotations

from workers.anonymise import roles, speech
from workers.anonymise.introductions import KIN
from workers.anonymise.model import Found, Owner
from workers.anonymise.plates import VEHICLES
from workers.anonymise.reading import Reading
from workers.anonymise.wordlist import bag

_REACH = 16
_FAR = 90
_DRIVING = bag("chofer taxista repartidor conductor operador trailero microbusero camionero combi")
_RIDES = bag("unidad placas placa ruta vehiculo") | VEHICLES
_OFFICERS = bag("policia policias poli polis oficial oficiales agente agentes patrullero patrulleros")
_PATROL = bag("patrulla patruya patrullas")


def _around(reading: Reading, find: Found) -> tuple[list[str], int, int]:
    """The words around a find, as far as a message of ordinary length goes, and where in them the find stands.

    Bounded, so that a long text of many finds is still told in linear time.
    """
    low = max(0, find.first - _FAR)
    return reading.words[low : find.last + _FAR], find.first - low, find.last - low


def of_plate(reading: Reading, find: Found) -> Owner:
    """The nearest vehicle before the plate tells: "mi carro", "me robaron la moto" or "se fue en un jetta"."""
    words, first, last = _around(reading, find)
    start = max(0, first - _REACH)
    near = words[max(0, first - 6) : first]
    officer = "unidad" in near and any(word in _OFFICERS for word in words[:first])
    if officer or find.value.startswith("MX") or any(word in _PATROL for word in near):
        return "suspect" if any(word in roles.COMPLAINT for word in words) else "unknown"
    after = words[last : last + 5]
    if any(a in ("mi", "mio", "mia") for a in after[:3]) and any(w in VEHICLES or w in ("mio", "mia") for w in after):
        return "reporter"
    for index in range(first - 1, start - 1, -1):
        word = words[index]
        if word in ("placas", "placa", "plakas", "plaka", "matricula", "unidad", "economico"):
            before = words[max(0, index - 2) : index]
            if any(w in roles.MINE for w in before) or _belongs(words, index + 1, first):
                return "reporter"
        if word in VEHICLES:
            return _of_vehicle(words, index, first)
    return _without_vehicle(words, first)


def _belongs(words: list[str], index: int, first: int) -> bool:
    """ "de mi carro", "de mi papá" between a noun and the plate."""
    return any(words[i] in roles.MINE for i in range(index, first))


def _of_vehicle(words: list[str], vehicle: int, first: int) -> Owner:
    if _belongs(words, vehicle + 1, first):
        return "reporter"
    near = words[max(0, vehicle - 3) : vehicle]
    clause = words[max(0, vehicle - 7) : vehicle]
    if any(word in roles.MINE for word in near):
        return "unknown" if any(word in KIN for word in near) and "en" in near else "reporter"
    if any(word in roles.OWNING for word in clause) or "soy" in clause:
        return "reporter"
    if any(word in _I_DROVE for word in clause) and ("yo" in clause or any(word.endswith("amos") for word in clause)):
        return "reporter"
    if _driven_by_kin(words, vehicle) or _of_the_missing(words, clause):
        return "unknown"
    if "en" in near or near[-1:] in (["los"], ["otro"], ["otra"]) or "con" in near[-1:]:
        return "suspect"
    if any(word in roles.STOLEN for word in clause) and near[-1:] not in (["un"], ["una"]):
        return "reporter"
    if near[-1:] == ["su"]:
        return "unknown"
    if any(word in roles.STOLEN for word in clause):
        return "unknown"
    return "suspect"


_TAKEN = bag(
    "llevaron yevaron subieron levantaron sigue siguen siguio persigue persiguen golpearon asalto "
    "asaltaron secuestraron secuestrado secuestrada levantado balaceado atropellado asaltado iban "
    "huyeron escaparon balacearon atropello chocaron choco vigila vigilan ronda rondan amenazan"
)


_I_DROVE = bag("traia iba manejaba venia llevaba andaba ibamos veniamos andabamos conducia traiamos manejo")
_SET_OUT = bag("iba salio manejaba viajaba conducia andaba circulaba venia trabajaba")
_NOT_BACK = bag("aparece llega llego regresa regreso volvio contesta vuelve")


def _of_the_missing(words: list[str], clause: list[str]) -> bool:
    """ "desapareció …, iba en una moto …": the vehicle of somebody who is sought."""
    sought = any(
        word.startswith("desapare") or (word == "no" and any(w in _NOT_BACK for w in words[turn + 1 : turn + 4]))
        for turn, word in enumerate(words)
    )
    return sought and any(word in _SET_OUT for word in clause)


def _driven_by_kin(words: list[str], vehicle: int) -> bool:
    """ "mi hijo salió en una moto …": his, unless the message tells of somebody else's doing."""
    back = words[max(0, vehicle - 12) : vehicle]
    kin = any(
        word in roles.MINE and back[turn + 1 : turn + 2] and back[turn + 1] in KIN for turn, word in enumerate(back)
    )
    return kin and not any(word in _TAKEN for word in words[:vehicle])


def _without_vehicle(words: list[str], first: int) -> Owner:
    """No vehicle near: the reporter's if the message speaks of his own anywhere, else the suspect's."""
    for index, word in enumerate(words):
        if (
            word in VEHICLES
            and index
            and (words[index - 1] in roles.MINE or any(w in roles.STOLEN for w in words[max(0, index - 4) : index]))
        ):
            return "unknown"
        if word in _DRIVING and "soy" in words[max(0, index - 2) : index]:
            return "unknown"
        if word in roles.MINE and words[index + 1 : index + 2] and words[index + 1] in _RIDES:
            return "unknown"
    if any(word in roles.STOLEN or word in roles.OWNING for word in words[:first]):
        return "unknown"
    if any(word in roles.MINE for word in words[max(0, first - 6) : first]):
        return "unknown"
    return "suspect"


_AGAINST = bag("me nos tiene publica publico sube subio amenaza ronda trae quiere")
_HOLDER = bag("de a nombre y del sra sr titular , es la el d : beneficiario")


def of_name(reading: Reading, find: Found, earlier: list[Found]) -> Owner:
    """The words before a name, what the person does after it, and whom the sentence is about."""
    words, first, last = _around(reading, find)
    before = words[max(0, first - 8) : first]
    near = before[-3:]
    following = words[last : last + 4]
    violent = speech.assaults(following)
    if earlier and earlier[-1].type in ("CUENTA", "TARJETA", "CLABE") and earlier[-1].owner == "suspect":
        between = reading.words[earlier[-1].last : find.first]
        if 0 < len(between) <= 4 and all(word in _HOLDER for word in between):
            return "suspect"
    if any(word in roles.MINE for word in near):
        if "ex" in near and following[:1] and following[0] in _AGAINST:
            return "suspect"
        return "suspect" if violent or _accused(words, first) else "unknown" if "ex" in near else "reporter"
    if "soy" in before[-5:]:
        return "unknown" if speech.quoted(words, first - 1) else "reporter"
    if (
        near
        and "mi" not in before[-6:]
        and roles.PASSIVE.isdisjoint(following[:1])
        and (near[-1] in roles.RANKS or (near[-1] == "." and near[-2:-1] and near[-2] in roles.RANKS))
    ):
        return "suspect"
    if any(word in ("don", "dona", "victima", "vecina", "vecino") for word in near):
        return "reporter"
    if _accuses(before):
        return "suspect"
    if any(word in _CALLED for word in near[-2:]):
        return _subject(words, first)
    if near[-1:] in (["es"], ["era"], ["fue"]) and _subject(words, first) == "suspect":
        return "suspect"
    if any(word in ("titular", "dicen", "alias", "tal") for word in near[-2:]) and "mi" not in before:
        return "suspect"
    if any(word in KIN for word in near):
        beaten = (
            any(word in _BEATS for word in before) and "su" in near and not any(w in ("a", "al", "de") for w in near)
        )
        return "suspect" if beaten and "mi" not in near else "unknown"
    if (
        near
        and roles.PASSIVE.isdisjoint(following[:1])
        and near[-1] in roles.SUSPECTS - roles.PEOPLE
        and near[-1] not in ("ellos", "esos", "aquellos")
    ):
        return "suspect"
    if near and near[-1] in roles.DRUGS and any(word in _DEALS for word in before) and "mi" not in before:
        return "suspect"
    if near[-1:] == ["a"] and any(word in roles.PAYS for word in before[-5:]):
        return "suspect"
    if _calls_from_office(words[last : last + 7]) and "mi" not in before:
        return "suspect"
    acting = following[:1] and following[0] in roles.ACTS and following[1:2] and following[1] in roles.HARM
    if violent or acting:
        return "suspect" if "mi" not in before else "unknown"
    return "unknown"


def _accused(words: list[str], first: int) -> bool:
    """ "denunciar a mi jefe …", "me amenaza mi ex …"."""
    before = words[max(0, first - 6) : first]
    return any(word in ("denunciar", "acusar") for word in before) or (
        "ex" in before[-2:] and any(w in speech.VIOLENT for w in before)
    )


_WHO = bag("el la los uno l persona hombre mujer tipo senor sujeto chavo vato chava muchacho")
_DEALS = bag("vende venden vendio distribuye roba asalta asaltan clona")


_CALLED = bag("llama yama llamado llamada apellido apellida nombre")
_BEATS = bag("golpea golpeando golpeo golpean pega pegando pego amenaza amenazando maltrata maltratando viola violando")


def _accuses(before: list[str]) -> bool:
    """ "denuncio al profesor …", "quiero denunciar a …"."""
    return any(
        word in ("denuncio", "denunciar", "acuso", "acusar", "denunsiar")
        and before[turn + 1 : turn + 2]
        and before[turn + 1] in ("a", "al")
        for turn, word in enumerate(before)
    )


_OFFICES = bag("financiera banco bancomer bbva banamex coppel elektra azteca santander cobranza app despacho sat")


def _calls_from_office(following: list[str]) -> bool:
    """ "… de la financiera me marca": who calls in the name of a bank."""
    at = next((turn for turn, word in enumerate(following) if word in _OFFICES), -1)
    return 0 < at <= 3 and following[0] in ("de", "del", "d") and following[at + 1 : at + 2] in (["me"], ["nos"])


def _subject(words: list[str], first: int) -> Owner:
    """Whom "se llama …" is said of: the nearest person before it."""
    for index in range(first - 1, max(-1, first - 14), -1):
        word = words[index]
        if word in KIN and words[max(0, index - 1)] in roles.MINE:
            return "reporter"
        if word in roles.SUSPECTS - roles.PEOPLE:
            return "suspect"
        if word in roles.RANKS:
            return "suspect"
        if word in ("que", "q", "ke", "k"):
            acts = any(w in roles.ACTS or w in roles.CALLS or w in _DEALS for w in words[index + 1 : first - 2])
            return "suspect" if acts and words[max(0, index - 1)] in _WHO else "unknown"
        if word in roles.VICTIMS:
            return "unknown"
    return "unknown"


def of_address(reading: Reading, find: Found) -> Owner:
    """ "vivo en …" is the reporter's door, "venden droga en …" the suspect's."""
    words, first, _ = _around(reading, find)
    before = words[max(0, first - 10) : first]
    for word in reversed(before):
        if word in (
            "vivo",
            "vibo",
            "bibo",
            "mi",
            "mis",
            "vivimos",
            "nuestra",
            "nuestro",
            "estoy",
            "estamos",
            "rento",
            "soy",
            "trabajo",
            "me",
        ):
            return "reporter"
        if word in roles.DENS:
            return "suspect"
        if word in roles.VICTIMS:
            return "unknown"
    if before[-1:] in (["direccion"], ["domicilio"]) and any(word in roles.DENS for word in words[:first]):
        return (
            "unknown"
            if any(word in ("vivo", "mi") for word in words[:first]) and "entrevista" not in words
            else "suspect"
        )
    return "unknown"
