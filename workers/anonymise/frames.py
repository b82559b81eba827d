"""The sentence around a name: who stands there as the one that acts, and who as the one things happen to.

Verbs are an open class: what somebody does to the reporter accuses him unless the verb is a kind one, and what is done
to somebody speaks for him whatever the verb is.
"""

from __future__ import annotations

from workers.anonymise import roles, scene, voices
from workers.anonymise.harms import ARMS, BAD, HARMS, ME, OFFICE, THAT, TITLES
from workers.anonymise.introductions import KIN
from workers.anonymise.model import Found
from workers.anonymise.reading import Reading
from workers.anonymise.sparing import BEFALLS, HARD, KIND, PLURAL, SIDE, gentle, past_apposition, spared
from workers.anonymise.subjects import BYSTANDERS, PRAISE, told_of
from workers.anonymise.wordlist import bag

_DETERMINERS = bag("el la los las un una 1 uno otro otra ese esa este esta tal")
_INDEFINITE = bag("un una 1 unos unas")
_OBJECT = bag("a al para pa por x de d del sin contra entre con hacia")
_LINKS = bag(
    "llama yama llamaba apellida llamado llamada llamarse nombre apellido gafete segun es dice completo apellidos "
    "identificacion titular"
)
_POSTS = BAD | bag(
    "lider agente cmdte comandante asesor asesora gestor gestora contador prestamista agiotista cobrador comprador "
    "ejecutivo ejecutiva promotor promotora representante supuesto supuesta coyote administrador funcionario "
    "inspector verificador policia poli oficial custodio cadenero notario reclutador reclutadora licenciado lic "
    "licenciada abogado abogada diputado regidor delegado"
)
_SOLD = bag("desaparecio contesta contesto bloqueo borro esfumo responde cambio dejo aparece")
_WITNESS = bag("testigo vecino vecina amigo amiga companero companera familiar pariente cliente clienta")


def acts(reading: Reading, words: list[str], first: int, last: int, earlier: list[Found]) -> bool:
    """Whether the sentence puts the bearer of the name where the one complained of stands."""
    if any(word in PRAISE for word in words) or spared(words, first, last):
        return False
    if words[last : last + 1] in (["de"], ["d"]) and words[last + 1 : last + 2] in (
        ["mi"],
        ["mis"],
        ["nuestro"],
        ["nuestra"],
    ):
        return False
    before = words[max(0, first - 12) : first]
    if any(word in roles.MINE for word in before[-2:]) or told_of(reading, words, first, last) is not None:
        return False
    return (
        _receipt(reading, words, last)
        or _named_as_doer(words, first, last)
        or _stranger(reading, words, first, last)
        or _implied(reading, words, first, last, earlier)
        or _post(reading, words, first, last)
        or _does_to_me(reading, words, first, last)
        or _relative(reading, words, first, last)
        or _with_his_own(words, last)
        or (_plays_as(before) and scene.of(reading).hostile)
        or _badge(reading, words, first)
        or spokesman(reading, before)
        or _asked_for(reading, words, first, earlier)
    )


def _tells(reading: Reading) -> bool:
    look = scene.of(reading)
    return look.hostile or look.tale or look.paying or not (look.search or look.plain)


def _stranger(reading: Reading, words: list[str], first: int, last: int) -> bool:
    """ "un chavo de mi prepa llamado …", "una señora … dice que": somebody new, to whom nothing is done."""
    at = first - 1
    if at >= 0 and words[at] == ",":
        at -= 1
    named = at >= 0 and words[at] in _LINKS
    stop = max(-1, first - 11)
    while at > stop:
        word = words[at]
        if word in HARD or word in ME or (word in roles.MINE and words[at + 1] in KIN | TITLES):
            return False
        if word in _INDEFINITE and at + 1 < first:
            noun = words[at + 1]
            near = first - at <= 3
            if noun in KIN or noun in _WITNESS or noun in ("cuenta", "tarjeta", "casa", "dia", "tienda", "local"):
                return False
            if not (near or named or noun in TITLES or noun in roles.PEOPLE or noun in BAD):
                return False
            if not _person(noun) or any(w in _OBJECT and w != "de" for w in words[at + 2 : first]):
                return False
            prior = words[at - 1] if at else ""
            if prior in _OBJECT and not (prior == "con" or (scene.of(reading).paying and prior in ("a", "d", "de"))):
                return False
            return _tells(reading) and not gentle(words[last : last + 4])
        at -= 1
    return False


def _person(noun: str) -> bool:
    return (
        noun in TITLES
        or noun in roles.PEOPLE
        or noun in BAD
        or noun in OFFICE
        or noun in roles.SUSPECTS
        or noun
        in (
            "nino",
            "nina",
            "srta",
            "srita",
            "senorita",
            "joven",
            "jovencito",
            "viejo",
            "vieja",
            "fulana",
            "alumno",
            "extranjero",
            "tipa",
        )
        or noun.endswith(("ano", "ana", "ense", "eno", "dor", "dora", "ista", "ero", "era"))
    )


def _implied(reading: Reading, words: list[str], first: int, last: int, earlier: list[Found]) -> bool:
    """ "me busca con un cuchillo, se llama …": named after what he did, with nobody else spoken of."""
    at = first - 1
    while at >= 0 and (words[at] in TITLES or words[at] in OFFICE or words[at] in _TO_LINK):
        at -= 1
    if at < 1 or words[at] not in _LINKS or (words[at] in ("es", "dice") and words[at - 1] in ("esta", "ella", "se")):
        return False
    if words[at] in ("llama", "yama", "llamaba", "apellida") and words[at - 1] != "se":
        return False
    told = words[:at]
    if words[at] == "nombre" and words[at - 1] not in ("su", "de", "d", "cuyo"):
        return False
    ranked = any(word in OFFICE or word in _POSTS for word in words[at + 1 : first])
    if words[at] == "es" and not ranked and not any(word in _HEADS for word in words[max(0, at - 3) : at]):
        return False
    if any(word in ("mi", "mis", "yo", "soy", "usted", "ella") for word in told[-4:]):
        return False
    if any(find.owner != "suspect" for find in earlier if find.type == "NOMBRE"):
        return False
    if words[at - 1] == "se" and PLURAL.search(words[at - 2]) and words[at - 3] in THAT:
        return False
    greeted = 2 if told[:1] and told[0] in ("senorita", "senor", "joven", "buenas", "oiga") else 0
    if any(word in KIN or word in roles.VICTIMS or word in _HURT for word in told[greeted:]):
        return False
    noun = words[at - 2] if words[at - 1] in ("se", "de", "d") and at > 2 else ""
    if noun in BYSTANDERS and words[at - 3] in _DETERMINERS:
        return False
    harmful = any(
        word in HARMS or word in voices.DEMANDING or word in voices.CRIMES or word in ARMS or word in roles.DENS
        for word in told
    )
    return harmful and not scene.of(reading).search and not gentle(words[last : last + 4])


POSING_AS = bag("ser era")
_TRADE = bag("vendio vendieron vendi compre compro compramos contrate contrato viaje anticipo boletos renta rente")
_TO_LINK = bag("el la de : don dona , segun")
_HEADS = _POSTS | bag("dueno duena jefe jefa nombre quien el ella ahi")


_PRINTED = bag("sale salio aparece aparecia dice decia firmo firma")
_CRUEL_NATURE = bag("violento violenta agresivo agresiva peligroso peligrosa celoso golpeador malo abusivo")


def _receipt(reading: Reading, words: list[str], last: int) -> bool:
    """ "… así sale en el ticket", "… vende uniformes, no entrega", "…, es muy violento"."""
    following = words[last : last + 12]
    if following[:2] == [",", "asi"]:
        following = following[1:]
    if following[:1] == ["asi"] and following[1:2] and following[1] in _PRINTED:
        return scene.of(reading).paying or scene.of(reading).tale
    if following[:1] in (["vende"], ["vendio"], ["vendia"]):
        return any(
            word in ("no", "nunca") and following[turn + 1].startswith(("entreg", "mand", "lleg", "devuel"))
            for turn, word in enumerate(following[:-1])
        )
    start = 1 if following[:1] == [","] else 0
    nature = following[start : start + 1] == ["es"] and following[start + 1 : start + 3]
    return bool(nature) and any(word in _CRUEL_NATURE for word in following[start + 1 : start + 4])


def _post(reading: Reading, words: list[str], first: int, last: int) -> bool:
    """ "el asesor …", "la dueña … no contesta", "el agente … dijo o 700 o se va"."""
    at = first - 1
    if at > 0 and words[at] == ",":
        stop = max(-1, at - 7)
        at = next((turn for turn in range(at - 1, stop, -1) if words[turn] in _POSTS), at)
    while at > 0 and (
        words[at] in (".", "don", "dona", "es", "cmdte", "lic", "de", "seguridad")
        or (words[at] in ("el", "la") and words[at - 1] == "es")
    ):
        at -= 1
    if words[at] in _DETERMINERS and at + 1 < first and words[at + 1] in _POSTS:
        at += 1
    if at < 1 or words[at - 1] not in _DETERMINERS or (at > 1 and words[at - 2] in _OBJECT):
        return False
    if any(word in KIN for word in words[max(0, at - 5) : at - 1]) and "," in words[max(0, at - 3) : at]:
        return False
    look = scene.of(reading)
    following = words[last : last + 5]
    traded = look.paying or any(word in _TRADE for word in words)
    sold = traded and any(word in _SOLD for word in following)
    if words[at] in bag("duena dueno vendedor vendedora asesor asesora encargado encargada proveedor") and sold:
        return True
    if (
        "es" in words[at + 1 : first]
        and words[at] in ("jefe", "jefa")
        and not (_POSTS | OFFICE).isdisjoint(words[at + 1 : first])
    ):
        return True
    if not POSING_AS.isdisjoint(following[1:4]) and following[:1] != [","] and "dijo" in following[:3]:
        return True
    amount = any(word.isdigit() and len(word) > 1 for word in words[last : last + 10])
    if words[at] in OFFICE and amount and not look.search:
        return True
    return words[at] in _POSTS and _tells(reading) and not gentle(following) and not look.search


def _does_to_me(reading: Reading, words: list[str], first: int, last: int) -> bool:
    """ "… me está haciendo publicaciones", "…, el esposo de mi hermana, la trae encerrada"."""
    if first and words[first - 1] in _OBJECT:
        return False
    following = past_apposition(words, last)
    if following[:1] == [","] or len(following) < 2:
        return False
    clitic, verb = following[0], following[1]
    if clitic in ("la", "lo", "le"):
        if verb in ("esta", "anda", "sigue", "trae", "tiene"):
            verb = following[2] if len(following) > 2 else ""
            return verb in HARMS or (verb.endswith("ando") and verb not in KIND) or verb.startswith("encer")
        return verb in _BREAKS
    return False


_BREAKS = voices.third_person(
    "fractur golpe peg pate mord quem clav mat azot ahorc apunal amenaz encaj descalabr violent viol manose",
    "a o aba",
) | bag("rompio mordio hirio metio mato")


_MANY = voices.third_person(
    "golpe amenaz amenas cobr rob asalt extorsion estorsion balac mat quem viol secuestr pic estaf tir dispar tortur "
    "levant peg azot patea encaj maltrat molest",
    "an aron aban a o aba",
) | bag("agredieron hirieron piden exigen venden llevaron metieron agredio hirio pide exige vende llevo metio")


_HURT = bag(
    "muchacho muchacha nino nina joven herido herida tirado tirada bebe anciano secretaria enfermera mesero testigo"
)


def _named_as_doer(words: list[str], first: int, last: int) -> bool:
    """ "la está matando el …", "… y … son los que golpearon a mi tío", "el que lo azotó fue …"."""
    following = words[last : last + 14]
    for turn, word in enumerate(following[:-3]):
        if word in HARD:
            break
        if word in ("es", "son", "fue", "fueron") and following[turn + 1] in (
            "el",
            "la",
            "los",
            "las",
            "quien",
            "quienes",
        ):
            acts = following[turn + 2 : turn + 6]
            return any(verb in _MANY for verb in acts) and (acts[0] in THAT or following[turn + 1][:1] == "q")
    at = first - 1
    if at >= 0 and words[at] in ("el", "la", "don", "su"):
        at -= 1
    back = words[max(0, at - 3) : at + 1]
    if not back:
        return False
    believed = words[max(0, first - 5) : first]
    if len(believed) > 3 and believed[-1] in KIN and believed[-2] in ("el", "la", "su") and believed[-3] == "fue":
        return believed[-4] in ("creo", "que", "seguro", "sospecho", "q", "porque")
    if back[-1] in ("fue", "fueron", "es", "son"):
        whole = words[max(0, at - 9) : at]
        who = next(
            (t for t, w in enumerate(whole[:-1]) if w in ("el", "los", "la", "quien") and whole[t + 1] in THAT), -1
        )
        return (
            who >= 0
            and any(verb in _MANY for verb in whole[who:])
            and not any(w.endswith("an") for w in whole[who + 2 :])
        )
    killed = back[-1] in _BREAKS or (back[-1].endswith("ando") and back[-1][:-4] + "o" in _BREAKS)
    return (
        killed and any(word in ("la", "lo", "le", "me", "nos", "m") for word in back[:-1]) and words[first - 1] != "a"
    )


def _relative(reading: Reading, words: list[str], first: int, last: int) -> bool:
    """ "el que vende pone …", "la que aplica inyecciones, …": named right behind what he does."""
    if words[first - 1 : first] != [] and words[first - 1] in _OBJECT | SIDE:
        return False
    stop = max(0, first - 8)
    for at in range(first - 2, stop, -1):
        if (
            words[at] in HARD
            or words[at] in KIN
            or words[at] in roles.MINE
            or words[at] in KIND
            or words[at] in BEFALLS
        ):
            return False
        if words[at] in THAT and words[at - 1] in ("el", "la", "uno", "una"):
            gap = words[at + 1 : first]
            if words[max(0, at - 2)] in _OBJECT or any(w in _OBJECT for w in gap[-2:]) or len(gap) < 1:
                return False
            return _tells(reading) and not gentle(words[last : last + 4])
    return False


_COMPANY = bag("amigos gente banda compinches amiguitos primos hermanos hijos muchachos chavos compas secuaces")


def _with_his_own(words: list[str], last: int) -> bool:
    """ "… y sus amigos entraron a pedradas": several, and the first is named."""
    behind = words[last : last + 6]
    return (
        behind[:1] == ["y"]
        and behind[1:2] in (["sus"], ["su"])
        and behind[2:3] != []
        and behind[2] in _COMPANY
        and any(PLURAL.search(word) for word in behind[3:])
        and not any(word in ("fueron", "estan", "estaban", "son") for word in behind[3:])
    )


def _badge(reading: Reading, words: list[str], first: int) -> bool:
    """ "uno traía gafete …", "en su placa decía …": what the officer complained of wears."""
    back = words[max(0, first - 5) : first]
    officers = any(word in OFFICE for word in words[:first])
    return (
        officers
        and any(word in ("gafete", "credencial", "identificacion", "placa", "uniforme") for word in back)
        and any(word in ("trae", "traia", "decia", "dice", "tenia", "portaba") for word in back)
    )


def _plays_as(before: list[str]) -> bool:
    """ "su user es …", "su nick: …"."""
    return "su" in before[-4:] and any(word in ("user", "usuario", "nick", "gamertag", "apodo") for word in before[-3:])


def _asked_for(reading: Reading, words: list[str], first: int, earlier: list[Found]) -> bool:
    """ "comuníquese al 55… con el señor …": whom the threat wants to be called."""
    at = first - 1
    while at > 0 and (words[at] in TITLES or words[at] in OFFICE or words[at] in ("el", "la", "don", "dona", ".")):
        at -= 1
    if words[at] not in ("con", "a") or not earlier:
        return False
    told = earlier[-1]
    return (
        told.type == "TELEFONO" and told.owner == "suspect" and first - at + 1 > 0 and _close(reading, told, words, at)
    )


def _close(reading: Reading, told: Found, words: list[str], at: int) -> bool:
    return reading.words[told.last : told.last + 2][:1] == [words[at]]


def spokesman(reading: Reading, before: list[str]) -> bool:
    """ "de parte de …", "pregunten por …" in a message of threats."""
    at = len(before)
    while at and (before[at - 1] in TITLES or before[at - 1] in ("don", "dona", "el", "la")):
        at -= 1
    if before[max(0, at - 3) : at] in (["de", "parte", "de"], ["d", "parte", "d"]):
        return True
    if before[max(0, at - 4) : at - 1] in (["dio", "el", "nombre"], ["dio", "su", "nombre"]):
        return True
    asked = before[at - 1 : at] in (["por"], ["x"]) and any(
        word in ("pregunta", "pregunte", "pregunten", "preguntes", "preguntara") for word in before[max(0, at - 3) : at]
    )
    return asked and _tells(reading)
