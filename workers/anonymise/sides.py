"""Whose plate, whose name, whose door: finds whose owner hangs on a vehicle, a subject or a place."""

from __future__ import annotations

from workers.anonymise import roles
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
    after = words[last : last + 5]
    if after[:2] in (["que", "es"], ["que", "era"]) and any(a in ("suya", "suyo", "mia", "mio") for a in after):
        return "unknown" if "suy" in "".join(after) else "reporter"
    if "es" in after[:3] and "de" in after[:4] and any(a in ("mi", "mis") for a in after[2:]):
        return "reporter"
    if _taken_off(words, first, last):
        return "reporter"
    if any(a in ("robado", "robada", "robados", "robadas", "desvalijado") for a in after[:2]):
        return "unknown"
    if after[:2] in (["que", "me"], ["que", "nos"], ["q", "me"], ["q", "nos"]) and not any(
        w in roles.MINE for w in near
    ):
        return "suspect"
    officer = "unidad" in near and any(word in _OFFICERS for word in words[:first])
    if officer or find.value.startswith("MX") or any(word in _PATROL for word in near):
        return "suspect" if any(word in roles.COMPLAINT for word in words) else "unknown"
    if (
        "y" not in after[:2]
        and any(a in ("mi", "mio", "mia") for a in after[:3])
        and any(w in VEHICLES or w in ("mio", "mia") for w in after)
    ):
        return "reporter"
    for index in range(first - 1, start - 1, -1):
        word = words[index]
        if word in ("placas", "placa", "plakas", "plaka", "matricula", "unidad", "economico"):
            before = words[max(0, index - 2) : index]
            if any(w in roles.MINE for w in before) or _belongs(words, index + 1, first):
                return "reporter"
        if word in ("otro", "otra") and words[index - 1 : index] in (["el"], ["la"]) and index + 4 > first:
            return "suspect"
        if word in VEHICLES:
            return _of_vehicle(words, index, first)
    return _without_vehicle(words, first)


def _taken_off(words: list[str], first: int, last: int) -> bool:
    """ "me quitó mis placas …", "las placas … que me quitaron": an official takes what is the reporter's."""
    for index in range(first - 1, max(-1, first - 5), -1):
        if words[index] in _PLATES:
            back = words[max(0, index - 4) : index]
            if words[index - 1] in roles.MINE or any(
                word in roles.STOLEN or word.startswith(_TAKES_OFF) for word in back
            ):
                return True
            break
    behind = words[last : last + 5]
    return behind[:1] in (["que"], ["q"]) and any(
        word in roles.STOLEN or word.startswith(_TAKES_OFF) for word in behind
    )


_PLATES = bag("placas placa plakas plaka matricula")
_TAKES_OFF = ("tomad", "baj", "quit", "kit", "reten", "retuv", "decomis", "arranc", "desprend", "quedo")


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
    if words[vehicle - 4 : vehicle - 1] == ["de", "el", "es"] or words[vehicle - 4 : vehicle - 1] == [
        "de",
        "ella",
        "es",
    ]:
        return "unknown"
    earlier = [turn for turn in range(1, vehicle) if words[turn] == words[vehicle]]
    if near[-1:] in (["la"], ["el"]) and any(words[turn - 1] in roles.MINE | roles.HIS for turn in earlier):
        return "unknown"
    if any(word in ("llave", "llaves", "factura", "yaves") for word in clause) or "cliente" in clause[-4:]:
        return "unknown"
    aboard = "en" not in near or any(word in _SET_OUT for word in words[max(0, vehicle - 4) : vehicle])
    if aboard and _sought(words) and any(w in KIN for w in words[max(0, vehicle - 40) : vehicle]):
        return "unknown"
    own = any(word in VEHICLES and clause[turn - 1 : turn] == ["mi"] for turn, word in enumerate(clause))
    if own and "," in clause[-3:]:
        return "reporter"
    if any(word in _I_DROVE for word in clause) and ("yo" in clause or any(word.endswith("amos") for word in clause)):
        return "reporter"
    if "maneja" in clause and "que" not in clause and "q" not in clause:
        return "unknown"
    if near[-2:] in (["y", "un"], ["y", "una"]) and _chases(words, first):
        return "suspect"
    if _driven_by_kin(words, vehicle) or _of_the_missing(words, clause):
        return "unknown"
    if "en" in near and any(word in _RIDING for word in words[max(0, vehicle - 6) : vehicle]):
        return "unknown"
    if "en" in near or near[-1:] in (["los"], ["otro"], ["otra"]) or "con" in near[-1:]:
        return "suspect"
    if any(word in roles.STOLEN for word in clause) and near[-1:] not in (["un"], ["una"]):
        return "reporter"
    if near[-1:] == ["su"] or (near[-2:-1] in (["es"], ["era"]) and any(word in _SOLD for word in words[:vehicle])):
        return "unknown"
    if any(word in roles.STOLEN or word in _ROBBED for word in clause):
        return "unknown"
    if _reporters_ride(words, vehicle):
        return "unknown"
    return "suspect"


def _reporters_ride(words: list[str], vehicle: int) -> bool:
    """ "vengo en un jetta", "mi carro es un Attitude", "su hijo trae una moto": nobody else has come into it yet."""
    back = words[max(0, vehicle - 26) : vehicle]
    for turn in range(len(back) - 1, -1, -1):
        word = back[turn]
        if word in _RIDING or (word in roles.MINE and back[turn + 1 : turn + 2] and back[turn + 1] in VEHICLES | KIN):
            return True
        if word in _TAKEN or word in _COMES:
            return False
    return False


_RIDING = bag(
    "vengo voy ando iba traigo manejo conduzco venimos vamos andamos tomadas retenidas detuvieron subiendo bajando ella"
)
_COMES = bag(
    "llego llegan llegaron pasa pasan pasaron anda andan bajaron bajo escapo huyo fugo fue fueron viene vienen cobran "
    "cobra ellos sujetos sujeto tipos tipo ratero rateros hombres"
)
_SOLD = bag("vendi vendimos rente rentamos preste prestamos")
_ROBBED = bag("grua corralon multaron infraccionaron asaltaron despojaron encontre encontramos balearon quemaron")
_TAKEN = bag(
    "llevaron yevaron subieron levantaron sigue siguen siguio persigue persiguen golpearon asalto "
    "asaltaron secuestraron secuestrado secuestrada levantado balaceado atropellado asaltado iban "
    "huyeron escaparon balacearon atropello chocaron choco vigila vigilan ronda rondan amenazan"
)


_I_DROVE = bag("traia iba manejaba venia llevaba andaba ibamos veniamos andabamos conducia traiamos manejo")
_SET_OUT = bag("anda va viaja viene maneja iba salio manejaba viajaba conducia andaba circulaba venia trabajaba")
_NOT_BACK = bag("aparece llega llego regresa regreso volvio contesta vuelve")


def _of_the_missing(words: list[str], clause: list[str]) -> bool:
    """ "desapareció …, iba en una moto …": the vehicle of somebody who is sought."""
    return _sought(words) and any(word in _SET_OUT for word in clause)


def _sought(words: list[str]) -> bool:
    return any(
        word.startswith("desapare") or (word == "no" and any(w in _NOT_BACK for w in words[turn + 1 : turn + 4]))
        for turn, word in enumerate(words)
    )


_CHASES = bag(
    "siguio sigue seguia siguiendo persiguio persigue rondaba ronda choco golpeo cerro vigila vigilaba espero"
)


def _chases(words: list[str], first: int) -> bool:
    return any(word in _CHASES for word in words[first : first + 7])


def _driven_by_kin(words: list[str], vehicle: int) -> bool:
    """ "mi hijo salió en una moto …": his, unless the message tells of somebody else's doing."""
    back = words[max(0, vehicle - 12) : vehicle]
    kin = any(
        word in roles.MINE and back[turn + 1 : turn + 2] and back[turn + 1] in KIN for turn, word in enumerate(back)
    )
    return kin and not any(word in _TAKEN for word in words[:vehicle])


def _without_vehicle(words: list[str], first: int) -> Owner:
    """No vehicle near: the reporter's if the message speaks of his own anywhere, else the suspect's."""
    if _sought(words) and not KIN.isdisjoint(words[:first]) and not any(word in _TAKEN for word in words):
        return "unknown"
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
    if any(word in roles.STOLEN or word in roles.OWNING or word in _ROBBED for word in words[:first]):
        return "unknown"
    if any(word in roles.MINE for word in words[max(0, first - 6) : first]):
        return "unknown"
    return "suspect"


_HOMES = bag("vivo vibo bibo mi mis vivimos nuestra nuestro rento estoy estamos soy trabajo")


def of_address(reading: Reading, find: Found, earlier: list[Found]) -> Owner:
    """ "vivo en …" is the reporter's door, "venden droga en …" the suspect's."""
    words, first, last = _around(reading, find)
    before = words[max(0, first - 10) : first]
    told = earlier[-1] if earlier else None
    if told is not None and told.owner == "suspect" and reading.words[told.last : find.first] in ([","], ["/"]):
        return "suspect"
    if "vive" in before[-3:] and told is not None and told.type in ("NOMBRE", "ALIAS") and find.first - told.last <= 5:
        return told.owner or "unknown"
    if "ellos" in before[-3:] and "es" in before[-2:]:
        return "suspect"
    for turn in range(len(before) - 1, -1, -1):
        word = before[turn]
        if word == "tienen" and before[turn - 1 : turn] in (["me"], ["nos"], ["la"], ["lo"], ["los"], ["las"]):
            return "unknown"
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
    after = words[last : last + 6]
    if any(word in roles.DENS for word in after) and not any(word in _HOMES for word in words[:first]):
        return "suspect"
    if before[-1:] in (["direccion"], ["domicilio"]) and any(word in roles.DENS for word in words[:first]):
        return (
            "unknown"
            if any(word in ("vivo", "mi") for word in words[:first]) and "entrevista" not in words
            else "suspect"
        )
    return "unknown"
