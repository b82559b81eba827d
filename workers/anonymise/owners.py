"""Whose datum it is, told from the clause around it: the reporter's side, the suspect's side, or unknown.

The worst error is a reporter's datum labelled the suspect's, since liaisons may open those: whatever speaks for the
reporter's side wins when it is as near, and doubt is `unknown`.
"""

from __future__ import annotations

from workers.anonymise import roles, sides, speech
from workers.anonymise.introductions import KIN
from workers.anonymise.model import Found, Owner
from workers.anonymise.reading import Reading
from workers.anonymise.wordlist import bag

_IDENTITY = frozenset({"CURP", "RFC", "CLAVE_ELECTOR", "NSS", "FECHA_NACIMIENTO"})
_MONEY = frozenset({"CUENTA", "TARJETA", "CLABE"})
_PLACES = frozenset({"ESCUELA", "NEGOCIO", "UBICACION"})
_HARD = frozenset(".;!?")
_REACH, _FAR = 14, 30
_LINKS = bag("y e o u del d de el otro otros tambien tmb tambn , al ala luego despues / - con a la los mas desde")
_KINDS = bag("tel telefono cel celular numero num correo cuenta tarjeta clabe whats")
_CONTACTS = frozenset({"TELEFONO", "CORREO", "CUENTA", "TARJETA", "CLABE"})
_FIRST_PERSON = bag("mi mis me soy vivo trabajo estoy tengo nos nuestra nuestro mio")


def decide(reading: Reading, find: Found, earlier: list[Found]) -> Owner:
    """The owner of a find that its cue left open. `earlier` are the finds before it, owners told."""
    if find.type == "PLACA":
        return sides.of_plate(reading, find)
    if find.type == "NOMBRE" or (find.type == "ALIAS" and not find.value.startswith("@")):
        return sides.of_name(reading, find, earlier)
    if find.type == "DOMICILIO":
        return sides.of_address(reading, find)
    words = reading.words
    if find.type in _PLACES:
        mine = any(word in _FIRST_PERSON for word in words[max(0, find.first - 10) : find.first])
        return "reporter" if mine else "unknown"
    listed = _listed(reading, find, earlier)
    owner = listed or _walk(reading, find)
    if owner == "suspect" and not listed and find.type not in _MONEY and not _attached(words, find.first):
        owner = "unknown"
    if find.type in _IDENTITY:
        mine = any(word in roles.MINE for word in words[max(0, find.first - 8) : find.first])
        return "reporter" if owner == "reporter" or mine else "unknown"
    if owner == "unknown" and find.type in _MONEY:
        following = words[find.last : find.last + 4]
        if "nombre" in following and following[0] in ("a", "al", "con"):
            return "suspect"
        given = any(word in ("dieron", "pasaron", "dio", "paso") for word in words[max(0, find.first - 5) : find.first])
        if given and following[:1] in (["para"], ["pa"]) and following[1:2] and following[1] in roles.PAYS:
            return "suspect"
    if owner == "unknown" and find.type == "URL":
        return "suspect"
    if owner == "unknown" and earlier and find.first - earlier[-1].last <= 2 and earlier[-1].owner == "reporter":
        return "reporter"
    return owner


def _listed(reading: Reading, find: Found, earlier: list[Found]) -> Owner | None:
    """ "del 55… y del 56…": one in a list with the one before it has its owner."""
    if not earlier or find.first - earlier[-1].last > 4:
        return None
    between = reading.words[earlier[-1].last : find.first]
    if earlier[-1].type == find.type and all(word in _LINKS for word in between):
        return earlier[-1].owner
    alike = find.type in _CONTACTS and earlier[-1].type in _CONTACTS and between[:1] == ["y"]
    return earlier[-1].owner if alike and all(word in _LINKS or word in _KINDS for word in between) else None


def _attached(words: list[str], first: int) -> bool:
    """Whether the number hangs on its clause: at the end of a message a bare one may be the reporter's signature.

    "el teléfono es …" may be either side's; "su teléfono", "un celular" and "el número" are the other's.
    """
    if not first:
        return True
    before = words[first - 1]
    if before in (":", "="):
        before, first = words[max(0, first - 2)], first - 1
    back = words[max(0, first - 4) : first]
    if any(word in roles.VAGUE for word in back):
        return any(word in roles.POINTING for word in back) and "mi" not in back
    return (
        before in roles.ATTACHED
        or before in roles.PAYS
        or before.startswith(("marc", "mark", "llam", "yam", "habl", "escrib"))
    )


def _is_mine(words: list[str], index: int, first: int) -> bool:
    """ "mi" at `index` speaks of the thing before the find: "mi número de celular es 55…"."""
    for turn in range(index + 1, min(index + 4, first)):
        if words[turn] in roles.THINGS:
            moved = any(word in roles.TO for word in words[turn + 1 : first])
            return not moved or words[turn] in roles.REACHED
        if words[turn] not in roles.ADJECTIVES:
            return False
    return index + 1 == first


def _walk(reading: Reading, find: Found) -> Owner:
    """Walks back from the find to the first word that speaks for one side.

    "su" sends the walk further back, past full stops, to the person it stands for.
    """
    words, first = reading.words, find.first
    money = find.type in _MONEY
    to = his = thing = source = False
    reach = _REACH
    index = first
    while index > max(0, first - reach):
        index -= 1
        word = words[index]
        before = words[index - 1] if index else ""
        if word in _HARD and not his and index + 2 < first:
            break
        if word in roles.MINE:
            if words[index + 1] == "ex" and not _is_mine(words, index, first):
                return "unknown"
            if _is_mine(words, index, first) or (words[index + 1] in KIN and (not to or thing or not money)):
                return "reporter"
        elif word in roles.CONTACTS:
            quoted = before in ("que", "q", "no") and word in ("llamen", "marquen", "yamen", "contesto")
            return "unknown" if quoted else "reporter"
        elif money and word in roles.STOLEN:
            return "reporter"
        elif word in roles.CALLING:
            asked = words[max(0, index - 3) : index]
            if not to:
                return "suspect"
            return (
                "reporter" if any(w in ("pueden", "puede", "podrian", "pueda", "favor") for w in asked) else "unknown"
            )
        elif word in roles.PAYS:
            return _paid(words, index, before, to)
        elif word in _FIRST_OR_THIRD and (
            before not in _OBJECTS or (word in ("llamo", "yamo") and reading.claimed[index + 1])
        ):
            return "unknown"
        elif word in roles.CALLS:
            if before == "les":
                return "unknown"
            if (word in roles.NOUNS and not source) or (his and before in ("le", "les", "la", "lo")):
                continue
            return "unknown" if to and word not in roles.ASKS else "suspect"
        elif word in roles.HIS and thing:
            his, reach = True, _FAR
        elif word in roles.TO and index >= first - 5 and not source:
            to = True
        elif not to and (
            (word in roles.SOURCES and index >= first - 3) or (word in ("de", "d") and index == first - 1)
        ):
            source = True
        elif word in ("soy", "llamo", "yamo"):
            return "unknown" if speech.quoted(words, index) else "reporter"
        elif word in roles.PEOPLE and ("a" in words[max(0, index - 2) : index] or before == "al"):
            return "unknown"
        elif word in roles.SUSPECTS:
            return "suspect" if not to or his else "unknown"
        elif word in roles.VICTIMS:
            return "reporter" if his or thing or before in roles.MINE else "unknown"
        elif word in roles.PUBLISH and thing and not to:
            return "suspect"
        elif word in roles.THINGS:
            thing = True
    return "suspect" if _announced(reading, find) else _told_after(words, find)


# "hablo" is "I speak", and without its accent "he spoke" too: only "me habló" accuses.
_FIRST_OR_THIRD = bag("hablo ablo llamo yamo marco marko mando escribo")
_OBJECTS = bag("me nos le lo la m te")


def _paid(words: list[str], index: int, before: str, to: bool) -> Owner:
    """ "que deposite a la tarjeta …" is the suspect's; "me depositan en la cuenta …", "mi pago" are not."""
    if any(word in ("pueden", "puede", "podrian", "podria", "favor") for word in words[max(0, index - 3) : index]):
        return "unknown"
    if before in ("me", "nos", "mi", "mis") and words[index] not in ("mande", "comunique", "mande"):
        return "unknown"
    if before == "para" and not to:
        return "unknown"
    return "suspect"


_RINGS = bag("esta estan sigue siguen anda andan marca marcan llama llaman volvio volvieron")
_ACCUSED = bag("me nos")
_ACCUSING = roles.CALLS - {"mensaje", "mensajes", "llamada", "llamadas", "msj", "sms", "deja", "usa", "dejo"}
_CRIMES = bag(
    "extorsionando estorsionando estafando molestando amenazando acosando extorsiona extorsionan estafa estafan robando"
)
_SWINDLE = bag("estafadores estafador fraude extorsionadores extorsion estafa extorsionador ratas rateros fraudes")


def _announced(reading: Reading, find: Found) -> bool:
    """ "NO CONTESTEN AL 55… SON ESTAFADORES": what follows names the other side."""
    following = reading.words[find.last : find.last + 5]
    if (
        following[:1] == ["no"]
        and following[1:2]
        and following[1] in ("contesten", "contestar", "contesten", "kontesten")
    ):
        return True
    if any(word in _HARD or word in roles.MINE for word in following[:2]):
        return False
    return any(word in _SWINDLE for word in following[:4]) and following[:1] != ["y"]


def _told_after(words: list[str], find: Found) -> Owner:
    """ "del 55… me están marcando" and "55… es mi número": the clause tells behind the find."""
    following = [word for word in words[find.last : find.last + 14] if not word.isdigit()][:8]
    subject = find.first and words[find.first - 1] in ("el", "este", "ese", "los", "numero", "num")
    if subject and following[:1] and following[0] in _RINGS and "mi" not in following[:4]:
        return "suspect"
    if "mio" in following[:4] or "mia" in following[:4]:
        return "reporter"
    for turn, word in enumerate(following):
        if word in roles.MINE:
            return "reporter" if turn + 1 < len(following) and following[turn + 1] in roles.THINGS else "unknown"
        if word in _CRIMES:
            return "suspect"
        if word in _HARD or word in (",", "a"):
            return "unknown"
        if word in _ACCUSING and any(w in _ACCUSED for w in following[: turn + 1]):
            return "suspect"
    return "unknown"


def reconcile(found: list[Found]) -> None:
    """One value has one owner in a message: if any place says reporter's, all of them are; else a suspect's wins."""
    owners: dict[tuple[str, str], set[Owner]] = {}
    for find in found:
        if find.owner:
            owners.setdefault((find.type, find.value), set()).add(find.owner)
    for find in found:
        told = owners[find.type, find.value]
        if len(told) > 1:
            find.owner = "reporter" if "reporter" in told else "suspect"
