"""Whose datum it is, told from the clause around it: the reporter's side, the suspect's side, or unknown.

The worst error is a reporter's datum labelled the suspect's, since liaisons may open those: whatever speaks for the
reporter's side wins when it is as near, and doubt is `unknown`.
"""

from __future__ import annotations

from workers.anonymise import contacts, persons, roles, scene, sides, voices
from workers.anonymise.model import Found, Owner
from workers.anonymise.reading import Reading
from workers.anonymise.wordlist import bag

_IDENTITY = frozenset({"CURP", "RFC", "CLAVE_ELECTOR", "NSS", "FECHA_NACIMIENTO"})

_PLACES = frozenset({"ESCUELA", "NEGOCIO", "UBICACION"})
_FIRST_PERSON = bag("mi mis me soy vivo trabajo estoy tengo nos nuestra nuestro mio")


def decide(reading: Reading, find: Found, earlier: list[Found]) -> Owner:
    """The owner of a find that its cue left open. `earlier` are the finds before it, owners told."""
    if find.type == "PLACA":
        between = reading.words[earlier[-1].last : find.first] if earlier and earlier[-1].type == "PLACA" else []
        if between in (["y"], [","], ["o"]) and earlier[-1].owner == "reporter":
            return "reporter"
        return sides.of_plate(reading, find)
    if find.type == "NOMBRE" or (find.type == "ALIAS" and not find.value.startswith("@")):
        return persons.decide(reading, find, earlier)
    if find.type == "DOMICILIO":
        return sides.of_address(reading, find, earlier)
    words = reading.words
    if find.type == "NEGOCIO" and "nombre" in words[max(0, find.first - 4) : find.first]:
        return persons.decide(reading, find, earlier)
    if find.type == "NEGOCIO" and words[find.first - 1 : find.first] == ["a"]:
        paid = any(word in voices.PAYING for word in words[max(0, find.first - 9) : find.first])
        return "suspect" if paid else "unknown"
    if find.type == "NEGOCIO" and premises_of_fraud(reading, find):
        return "suspect"
    if find.type in _PLACES:
        mine = any(word in _FIRST_PERSON for word in words[max(0, find.first - 10) : find.first])
        return "reporter" if mine else "unknown"
    owner = contacts.decide(reading, find, earlier)
    if find.type in _IDENTITY:
        mine = any(word in roles.MINE for word in words[max(0, find.first - 8) : find.first])
        return "reporter" if owner == "reporter" or mine else "unknown"
    return owner


_OWN_PLACE = bag(
    "mi mis soy vivo trabajo trabaja tengo nuestra nuestro atiendo vendo somos mio mia dueno duena encargada"
)
_DEALS = bag("compre compramos estafo estafaron tranzaron transaron estafa fraude defraudo defraudaron hizo vendio")
_GOES_ON = bag("venden vende tienen tranzaron estafan cobran estafaron nos me cerro vendio roban lavan")


def premises_of_fraud(reading: Reading, find: Found) -> bool:
    """ "en la joyería … venden oro falso", "la empresa que me estafó es …": where the reporter was wronged."""
    words = reading.words
    back = words[max(0, find.first - 10) : find.first]
    if not _OWN_PLACE.isdisjoint(back) or not (scene.of(reading).tale or scene.of(reading).paying):
        return False
    behind = words[find.last : find.last + 6]
    return not _DEALS.isdisjoint(back) or (
        not _GOES_ON.isdisjoint(behind) and _OWN_PLACE.isdisjoint(behind) and "en" in back
    )


_CLITICS = bag("le lo la")
_APART = bag(
    ", / ; : y - vive en carro auto moto tel cel celular telefono correo mail cuenta clabe tarjeta num numero "
    "whats ig su placas le lo la dicen disen apodan conocen como alias se yama"
)
_JOINED = frozenset(
    {"NOMBRE", "ALIAS", "TELEFONO", "CORREO", "CUENTA", "CLABE", "TARJETA", "PLACA", "DOMICILIO", "URL"}
)


def spread(reading: Reading, found: list[Found]) -> None:
    """In a bare list of one person's data ("Óscar Piña, Cracovia 88, cel 55…") what one is, the doubtful ones are."""
    for turn in [*range(1, len(found)), *range(len(found) - 1, 0, -1)]:
        left, right = found[turn - 1], found[turn]
        if {left.owner, right.owner} != {"suspect", "unknown"} or right.first - left.last > 4:
            continue
        if not {left.type, right.type} <= _JOINED or not reading.words[left.last : right.first]:
            continue
        between = reading.words[left.last : right.first]
        if left.type == right.type == "NOMBRE":
            continue
        if "en" in between and "vive" not in between:
            continue
        if not {"dicen", "dice"}.isdisjoint(between) and _CLITICS.isdisjoint(between):
            continue
        head = reading.words[left.first - 1] if left.first else ""
        if head in ("a", "al", "mi", "de") or not all(w in _APART for w in reading.words[left.last : right.first]):
            continue
        left.owner = right.owner = "suspect"


_MANY = 40


def reconcile(found: list[Found]) -> None:
    """One value has one owner in a message: if any place says reporter's, all of them are; else a suspect's wins.

    A name may be the suspect's in one place and the victim's in another: only its doubtful places take an owner.
    """
    owners: dict[tuple[str, str], set[Owner]] = {}
    for find in found:
        if find.owner:
            owners.setdefault((find.type, find.value), set()).add(find.owner)
    for find in found:
        if find.type == "NOMBRE" and find.owner == "unknown" and not find.doubted and len(found) < _MANY:
            head = find.value.split()[:1]
            alike = {f.owner for f in found if f.type == "NOMBRE" and f is not find and f.value.split()[:1] == head}
            if alike - {"unknown"} in ({"suspect"}, {"reporter"}):
                find.owner = (alike - {"unknown"}).pop()
                continue
        told = owners[find.type, find.value]
        if len(told) > 1 and (find.type != "NOMBRE" or (find.owner == "unknown" and not find.doubted)):
            find.owner = "reporter" if "reporter" in told else "suspect"
